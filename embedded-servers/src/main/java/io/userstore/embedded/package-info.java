/**
 * PostgreSQL, Kafka and a MongoDB-protocol server inside this JVM or started by it: for the one-command default and for tests.
 * Knows nothing of the services that use them.
 */
@org.jspecify.annotations.NullMarked
package io.userstore.embedded;
