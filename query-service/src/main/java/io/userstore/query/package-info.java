/**
 * The read side: takes published events from Kafka, keeps read models in MongoDB, answers reads.
 * Wires its packages together; touches no command, no event store.
 */
@NullMarked
package io.userstore.query;

import org.jspecify.annotations.NullMarked;
