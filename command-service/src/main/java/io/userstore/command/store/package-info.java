/**
 * The event store: Axon on PostgreSQL, the rows that commit with an append (reservations, codes, keys), snapshots, and
 * sending commands. Touches {@code user}, {@code signin}, {@code application} and {@code idempotency}; knows neither HTTP nor Kafka.
 */
@NullMarked
package io.userstore.command.store;

import org.jspecify.annotations.NullMarked;
