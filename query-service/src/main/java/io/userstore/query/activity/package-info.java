/**
 * What happened to each user: the projection that keeps one document per event, and the reads of it.
 * Touches {@code projection} and {@code mongo}.
 */
@NullMarked
package io.userstore.query.activity;

import org.jspecify.annotations.NullMarked;
