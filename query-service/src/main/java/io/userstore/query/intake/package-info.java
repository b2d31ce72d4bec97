/**
 * Takes published events from Kafka in batches, hands them to the projections, notes and reports how far they are;
 * and fills new generations of them beside.
 * Touches Kafka, {@code projection} and {@code mongo}; knows no one read model.
 */
@NullMarked
package io.userstore.query.intake;

import org.jspecify.annotations.NullMarked;
