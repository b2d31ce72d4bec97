/**
 * Measures the user store from outside, as a client does: starts it, loads it, and reports rates, latencies and floors.
 * Touches the REST API and nothing of the services' code; the load generator shares the machine, so it has to be cheap.
 */
@NullMarked
package io.userstore.benchmark;

import org.jspecify.annotations.NullMarked;
