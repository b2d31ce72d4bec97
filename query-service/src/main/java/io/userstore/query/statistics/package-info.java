/**
 * How many users there are and what they do over time: the projection that counts, and the reads of the counters.
 * Touches {@code projection} and {@code mongo}.
 */
@NullMarked
package io.userstore.query.statistics;

import org.jspecify.annotations.NullMarked;
