package io.userstore.command.sealing;

import io.userstore.command.user.ProviderLink;

/** Breaks the rule that sealing knows nothing of what it seals. */
record KnowsAUser(ProviderLink link) {}
