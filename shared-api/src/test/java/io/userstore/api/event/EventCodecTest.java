package io.userstore.api.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.userstore.api.event.EventCodec.UndecodableEventException;
import io.userstore.api.event.EventCodec.UnknownEventTypeException;
import io.userstore.api.event.UserEvent.Email;
import io.userstore.api.event.UserEvent.Name;
import io.userstore.api.event.UserEvent.Origin;
import io.userstore.api.event.UserEvent.Profile;
import io.userstore.api.event.UserEvent.ProviderIdentity;
import io.userstore.api.json.Json;
import io.userstore.api.seal.UserKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class EventCodecTest {
    private static final JsonMapper PLAIN = JsonMapper.shared();
    private static final Profile JOHN =
            new Profile("john@example.com", "johnsmith", "John", "Smith", Map.of("color", "Blue"));

    private static final UserKey KEY = UserKey.generate("0198c0de-0000-7000-8000-000000000001");
    private static final Instant THEN = Instant.parse("2026-01-05T23:48:34.288Z");

    /** One event of each type; a type that is forgotten here fails {@link #everyTypeHasAnExample}. */
    static Stream<UserEvent> examples() {
        return Stream.of(
                new UserEvent.UserCreated("cadets", true, false, JOHN),
                new UserEvent.ProfileUpdated(Set.of("group"), "officers", "cadets", JOHN),
                new UserEvent.UsernameChanged(new Name("john")),
                new UserEvent.EmailChanged(true, new Email("js@example.com")),
                new UserEvent.PasswordChanged(),
                new UserEvent.PasswordRehashed(),
                new UserEvent.UserActivated(),
                new UserEvent.UserDeactivated(),
                new UserEvent.VerificationRequested(UserEvent.Proof.CONFIRMATION, THEN),
                new UserEvent.EmailVerified(false, true),
                new UserEvent.PasswordResetRequested(THEN),
                new UserEvent.PasswordReset(),
                new UserEvent.ConfirmationMailSent(),
                new UserEvent.ConfirmationMailFailed(),
                new UserEvent.UserDeleted("officers", true, false, false),
                new UserEvent.LoginRecorded(
                        "password", "cadets", Instant.parse("2026-01-03T10:00:00.000Z"), new Origin("192.0.2.1")),
                new UserEvent.LoginFailed("cadets", new Origin("192.0.2.1")),
                new UserEvent.SignedOut(new Origin(null)),
                new UserEvent.AuthProviderLinked("google", new ProviderIdentity("1234-Ab")),
                new UserEvent.AuthProviderUpdated("google", Set.of("client_id"), new ProviderIdentity("1234-Cd")),
                new UserEvent.AuthProviderUnlinked("google"),
                new UserEvent.UserLocked(Instant.parse("2026-01-04T23:49:34.288Z"), 5));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void aPublishedEventKeepsItsFrozenJson(UserEvent data) throws IOException {
        PublishedEvent event = published(data);
        String golden = "/golden/published/" + event.type().publishedName() + ".json";
        try (InputStream frozen = EventCodecTest.class.getResourceAsStream(golden)) {
            assertThat(frozen).as(golden).isNotNull();
            assertThat(PLAIN.readTree(EventCodec.value(event))).isEqualTo(PLAIN.readTree(frozen));
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void whatIsEncodedIsDecodedToTheSame(UserEvent data) {
        PublishedEvent event = published(data);
        assertThat(decode(EventCodec.headers(event), EventCodec.value(event))).isEqualTo(event);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void aFieldOfALaterVersionIsPassedOver(UserEvent data) {
        PublishedEvent event = published(data);
        ObjectNode later = (ObjectNode) PLAIN.readTree(EventCodec.value(event));
        later.put("a_later_field", 1);
        ((ObjectNode) later.get("data")).put("another", "x");
        assertThat(decode(EventCodec.headers(event), PLAIN.writeValueAsBytes(later)))
                .isEqualTo(event);
    }

    /** Added to events that were there before: absent where nothing is pending, which is how older events read. */
    @Test
    void aPendingConfirmationIsToldWhereThereIsOne() {
        for (UserEvent pending : List.of(
                new UserEvent.UserCreated(null, false, true, JOHN),
                new UserEvent.UserDeleted(null, false, false, true))) {
            PublishedEvent event = published(pending);
            assertThat(new String(EventCodec.value(event), StandardCharsets.UTF_8))
                    .contains("pending\":true");
            assertThat(decode(EventCodec.headers(event), EventCodec.value(event)))
                    .isEqualTo(event);
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void whatIsPersonalTravelsSealedAndOpensToTheSame(UserEvent data) {
        PublishedEvent clear = published(data);
        PublishedEvent sent = sealed(clear);
        byte[] value = EventCodec.value(sent);
        PublishedEvent read = decode(EventCodec.headers(sent), value);
        assertThat(EventCodec.value(read)).as("the same bytes again").isEqualTo(value);
        assertThat(EventCodec.open(read, UserKey.generate(clear.userId()))).isEqualTo(read);
        PublishedEvent opened = EventCodec.open(read, KEY);
        assertThat(opened.data()).isEqualTo(data);
        assertThat(opened.isSealed()).isFalse();
        assertThat(EventCodec.value(opened)).isEqualTo(value);
        String sealed = Json.MAPPER.readTree(value).at("/data/personal").asString("");
        assertThat(new String(value, StandardCharsets.UTF_8).replace(sealed, ""))
                .doesNotContain("john")
                .doesNotContain("192.0.2.1")
                .doesNotContain("1234-");
    }

    private static PublishedEvent sealed(PublishedEvent event) {
        JsonNode personal = Json.MAPPER.valueToTree(event.data()).get("personal");
        return personal == null
                ? event
                : new PublishedEvent(
                        event.id(),
                        event.time(),
                        event.application(),
                        event.userId(),
                        event.sequence(),
                        event.position(),
                        event.actor(),
                        event.data(),
                        new PublishedEvent.Seal(KEY.seal(personal.toString()), false));
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeHasAnExample(EventType type) {
        assertThat(examples().map(EventType::of)).contains(type);
    }

    @Test
    void theCatalogHoldsEveryEventOnceAndEveryNameOnce() {
        assertThat(Arrays.stream(EventType.values()).map(EventType::eventClass))
                .containsExactlyInAnyOrder(eventClasses());
        assertThat(Arrays.stream(EventType.values()).map(EventType::catalogName))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("user\\.[a-z-]+"));
    }

    @SuppressWarnings("unchecked")
    private static Class<? extends UserEvent>[] eventClasses() {
        return (Class<? extends UserEvent>[]) UserEvent.class.getPermittedSubclasses();
    }

    @Test
    void theHeadersAreThoseOfCloudEvents() {
        Map<String, byte[]> headers = EventCodec.headers(published(new UserEvent.UserActivated()));
        Map<String, String> texts = new HashMap<>();
        headers.forEach((name, value) -> texts.put(name, new String(value, StandardCharsets.UTF_8)));
        assertThat(texts)
                .containsEntry("ce_specversion", "1.0")
                .containsEntry("ce_id", "0b1c")
                .containsEntry("ce_type", "io.userstore.user.activated.v1")
                .containsEntry("ce_source", "/userstore/applications/default")
                .containsEntry("ce_subject", "0198c0de-0000-7000-8000-000000000001")
                .containsEntry("ce_time", "2026-01-04T23:48:34.288Z")
                .containsEntry("content-type", "application/json")
                .hasEntrySatisfying("ce_dataschema", uri -> assertThat(uri).startsWith("https://"));
    }

    @Test
    void aTypeThatIsNotKnownIsToldApartFromOneThatIsBroken() {
        PublishedEvent event = published(new UserEvent.UserActivated());
        Map<String, byte[]> headers = new HashMap<>(EventCodec.headers(event));
        headers.put("ce_type", "io.userstore.user.promoted.v1".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> decode(headers, EventCodec.value(event)))
                .isInstanceOf(UnknownEventTypeException.class);
    }

    @Test
    void whatIsBrokenIsRefusedWithoutQuotingIt() {
        PublishedEvent event = published(new UserEvent.UserCreated(null, true, false, JOHN));
        Map<String, byte[]> headers = EventCodec.headers(event);
        for (String broken :
                List.of("", "null", "{}", "[1]", "{\"data\":\"john@example.com\"", "\"john@example.com\"")) {
            assertThatThrownBy(() -> decode(headers, broken.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(UndecodableEventException.class)
                    .message()
                    .doesNotContain("john");
        }
        assertThatThrownBy(() -> decode(Map.of(), EventCodec.value(event)))
                .isInstanceOf(UndecodableEventException.class);
        Map<String, byte[]> wrongTime = new HashMap<>(headers);
        wrongTime.put("ce_time", "yesterday".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> decode(wrongTime, EventCodec.value(event)))
                .isInstanceOf(UndecodableEventException.class);
    }

    static PublishedEvent published(UserEvent data) {
        return new PublishedEvent(
                "0b1c",
                Instant.parse("2026-01-04T23:48:34.288Z"),
                "default",
                "0198c0de-0000-7000-8000-000000000001",
                3,
                42,
                new PublishedEvent.Actor("key_1", "req-1"),
                data);
    }

    private static PublishedEvent decode(Map<String, byte[]> headers, byte[] value) {
        return EventCodec.decode(headers::get, value);
    }
}
