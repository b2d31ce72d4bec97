package io.userstore.command.application;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.command.application.ApplicationCommand.ChangeSettings;
import io.userstore.command.application.ApplicationCommand.CreateApplication;
import io.userstore.command.application.ApplicationCommand.IssueKey;
import io.userstore.command.application.ApplicationCommand.RevokeKey;
import io.userstore.command.application.ApplicationCommand.RotateKey;
import io.userstore.command.application.StoredApplicationEvent.ApplicationCreated;
import io.userstore.command.application.StoredApplicationEvent.KeyIssued;
import io.userstore.command.application.StoredApplicationEvent.KeyRevoked;
import io.userstore.command.application.StoredApplicationEvent.KeyRotated;
import io.userstore.command.application.StoredApplicationEvent.SettingsChanged;
import io.userstore.command.user.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApplicationDecisionsTest {
    private static final Instant NOW = Instant.parse("2026-01-04T23:48:34.288Z");
    private static final String SHOP = ApplicationAggregate.idOf("shop");
    private static final Set<String> EVERYTHING = Set.of("users:read", "users:write", "admin");
    private static final ApplicationSettings DENYING = new ApplicationSettings(InactiveSignin.DENY, null, null);
    private static final KeyIssued ONE = new KeyIssued("key_1", "d1", Set.of("users:read"), "web");

    private final ApplicationState nothing = ApplicationState.initial("shop");
    private final ApplicationState shop =
            nothing.apply(new ApplicationCreated("shop", ApplicationSettings.DEFAULTS), NOW);

    @Test
    void anApplicationIsMadeOnce() {
        CreateApplication command = new CreateApplication(SHOP, "shop", DENYING);
        assertThat(decide(nothing, command)).isEqualTo(accepted(new ApplicationCreated("shop", DENYING)));
        assertThat(decide(shop, command)).isEqualTo(refused(ApplicationRejection.ALREADY_EXISTS));
    }

    @Test
    void theDefaultApplicationIsThereWithoutHavingBeenMade() {
        ApplicationState initial = ApplicationState.initial("default");
        assertThat(decide(initial, new CreateApplication("application/default", "default", DENYING)))
                .isEqualTo(refused(ApplicationRejection.ALREADY_EXISTS));
        assertThat(decide(initial, change("application/default", InactiveSignin.DENY)))
                .isEqualTo(accepted(new SettingsChanged(DENYING)));
    }

    @Test
    void nothingCanBeDoneToAnApplicationThatIsNotThere() {
        for (ApplicationCommand command : List.of(
                change(SHOP, InactiveSignin.DENY),
                issue("key_1", "users:read"),
                rotate("key_1", Duration.ZERO),
                new RevokeKey(SHOP, "key_1"))) {
            assertThat(decide(nothing, command)).isEqualTo(refused(ApplicationRejection.NO_SUCH_APPLICATION));
        }
    }

    @Test
    void settingsThatStayAreNoFact() {
        assertThat(decide(shop, change(SHOP, InactiveSignin.ALLOW)))
                .isEqualTo(new ApplicationDecision.Accepted(List.of()));
        assertThat(decide(shop, change(SHOP, null))).isEqualTo(new ApplicationDecision.Accepted(List.of()));
    }

    @Test
    void aPasswordStaysWithItsMailServerAndIsNeededForAnother() {
        MailServer server = new MailServer("smtp.example", 587, MailSecurity.STARTTLS, "shop", "sealed");
        assertThat(decide(shop, mailing(withoutPassword(server, "smtp.example"))))
                .isEqualTo(refused(ApplicationRejection.NO_MAIL_PASSWORD));
        assertThat(decide(shop, mailing(server))).isEqualTo(accepted(new SettingsChanged(with(server))));

        ApplicationState mailing = shop.apply(new SettingsChanged(with(server)), NOW);
        assertThat(decide(mailing, mailing(withoutPassword(server, "smtp.example"))))
                .isEqualTo(new ApplicationDecision.Accepted(List.of()));
        assertThat(decide(mailing, mailing(withoutPassword(server, "smtp.attacker.example"))))
                .isEqualTo(refused(ApplicationRejection.NO_MAIL_PASSWORD));
        assertThat(decide(mailing, new ChangeSettings(SHOP, null, Change.keep(), Change.to(null))))
                .isEqualTo(accepted(new SettingsChanged(ApplicationSettings.DEFAULTS)));
        assertThat(decide(nothing, new CreateApplication(SHOP, "shop", with(withoutPassword(server, "smtp.example")))))
                .isEqualTo(refused(ApplicationRejection.NO_MAIL_PASSWORD));
    }

    private static MailServer withoutPassword(MailServer server, String host) {
        return new MailServer(host, server.port(), server.security(), server.username(), null);
    }

    private static ApplicationSettings with(MailServer server) {
        return new ApplicationSettings(InactiveSignin.ALLOW, null, server);
    }

    private static ChangeSettings mailing(MailServer server) {
        return new ChangeSettings(SHOP, null, Change.keep(), Change.to(server));
    }

    private static ChangeSettings change(String application, @Nullable InactiveSignin inactiveSignin) {
        return new ChangeSettings(application, inactiveSignin, Change.keep(), Change.keep());
    }

    @Test
    void aKeyGivesNothingThatItsGiverLacks() {
        assertThat(decide(shop, issue("key_1", "users:read")))
                .isEqualTo(accepted(new KeyIssued("key_1", "digest", Set.of("users:read"), null)));
        assertThat(decide(shop, issue("key_1", "users:read", "stats:read")))
                .isEqualTo(refused(ApplicationRejection.BEYOND_THE_GIVERS_PERMISSIONS));
        ApplicationState withKey =
                shop.apply(new KeyIssued("key_1", "d1", Set.of("users:read", "stats:read"), null), NOW);
        assertThat(decide(withKey, rotate("key_1", Duration.ZERO)))
                .as("whoever rotates a key sees the new one")
                .isEqualTo(refused(ApplicationRejection.BEYOND_THE_GIVERS_PERMISSIONS));
    }

    @Test
    void aRotatedKeyIsValidForItsOverlapAndRotatedOnce() {
        ApplicationState before = shop.apply(ONE, NOW);
        KeyRotated rotated = new KeyRotated("key_1", 60, "key_2", "digest", Set.of("users:read"), "web");
        assertThat(decide(before, rotate("key_1", Duration.ofSeconds(60)))).isEqualTo(accepted(rotated));

        ApplicationState after = before.apply(rotated, NOW);
        assertThat(after.keys().keySet()).containsExactly("key_1", "key_2");
        assertThat(decide(after, rotate("key_1", Duration.ZERO)))
                .isEqualTo(refused(ApplicationRejection.ROTATED_ALREADY));
        assertThat(ApplicationDecisions.decide(after, new RevokeKey(SHOP, "key_1"), NOW.plusSeconds(59)))
                .isEqualTo(accepted(new KeyRevoked("key_1")));
        assertThat(ApplicationDecisions.decide(after, new RevokeKey(SHOP, "key_1"), NOW.plusSeconds(60)))
                .isEqualTo(refused(ApplicationRejection.NO_SUCH_KEY));
    }

    @Test
    void aKeyRotatedWithoutOverlapIsGone() {
        ApplicationState after =
                shop.apply(ONE, NOW).apply(new KeyRotated("key_1", 0, "key_2", "d2", Set.of("users:read"), "web"), NOW);
        assertThat(after.keys().keySet()).containsExactly("key_2");
    }

    @Test
    void aRevokedKeyIsGoneAndExpiredOnesGoWithTheNextEvent() {
        ApplicationState after = shop.apply(ONE, NOW)
                .apply(new KeyRotated("key_1", 60, "key_2", "d2", Set.of("users:read"), "web"), NOW)
                .apply(new KeyRotated("key_2", 60, "key_3", "d3", Set.of("users:read"), "web"), NOW.plusSeconds(61));
        assertThat(after.keys().keySet()).containsExactly("key_2", "key_3");
        assertThat(after.apply(new KeyRevoked("key_2"), NOW.plusSeconds(62))
                        .keys()
                        .keySet())
                .containsExactly("key_3");
        assertThat(decide(shop, new RevokeKey(SHOP, "key_1"))).isEqualTo(refused(ApplicationRejection.NO_SUCH_KEY));
    }

    @Test
    void anApplicationHasABoundedNumberOfKeys() {
        ApplicationState full = shop;
        for (int i = 0; i < ApplicationDecisions.MAX_KEYS; i++) {
            full = full.apply(new KeyIssued("key_" + i, "d" + i, Set.of("users:read"), null), NOW);
        }
        assertThat(decide(full, issue("key_x", "users:read"))).isEqualTo(refused(ApplicationRejection.TOO_MANY_KEYS));
        assertThat(decide(full, rotate("key_1", Duration.ofSeconds(1))))
                .isEqualTo(refused(ApplicationRejection.TOO_MANY_KEYS));
        assertThat(decide(full, rotate("key_1", Duration.ZERO))).isInstanceOf(ApplicationDecision.Accepted.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "Shop", "shop_1", "a b", "ä", "a/b", "shop\n"})
    void whatIsNoNameIsNone(String text) {
        assertThat(ApplicationName.parse(text)).isEmpty();
        assertThat(ApplicationName.parse("a".repeat(63))).isPresent();
        assertThat(ApplicationName.parse("a".repeat(64))).isEmpty();
    }

    private static IssueKey issue(String keyId, String... permissions) {
        return new IssueKey(SHOP, keyId, "digest", Set.of(permissions), null, EVERYTHING);
    }

    private static RotateKey rotate(String keyId, Duration overlap) {
        return new RotateKey(SHOP, keyId, "key_2", "digest", overlap, EVERYTHING);
    }

    private static ApplicationDecision decide(ApplicationState state, ApplicationCommand command) {
        return ApplicationDecisions.decide(state, command, NOW);
    }

    private static ApplicationDecision accepted(StoredApplicationEvent event) {
        return new ApplicationDecision.Accepted(List.of(event));
    }

    private static ApplicationDecision refused(ApplicationRejection rejection) {
        return new ApplicationDecision.Refused(rejection);
    }
}
