/**
 * An application: its settings and its keys; commands, what they decide, the facts that come of it, and the state those
 * add up to. Pure: touches, in the aggregate alone, Axon; no Spring, clock, randomness or I/O.
 */
@NullMarked
package io.userstore.command.application;

import org.jspecify.annotations.NullMarked;
