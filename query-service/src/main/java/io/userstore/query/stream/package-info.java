/**
 * The log of events as streams for those who listen over HTTP: each reads Kafka for itself, from where its cursor says.
 * Touches Kafka and {@code io.userstore.api}; no read model, no HTTP.
 */
@NullMarked
package io.userstore.query.stream;

import org.jspecify.annotations.NullMarked;
