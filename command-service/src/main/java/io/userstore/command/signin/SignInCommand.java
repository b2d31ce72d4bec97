package io.userstore.command.signin;

import java.time.Instant;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** What can be recorded of one user's signing in. The password has been checked before. */
public sealed interface SignInCommand {
    /** The aggregate's identifier, {@link SignIns#idOf(String)}. */
    String signInsId();

    /** Whether it is recorded whatever was before, so that it can be decided on a state that others have gone on from. */
    boolean isAlwaysRecorded();

    /**
     * A sign-in.
     *
     * @param address the client's IP address, or null where none is known
     * @param provider the provider that vouched, or null when it was a password
     */
    record RecordLogin(
            @TargetAggregateIdentifier String signInsId,
            @Nullable String group,
            @Nullable String address,
            @Nullable String provider)
            implements SignInCommand {
        @Override
        public boolean isAlwaysRecorded() {
            return true;
        }
    }

    /**
     * A wrong password. Records nothing while the user is locked, nor for a password that is not the user's any more.
     *
     * @param passwordVersion the version in which the password that was checked against was set
     * @param at when it was checked
     */
    record RecordFailure(
            @TargetAggregateIdentifier String signInsId,
            @Nullable String group,
            @Nullable String address,
            long passwordVersion,
            Instant at,
            LockoutPolicy policy)
            implements SignInCommand {
        @Override
        public boolean isAlwaysRecorded() {
            return false;
        }
    }

    record RecordSignOut(
            @TargetAggregateIdentifier String signInsId,
            @Nullable String address) implements SignInCommand {
        @Override
        public boolean isAlwaysRecorded() {
            return true;
        }
    }
}
