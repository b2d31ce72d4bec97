package io.userstore.command.signin;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A fact about one user's signing in, as the event store holds it. The address is personal. */
public sealed interface StoredSignInEvent {
    record Origin(@Nullable String address) {}

    /** @param previousLoginAt the login before this one, null at the first */
    record LoginRecorded(@Nullable String group, @Nullable Instant previousLoginAt, Origin personal)
            implements StoredSignInEvent {}

    record LoginFailed(@Nullable String group, Origin personal) implements StoredSignInEvent {}

    record SignedOut(Origin personal) implements StoredSignInEvent {}
}
