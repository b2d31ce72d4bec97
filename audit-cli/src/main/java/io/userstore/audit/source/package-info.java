/**
 * Where the history is read from: the event store in PostgreSQL and the log on Kafka; and the read models in MongoDB.
 * Touches JDBC, the clients of Kafka and MongoDB, and the contract; reads only.
 */
@NullMarked
package io.userstore.audit.source;

import org.jspecify.annotations.NullMarked;
