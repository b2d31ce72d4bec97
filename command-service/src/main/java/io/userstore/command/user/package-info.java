/**
 * The user: commands, what they decide, the facts that come of it, and the state those add up to.
 * Pure: touches {@code io.userstore.api} and, in the aggregate alone, Axon; no Spring, clock, randomness or I/O.
 */
@NullMarked
package io.userstore.command.user;

import org.jspecify.annotations.NullMarked;
