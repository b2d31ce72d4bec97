package io.userstore.command.application;

import io.userstore.command.application.ApplicationCommand.ChangeSettings;
import io.userstore.command.application.ApplicationCommand.CreateApplication;
import io.userstore.command.application.ApplicationCommand.IssueKey;
import io.userstore.command.application.ApplicationCommand.RevokeKey;
import io.userstore.command.application.ApplicationCommand.RotateKey;
import io.userstore.command.application.ApplicationState.Key;
import io.userstore.command.application.StoredApplicationEvent.ApplicationCreated;
import io.userstore.command.application.StoredApplicationEvent.KeyIssued;
import io.userstore.command.application.StoredApplicationEvent.KeyRevoked;
import io.userstore.command.application.StoredApplicationEvent.KeyRotated;
import io.userstore.command.application.StoredApplicationEvent.SettingsChanged;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What each command comes to, given the application's state. Pure functions. */
public final class ApplicationDecisions {
    /** How many valid keys an application may have: more are a sign of keys that nobody revokes. */
    public static final int MAX_KEYS = 100;

    private ApplicationDecisions() {}

    /** @param now of the decision: a key that has expired by then is none */
    public static ApplicationDecision decide(ApplicationState state, ApplicationCommand command, Instant now) {
        return switch (command) {
            case CreateApplication create -> create(state, create);
            case ApplicationCommand other when !state.exists() -> refused(ApplicationRejection.NO_SUCH_APPLICATION);
            case ChangeSettings change -> change(state, change);
            case IssueKey issue -> issue(state, issue, now);
            case RotateKey rotate -> rotate(state, rotate, now);
            case RevokeKey revoke -> revoke(state, revoke, now);
        };
    }

    private static ApplicationDecision create(ApplicationState state, CreateApplication command) {
        if (state.exists()) {
            return refused(ApplicationRejection.ALREADY_EXISTS);
        }
        MailServer mailServer = command.settings().mailServer();
        return mailServer != null && mailServer.lacksPassword()
                ? refused(ApplicationRejection.NO_MAIL_PASSWORD)
                : accepted(new ApplicationCreated(command.name(), command.settings()));
    }

    private static ApplicationDecision change(ApplicationState state, ChangeSettings command) {
        ApplicationSettings before = state.settings();
        MailServer mailServer = withPassword(command.mailServer().after(before.mailServer()), before.mailServer());
        if (mailServer != null && mailServer.lacksPassword()) {
            return refused(ApplicationRejection.NO_MAIL_PASSWORD);
        }
        ApplicationSettings after = new ApplicationSettings(
                command.inactiveSignin() == null ? before.inactiveSignin() : command.inactiveSignin(),
                command.mailFrom().after(before.mailFrom()),
                mailServer);
        return after.equals(before)
                ? new ApplicationDecision.Accepted(List.of())
                : accepted(new SettingsChanged(after));
    }

    /** A password stays with its log-in, and never goes to another server: that could be somebody else's. */
    private static @Nullable MailServer withPassword(@Nullable MailServer given, @Nullable MailServer before) {
        boolean keeps = given != null && given.lacksPassword() && before != null && before.isSameLogInAs(given);
        return keeps ? before : given;
    }

    private static ApplicationDecision issue(ApplicationState state, IssueKey command, Instant now) {
        if (!command.giverHas().containsAll(command.permissions())) {
            return refused(ApplicationRejection.BEYOND_THE_GIVERS_PERMISSIONS);
        }
        if (hasTooManyKeys(state, now)) {
            return refused(ApplicationRejection.TOO_MANY_KEYS);
        }
        return accepted(new KeyIssued(command.keyId(), command.digest(), command.permissions(), command.name()));
    }

    private static ApplicationDecision rotate(ApplicationState state, RotateKey command, Instant now) {
        Key key = validKey(state, command.keyId(), now);
        if (key == null) {
            return refused(ApplicationRejection.NO_SUCH_KEY);
        }
        if (key.expiresAt() != null) {
            return refused(ApplicationRejection.ROTATED_ALREADY);
        }
        // The giver sees the new key, and so gets what it may do.
        if (!command.giverHas().containsAll(key.permissions())) {
            return refused(ApplicationRejection.BEYOND_THE_GIVERS_PERMISSIONS);
        }
        if (command.overlap().isPositive() && hasTooManyKeys(state, now)) {
            return refused(ApplicationRejection.TOO_MANY_KEYS);
        }
        return accepted(new KeyRotated(
                command.keyId(),
                command.overlap().toSeconds(),
                command.newKeyId(),
                command.newDigest(),
                key.permissions(),
                key.name()));
    }

    private static ApplicationDecision revoke(ApplicationState state, RevokeKey command, Instant now) {
        return validKey(state, command.keyId(), now) == null
                ? refused(ApplicationRejection.NO_SUCH_KEY)
                : accepted(new KeyRevoked(command.keyId()));
    }

    private static @Nullable Key validKey(ApplicationState state, String keyId, Instant now) {
        Key key = state.keys().get(keyId);
        return key != null && key.isValidAt(now) ? key : null;
    }

    private static boolean hasTooManyKeys(ApplicationState state, Instant now) {
        return state.keys().values().stream().filter(key -> key.isValidAt(now)).count() >= MAX_KEYS;
    }

    private static ApplicationDecision accepted(StoredApplicationEvent event) {
        return new ApplicationDecision.Accepted(List.of(event));
    }

    private static ApplicationDecision refused(ApplicationRejection rejection) {
        return new ApplicationDecision.Refused(rejection);
    }
}
