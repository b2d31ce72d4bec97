package io.userstore.command.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.command.RunningCommandService;
import org.junit.jupiter.api.Test;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

@DirtiesContext
@TestPropertySource(
        properties = {
            "userstore.lockout.failures=0",
            "userstore.limits.sign-in-failures-burst=5",
            "userstore.limits.sign-in-failures-per-second=1",
            "userstore.limits.requests-per-second=1000",
            "userstore.trusted-proxies=127.0.0.0/8,::1"
        })
class LimitsTest extends RunningCommandService {
    private static final String FROM = "X-Forwarded-For";

    private final String name = aName();

    @Test
    void guessingIsSlowedDownPerAddressAndRightSignInsAreNot() {
        aUserNamed(name);
        for (int i = 0; i < 20; i++) {
            Answer right = signIn("/1/auth/signin", "abcd1234", "192.0.2.1");
            assertThat(right.status()).isEqualTo(200);
            assertThat(right.header("RateLimit-Policy")).isEqualTo("\"requests\";q=1000;w=1");
        }
        int refused = 0;
        for (int i = 0; i < 20; i++) {
            // An encoded letter leads to the same controller, and must not lead around the limit.
            Answer wrong = signIn(i % 2 == 0 ? "/1/auth/signin" : "/1/auth/sign%69n", "wrong" + i, "192.0.2.1");
            assertThat(wrong.status()).isIn(401, 429);
            if (wrong.status() == 429) {
                refused++;
                assertThat(wrong.text("error")).isEqualTo("too_many_requests");
                assertThat(wrong.header("Retry-After")).isNotEmpty();
                assertThat(wrong.response().headers().allValues("RateLimit"))
                        .anyMatch(value -> value.startsWith("\"failed-sign-ins\";r=0;t="));
            }
        }
        assertThat(refused).isGreaterThan(5);
        assertThat(signIn("/1/auth/signin", "abcd1234", "192.0.2.2").status())
                .as("from elsewhere")
                .isEqualTo(200);
    }

    private Answer signIn(String path, String password, String from) {
        String body = "{\"username\":\"" + name + "\",\"password\":\"" + password + "\"}";
        return json("POST", path, body, FROM, from);
    }
}
