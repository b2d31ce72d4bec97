/**
 * Answers reads over HTTP, as the REST contract says.
 * Touches the read sides of {@code users}, {@code statistics}, {@code activity}; writes nothing.
 */
@NullMarked
package io.userstore.query.rest;

import org.jspecify.annotations.NullMarked;
