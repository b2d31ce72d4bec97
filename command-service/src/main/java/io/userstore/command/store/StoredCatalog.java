package io.userstore.command.store;

import io.userstore.api.event.EventType;
import io.userstore.command.application.StoredApplicationEvent;
import io.userstore.command.signin.SignIns;
import io.userstore.command.signin.StoredSignInEvent;
import io.userstore.command.user.StoredUserEvent;
import io.userstore.command.user.UserAggregate;
import java.util.HashMap;
import java.util.Map;

/**
 * Which stored class goes by which name in the database. The names of what is published are those of {@link EventType};
 * a test compares the table with the sealed types. Snapshots have names of their own; a snapshot of another revision than this code
 * writes is passed over and the events are read instead.
 */
public final class StoredCatalog {

    /** A name and a revision, as they stand in the database. */
    public record Name(String name, int revision) {}

    /** A user's snapshot; sealed as a whole. */
    static final Name USER_SNAPSHOT = new Name("user", 3);

    private static final Map<Class<?>, Name> NAMES = new HashMap<>();

    static {
        event(StoredUserEvent.UserCreated.class, EventType.USER_CREATED);
        event(StoredUserEvent.ProfileUpdated.class, EventType.PROFILE_UPDATED);
        event(StoredUserEvent.UsernameChanged.class, EventType.USERNAME_CHANGED);
        event(StoredUserEvent.EmailChanged.class, EventType.EMAIL_CHANGED);
        event(StoredUserEvent.PasswordChanged.class, EventType.PASSWORD_CHANGED);
        event(StoredUserEvent.PasswordRehashed.class, EventType.PASSWORD_REHASHED);
        event(StoredUserEvent.UserActivated.class, EventType.USER_ACTIVATED);
        event(StoredUserEvent.UserDeactivated.class, EventType.USER_DEACTIVATED);
        event(StoredUserEvent.VerificationRequested.class, EventType.VERIFICATION_REQUESTED);
        event(StoredUserEvent.EmailVerified.class, EventType.EMAIL_VERIFIED);
        event(StoredUserEvent.PasswordResetRequested.class, EventType.PASSWORD_RESET_REQUESTED);
        event(StoredUserEvent.PasswordReset.class, EventType.PASSWORD_RESET);
        event(StoredUserEvent.ConfirmationMailSent.class, EventType.CONFIRMATION_MAIL_SENT);
        event(StoredUserEvent.ConfirmationMailFailed.class, EventType.CONFIRMATION_MAIL_FAILED);
        event(StoredUserEvent.UserDeleted.class, EventType.USER_DELETED);
        event(StoredSignInEvent.LoginRecorded.class, EventType.LOGIN_RECORDED, LoginRecordedUpcaster.REVISION);
        event(StoredSignInEvent.LoginFailed.class, EventType.LOGIN_FAILED);
        event(StoredSignInEvent.SignedOut.class, EventType.SIGNED_OUT);
        event(StoredApplicationEvent.ApplicationCreated.class, "application.created");
        event(StoredApplicationEvent.SettingsChanged.class, "application.settings-changed");
        event(StoredApplicationEvent.KeyIssued.class, "application.key-issued");
        event(StoredApplicationEvent.KeyRotated.class, "application.key-rotated");
        event(StoredApplicationEvent.KeyRevoked.class, "application.key-revoked");
        event(StoredUserEvent.AuthProviderLinked.class, EventType.AUTH_PROVIDER_LINKED);
        event(StoredUserEvent.AuthProviderUpdated.class, EventType.AUTH_PROVIDER_UPDATED);
        event(StoredUserEvent.AuthProviderUnlinked.class, EventType.AUTH_PROVIDER_UNLINKED);
        event(StoredSignInEvent.UserLocked.class, EventType.USER_LOCKED);
        NAMES.put(UserAggregate.class, USER_SNAPSHOT);
        NAMES.put(SignIns.class, new Name("sign-ins", 2));
    }

    private StoredCatalog() {}

    private static void event(Class<?> storedClass, EventType type) {
        NAMES.put(storedClass, new Name(type.catalogName(), type.revision()));
    }

    /** An event whose stored form has changed while the published one has not. */
    private static void event(Class<?> storedClass, EventType type, int revision) {
        NAMES.put(storedClass, new Name(type.catalogName(), revision));
    }

    /** An event that is not published, and so has its name here alone; of the first revision. */
    private static void event(Class<? extends StoredApplicationEvent> storedClass, String name) {
        NAMES.put(storedClass, new Name(name, 1));
    }

    /** The whole table. */
    public static Map<Class<?>, Name> names() {
        return Map.copyOf(NAMES);
    }
}
