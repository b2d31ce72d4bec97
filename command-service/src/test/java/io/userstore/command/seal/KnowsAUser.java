package io.userstore.command.seal;

/** Breaks a rule of the architecture on purpose. */
public record KnowsAUser(io.userstore.command.user.ProviderLink link) {}
