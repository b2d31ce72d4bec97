package io.userstore.command.signin;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A fact about one user's signing in, as the event store holds it. The address is personal, and unknown once the user's key is gone. */
public sealed interface StoredSignInEvent {
    record Origin(@Nullable String address) {
        /** Also in place of one whose key is gone. */
        static final Origin UNKNOWN = new Origin(null);
    }

    /**
     * @param previousLoginAt the login before this one, null at the first
     * @param method how the user proved it: {@link #PASSWORD}, or the provider that vouched
     */
    record LoginRecorded(@Nullable String group, @Nullable Instant previousLoginAt, Origin personal, String method)
            implements StoredSignInEvent {
        /** In place of a provider. */
        public static final String PASSWORD = "password";

        public LoginRecorded {
            personal = personal == null ? Origin.UNKNOWN : personal;
        }
    }

    /**
     * @param passwordVersion the user's version in which the password that was checked against was set; null in events
     *     from before there were locks
     */
    record LoginFailed(
            @Nullable String group,
            Origin personal,
            @Nullable Long passwordVersion) implements StoredSignInEvent {
        public LoginFailed {
            personal = personal == null ? Origin.UNKNOWN : personal;
        }
    }

    record SignedOut(Origin personal) implements StoredSignInEvent {
        public SignedOut {
            personal = personal == null ? Origin.UNKNOWN : personal;
        }
    }

    /**
     * Passwords are refused for a while, the right one too.
     *
     * @param failures in a row so far
     */
    record UserLocked(Instant until, int failures) implements StoredSignInEvent {}
}
