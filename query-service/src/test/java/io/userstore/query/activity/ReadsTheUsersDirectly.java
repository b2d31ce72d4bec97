package io.userstore.query.activity;

import io.userstore.query.users.UserReads;
import org.jspecify.annotations.Nullable;

/** Breaks a rule of the architecture on purpose, to prove that the rule can fail. */
public final class ReadsTheUsersDirectly {
    @Nullable
    UserReads field;
}
