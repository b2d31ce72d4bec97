/**
 * Where the history is read from: the event store in PostgreSQL and the log on Kafka.
 * Touches JDBC, Kafka's clients and the contract; reads only.
 */
@NullMarked
package io.userstore.audit.source;

import org.jspecify.annotations.NullMarked;
