package io.userstore.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.Faults;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class EdgeTest {
    private static final String KEY = "sk_test_0123456789abcdef";

    private final MockHttpServletRequest request = new MockHttpServletRequest();
    private final Faults faults = new Faults();

    @Test
    void aKeyIsReadFromBasicBearerAndItsOwnHeader() {
        request.addHeader("x-api-key", KEY);
        assertThat(Credentials.key(request)).hasValue(KEY);
        assertThat(keyIn("Bearer " + KEY)).hasValue(KEY);
        assertThat(keyIn("bearer  " + KEY)).hasValue(KEY);
        assertThat(keyIn(basic(KEY + ":"))).hasValue(KEY);
    }

    @Test
    void whatIsNoKeyIsNone() {
        assertThat(Credentials.key(request)).isEmpty();
        for (String header :
                new String[] {"", "Digest x", "Basic %%", basic(KEY), basic(":"), basic(KEY + ":password")}) {
            assertThat(keyIn(header)).as(header).isEmpty();
        }
    }

    @Test
    void theSecretKeyIsKnownByItselfAlone() {
        SecretKey keys = new SecretKey(KEY);
        assertThat(keys.find(KEY))
                .hasValueSatisfying(grant -> assertThat(grant.id()).doesNotContain(KEY));
        assertThat(keys.find(KEY + "x")).isEmpty();
        assertThat(keys.find("")).isEmpty();
        assertThatThrownBy(() -> new SecretKey("short"))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("USERSTORE_SECRET_KEY");
    }

    @Test
    void optionsAreReadAndEveryFaultIsCollected() {
        request.setQueryString("limit=7&q=J%C3%B6rg+S&active=true&created_after=2026-01-04&sort=email&x=1&big=99&n=a");
        QueryParameters options = new QueryParameters(request, faults);
        assertThat(options.number("limit", 100, 1, 1_000)).isEqualTo(7);
        assertThat(options.number("missing", 100, 1, 1_000)).isEqualTo(100);
        assertThat(options.text("q")).isEqualTo("Jörg S");
        assertThat(options.flag("active")).isTrue();
        assertThat(options.time("created_after")).isEqualTo(Instant.parse("2026-01-04T00:00:00Z"));
        assertThat(options.choice("sort", "created_at", "email")).isEqualTo("email");
        assertThat(faults.isEmpty()).isTrue();
        options.number("big", 1, 1, 10);
        options.number("n", 1, 1, 10);
        options.rejectOthers();
        assertThatThrownBy(faults::throwIfAny)
                .isInstanceOfSatisfying(
                        ApiException.class,
                        error -> assertThat(error.faults()).extracting("field").containsExactly("big", "n", "x"));
    }

    @Test
    void aQueryStringThatCannotBeDecodedIsMalformed() {
        for (String broken : new String[] {"%zz=1", "a=%", "a=%ff", "a=%ed%a0%80"}) {
            request.setQueryString(broken);
            assertThatThrownBy(() -> new QueryParameters(request, faults))
                    .as(broken)
                    .isInstanceOf(ApiException.class);
        }
    }

    @Test
    void preferencesAreTakenWhereTheyCanBeReadAndPassedOverElsewhere() {
        assertThat(Preferences.of(request)).isEqualTo(new Preferences(false, Optional.empty(), false, false));
        request.addHeader("Prefer", "respond-async, wait=5; return=\"representation\"");
        request.addHeader("Prefer", "nonsense, wait=99");
        assertThat(Preferences.of(request))
                .isEqualTo(new Preferences(true, Optional.of(Duration.ofSeconds(5)), true, false));
        MockHttpServletRequest patient = new MockHttpServletRequest();
        patient.addHeader("Prefer", "wait=86400");
        assertThat(Preferences.of(patient).patience()).hasValue(Duration.ofSeconds(30));
    }

    private static Optional<String> keyIn(String authorization) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.addHeader("Authorization", authorization);
        return Credentials.key(request);
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
