package io.userstore.api.event;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The catalog: the only place where an event's class, its name and its revision stand together. Stored events take
 * their names from here too, so that the two contracts cannot drift apart.
 */
public enum EventType {
    USER_CREATED("user.created", 1, EventStream.USER, UserEvent.UserCreated.class),
    PROFILE_UPDATED("user.profile-updated", 1, EventStream.USER, UserEvent.ProfileUpdated.class),
    USERNAME_CHANGED("user.username-changed", 1, EventStream.USER, UserEvent.UsernameChanged.class),
    EMAIL_CHANGED("user.email-changed", 1, EventStream.USER, UserEvent.EmailChanged.class),
    PASSWORD_CHANGED("user.password-changed", 1, EventStream.USER, UserEvent.PasswordChanged.class),
    PASSWORD_REHASHED("user.password-rehashed", 1, EventStream.USER, UserEvent.PasswordRehashed.class),
    USER_ACTIVATED("user.activated", 1, EventStream.USER, UserEvent.UserActivated.class),
    USER_DEACTIVATED("user.deactivated", 1, EventStream.USER, UserEvent.UserDeactivated.class),
    VERIFICATION_REQUESTED("user.verification-requested", 1, EventStream.USER, UserEvent.VerificationRequested.class),
    EMAIL_VERIFIED("user.email-verified", 1, EventStream.USER, UserEvent.EmailVerified.class),
    PASSWORD_RESET_REQUESTED(
            "user.password-reset-requested", 1, EventStream.USER, UserEvent.PasswordResetRequested.class),
    PASSWORD_RESET("user.password-reset", 1, EventStream.USER, UserEvent.PasswordReset.class),
    CONFIRMATION_MAIL_SENT("user.confirmation-mail-sent", 1, EventStream.USER, UserEvent.ConfirmationMailSent.class),
    CONFIRMATION_MAIL_FAILED(
            "user.confirmation-mail-failed", 1, EventStream.USER, UserEvent.ConfirmationMailFailed.class),
    USER_DELETED("user.deleted", 1, EventStream.USER, UserEvent.UserDeleted.class),
    LOGIN_RECORDED("user.login-recorded", 1, EventStream.SIGN_INS, UserEvent.LoginRecorded.class),
    LOGIN_FAILED("user.login-failed", 1, EventStream.SIGN_INS, UserEvent.LoginFailed.class),
    SIGNED_OUT("user.signed-out", 1, EventStream.SIGN_INS, UserEvent.SignedOut.class),
    AUTH_PROVIDER_LINKED("user.auth-provider-linked", 1, EventStream.USER, UserEvent.AuthProviderLinked.class),
    AUTH_PROVIDER_UPDATED("user.auth-provider-updated", 1, EventStream.USER, UserEvent.AuthProviderUpdated.class),
    AUTH_PROVIDER_UNLINKED("user.auth-provider-unlinked", 1, EventStream.USER, UserEvent.AuthProviderUnlinked.class),
    USER_LOCKED("user.locked", 1, EventStream.SIGN_INS, UserEvent.UserLocked.class);

    private static final Map<String, EventType> BY_PUBLISHED_NAME = Arrays.stream(values())
            .collect(Collectors.toUnmodifiableMap(EventType::publishedName, Function.identity()));

    private static final Map<Class<? extends UserEvent>, EventType> BY_CLASS =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(EventType::eventClass, Function.identity()));

    private final String catalogName;
    private final int revision;
    private final EventStream stream;
    private final Class<? extends UserEvent> eventClass;
    private final String publishedName;

    EventType(String catalogName, int revision, EventStream stream, Class<? extends UserEvent> eventClass) {
        this.catalogName = catalogName;
        this.revision = revision;
        this.stream = stream;
        this.eventClass = eventClass;
        this.publishedName = "io.userstore." + catalogName + ".v" + revision;
    }

    /** The name in the catalog, for example {@code user.created}; never changes once released. */
    public String catalogName() {
        return catalogName;
    }

    /** The revision of the event's shape, from 1. */
    public int revision() {
        return revision;
    }

    public EventStream stream() {
        return stream;
    }

    public Class<? extends UserEvent> eventClass() {
        return eventClass;
    }

    /** The CloudEvents type, for example {@code io.userstore.user.created.v1}. */
    public String publishedName() {
        return publishedName;
    }

    /** The type with that CloudEvents name, or null when this version of the contract does not know it. */
    public static @Nullable EventType named(String publishedName) {
        return BY_PUBLISHED_NAME.get(publishedName);
    }

    /** The type of an event. */
    public static EventType of(UserEvent event) {
        EventType type = BY_CLASS.get(event.getClass());
        if (type == null) {
            throw new IllegalArgumentException("not in the catalog: " + event.getClass());
        }
        return type;
    }
}
