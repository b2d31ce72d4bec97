/**
 * What all projections share: a projection says event → change as data, the writers here apply it exactly once;
 * and which generation of its documents is read, fed, filled, compared and dropped.
 * Touches {@code mongo} and the published events; knows neither Kafka nor any one read model.
 */
@NullMarked
package io.userstore.query.projection;

import org.jspecify.annotations.NullMarked;
