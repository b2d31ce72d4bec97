/**
 * The event store: Axon on PostgreSQL, the rows that commit with an append (reservations, codes), snapshots, and sending commands.
 * Touches {@code user} and {@code signin}; knows neither HTTP nor Kafka.
 */
@NullMarked
package io.userstore.command.store;

import org.jspecify.annotations.NullMarked;
