/**
 * How a client reads its own writes: the token it may carry, and what projections report of their progress.
 * Touches {@code event} and {@code json}.
 */
@NullMarked
package io.userstore.api.consistency;

import org.jspecify.annotations.NullMarked;
