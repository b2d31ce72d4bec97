package io.userstore.command.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.api.event.EventType;
import io.userstore.command.application.ApplicationSettings;
import io.userstore.command.application.InactiveSignin;
import io.userstore.command.application.MailSecurity;
import io.userstore.command.application.MailServer;
import io.userstore.command.application.StoredApplicationEvent;
import io.userstore.command.signin.SignIns;
import io.userstore.command.signin.SignInsState;
import io.userstore.command.signin.StoredSignInEvent;
import io.userstore.command.user.CodePurpose;
import io.userstore.command.user.Profile;
import io.userstore.command.user.StoredUserEvent;
import io.userstore.command.user.UserAggregate;
import io.userstore.command.user.UserState;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class StoredCatalogTest {
    private static final JsonMapper PLAIN = JsonMapper.shared();
    private static final Instant THEN = Instant.parse("2026-01-04T23:48:34.288Z");
    private static final Profile JOHN =
            new Profile("john@example.com", "johnsmith", "John", "Smith", Map.of("color", "Blue"));

    private final Serializer serializer = CatalogSerializer.create();

    static Stream<Object> examples() {
        return Stream.of(
                new StoredUserEvent.UserCreated("default", "cadets", true, false, "{argon2}x", JOHN),
                new StoredUserEvent.ProfileUpdated(Set.of("group"), "officers", "cadets", JOHN),
                new StoredUserEvent.UsernameChanged(new StoredUserEvent.Name("john")),
                new StoredUserEvent.EmailChanged(true, new StoredUserEvent.Email("js@example.com")),
                new StoredUserEvent.PasswordChanged("{argon2}y"),
                new StoredUserEvent.PasswordRehashed("{argon2}z"),
                new StoredUserEvent.UserActivated(),
                new StoredUserEvent.UserDeactivated(),
                new StoredUserEvent.VerificationRequested(CodePurpose.CONFIRMATION, "c0de", THEN),
                new StoredUserEvent.EmailVerified(false, true),
                new StoredUserEvent.PasswordResetRequested("c0de", THEN),
                new StoredUserEvent.PasswordReset("{argon2}w"),
                new StoredUserEvent.ConfirmationMailSent(),
                new StoredUserEvent.ConfirmationMailFailed(),
                new StoredUserEvent.UserDeleted("officers", true, false, false),
                new StoredSignInEvent.LoginRecorded(
                        "cadets",
                        Instant.parse("2026-01-03T10:00:00.000Z"),
                        new StoredSignInEvent.Origin("192.0.2.1"),
                        "password"),
                new StoredSignInEvent.LoginFailed("cadets", new StoredSignInEvent.Origin("192.0.2.1"), null),
                new StoredSignInEvent.SignedOut(new StoredSignInEvent.Origin(null)),
                new StoredUserEvent.AuthProviderLinked(
                        "google", "v1.k.x", 1_767_570_574L, new StoredUserEvent.ProviderIdentity("1234-Ab")),
                new StoredUserEvent.AuthProviderUpdated(
                        "google",
                        Set.of("client_id"),
                        "v1.k.x",
                        1_767_570_574L,
                        new StoredUserEvent.ProviderIdentity("1234-Cd")),
                new StoredUserEvent.AuthProviderUnlinked("google"),
                new StoredSignInEvent.UserLocked(Instant.parse("2026-01-04T23:49:34.288Z"), 5),
                new StoredApplicationEvent.ApplicationCreated("shop", ApplicationSettings.DEFAULTS),
                new StoredApplicationEvent.SettingsChanged(new ApplicationSettings(InactiveSignin.DENY, null, null)),
                new StoredApplicationEvent.KeyIssued("key_1", "0a1b", Set.of("users:read"), "web"),
                new StoredApplicationEvent.KeyRotated("key_1", 86_400, "key_2", "2c3d", Set.of("users:read"), "web"),
                new StoredApplicationEvent.KeyRevoked("key_2"));
    }

    @Test
    void theCatalogHoldsEveryStoredEventAndEveryPublishedNameHasOne() {
        List<Class<?>> events = new ArrayList<>();
        events.addAll(Arrays.asList(StoredUserEvent.class.getPermittedSubclasses()));
        events.addAll(Arrays.asList(StoredSignInEvent.class.getPermittedSubclasses()));
        List<Class<?>> unpublished = Arrays.asList(StoredApplicationEvent.class.getPermittedSubclasses());
        assertThat(StoredCatalog.names().keySet()).containsAll(events).containsAll(unpublished);
        assertThat(examples().map(Object::getClass))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(events.stream(), unpublished.stream()).toList());
        assertThat(StoredCatalog.names().entrySet().stream()
                        .filter(entry -> events.contains(entry.getKey()))
                        .map(entry -> entry.getValue().name()))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(EventType.values())
                        .map(EventType::catalogName)
                        .toList());
    }

    /** The golden files are never edited once released: they are what databases hold. */
    @ParameterizedTest
    @MethodSource("examples")
    void aStoredEventKeepsItsFrozenJson(Object event) throws IOException {
        SerializedObject<String> written = serializer.serialize(event, String.class);
        String golden = "/golden/stored/" + written.getType().getName() + "-"
                + written.getType().getRevision() + ".json";
        try (InputStream frozen = StoredCatalogTest.class.getResourceAsStream(golden)) {
            assertThat(frozen).as(golden).isNotNull();
            String json = PLAIN.readTree(frozen).toString();
            assertThat(PLAIN.readTree(written.getData())).isEqualTo(PLAIN.readTree(json));
            Object read = serializer.deserialize(new SimpleSerializedObject<>(json, String.class, written.getType()));
            assertThat(read).isEqualTo(event);
        }
    }

    /** The same revision with the fields that were added to it later; older events do without. */
    @Test
    void fieldsThatWereAddedKeepTheirFrozenJson() throws IOException {
        assertFrozen(
                new StoredSignInEvent.LoginFailed("cadets", new StoredSignInEvent.Origin("192.0.2.1"), 3L),
                "user.login-failed-1-of-password");
        assertFrozen(
                new StoredApplicationEvent.SettingsChanged(new ApplicationSettings(
                        InactiveSignin.ALLOW,
                        "hello@shop.example",
                        new MailServer("smtp.shop.example", 587, MailSecurity.STARTTLS, "shop", "s3aled"))),
                "application.settings-changed-1-with-mail");
    }

    private void assertFrozen(Object event, String name) throws IOException {
        SerializedObject<String> written = serializer.serialize(event, String.class);
        try (InputStream frozen = StoredCatalogTest.class.getResourceAsStream("/golden/stored/" + name + ".json")) {
            assertThat(frozen).as(name).isNotNull();
            assertThat(PLAIN.readTree(written.getData())).isEqualTo(PLAIN.readTree(frozen));
            assertThat((Object) serializer.deserialize(written)).isEqualTo(event);
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void aFieldOfALaterRevisionIsPassedOver(Object event) {
        SerializedObject<String> written = serializer.serialize(event, String.class);
        ObjectNode later = (ObjectNode) PLAIN.readTree(written.getData());
        later.put("a_later_field", 1);
        Object read =
                serializer.deserialize(new SimpleSerializedObject<>(later.toString(), String.class, written.getType()));
        assertThat(read).isEqualTo(event);
    }

    @Test
    void snapshotsAreReadBackAsTheyWereWritten() {
        UserState user = UserState.NONE
                .apply(new StoredUserEvent.UserCreated("default", null, false, true, "{argon2}x", JOHN), THEN)
                .apply(new StoredUserEvent.VerificationRequested(CodePurpose.CONFIRMATION, "c0de", THEN), THEN)
                .apply(
                        new StoredUserEvent.AuthProviderLinked(
                                "google", null, null, new StoredUserEvent.ProviderIdentity("1234-Ab")),
                        THEN);
        SerializedObject<String> userJson = serializer.serialize(new UserAggregate("id", user), String.class);
        assertThat(userJson.getType().getName()).isEqualTo("user");
        assertThat(((UserAggregate) serializer.<String, Object>deserialize(userJson)).state())
                .isEqualTo(user);

        SignInsState signIns = SignInsState.NONE.apply(
                new StoredSignInEvent.LoginRecorded(null, null, new StoredSignInEvent.Origin(null), "password"), THEN);
        SerializedObject<String> signInsJson = serializer.serialize(new SignIns("id/sign-ins", signIns), String.class);
        assertThat(((SignIns) serializer.<String, Object>deserialize(signInsJson)).state())
                .isEqualTo(signIns);
    }
}
