package io.userstore.command.signin;

import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** What can be recorded of one user's signing in. The password has been checked before. */
public sealed interface SignInCommand {
    /** The aggregate's identifier, {@link SignIns#idOf(String)}. */
    String signInsId();

    /** @param address the client's IP address, or null where none is known */
    record RecordLogin(
            @TargetAggregateIdentifier String signInsId,
            @Nullable String group,
            @Nullable String address) implements SignInCommand {}

    record RecordFailure(
            @TargetAggregateIdentifier String signInsId,
            @Nullable String group,
            @Nullable String address) implements SignInCommand {}

    record RecordSignOut(
            @TargetAggregateIdentifier String signInsId,
            @Nullable String address) implements SignInCommand {}
}
