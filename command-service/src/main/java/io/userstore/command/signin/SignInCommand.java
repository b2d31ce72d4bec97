package io.userstore.command.signin;

import java.time.Instant;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** What can be recorded of one user's signing in. The password has been checked before. */
public sealed interface SignInCommand {
    /** The aggregate's identifier, {@link SignIns#idOf(String)}. */
    String signInsId();

    /** Whether it comes to one event at the most. */
    boolean isOneEventAtMost();

    /**
     * A password that was checked.
     *
     * @param version of the user, in which the password that was checked against was set
     * @param at when it was checked
     */
    record Check(long version, Instant at, LockoutPolicy policy) {}

    /**
     * A sign-in. One by password records nothing while the user is locked.
     *
     * @param address the client's IP address, or null where none is known
     * @param provider the provider that vouched, or null when it was a password
     * @param password which password was right, or null when it was a provider
     */
    record RecordLogin(
            @TargetAggregateIdentifier String signInsId,
            @Nullable String group,
            @Nullable String address,
            @Nullable String provider,
            @Nullable Check password)
            implements SignInCommand {
        @Override
        public boolean isOneEventAtMost() {
            return true;
        }
    }

    /**
     * A wrong password. Records nothing while the user is locked, nor for a password that is not the user's any more.
     *
     * @param password which one was not met
     */
    record RecordFailure(
            @TargetAggregateIdentifier String signInsId,
            @Nullable String group,
            @Nullable String address,
            Check password)
            implements SignInCommand {
        @Override
        public boolean isOneEventAtMost() {
            return false;
        }
    }

    record RecordSignOut(
            @TargetAggregateIdentifier String signInsId,
            @Nullable String address) implements SignInCommand {
        @Override
        public boolean isOneEventAtMost() {
            return true;
        }
    }
}
