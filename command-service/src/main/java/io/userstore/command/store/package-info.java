/**
 * The event store: Axon on PostgreSQL, the reservations and keys that commit with an append, snapshots, and sending commands.
 * Touches {@code user}, {@code signin}, {@code application} and {@code idempotency}; knows neither HTTP nor Kafka.
 */
@NullMarked
package io.userstore.command.store;

import org.jspecify.annotations.NullMarked;
