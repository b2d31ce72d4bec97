/**
 * The log of published events as a Merkle tree in PostgreSQL: appended to by the publisher, asked for proofs, signed.
 * Touches {@code sign} and the database; knows neither what an event says, nor HTTP, nor Kafka.
 */
@NullMarked
package io.userstore.command.audit;

import org.jspecify.annotations.NullMarked;
