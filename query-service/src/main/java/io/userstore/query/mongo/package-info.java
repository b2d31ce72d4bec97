/**
 * The connection to MongoDB, and what every read model needs of it: values, indexes.
 * Touches the MongoDB driver only; knows no read model.
 */
@NullMarked
package io.userstore.query.mongo;

import org.jspecify.annotations.NullMarked;
