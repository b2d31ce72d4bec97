/**
 * The published contract: what both services and the world outside agree on.
 * No Spring, no Axon, no I/O.
 */
@NullMarked
package io.userstore.api;

import org.jspecify.annotations.NullMarked;
