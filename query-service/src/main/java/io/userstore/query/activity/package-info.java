/**
 * What happened to each user: the projection that keeps one document per event, and the reads of it.
 * Touches {@code projection}, {@code mongo} and {@code keys}.
 */
@NullMarked
package io.userstore.query.activity;

import org.jspecify.annotations.NullMarked;
