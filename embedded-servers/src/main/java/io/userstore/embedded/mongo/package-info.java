/**
 * MongoDB's wire protocol over an ordered store of our own. The protocol, the update operators and the aggregation stages are
 * mongo-java-server's; collections, indexes, the choice of an index and cursors are made here.
 *
 * <p>From the wire inwards: {@code MongoProtocolServer → CommandHandler → StoredBackend → StoredDatabase → StoredCollection},
 * which finds through {@code Planner → Plan → EntryScan} and keeps documents and index entries in maps of an H2 MVStore.
 */
@org.jspecify.annotations.NullMarked
package io.userstore.embedded.mongo;
