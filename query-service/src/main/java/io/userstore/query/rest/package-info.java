/**
 * Answers reads over HTTP, as the REST contract says.
 * Touches the read sides of {@code users}, {@code statistics}, {@code activity}; writes nothing, but for what operators
 * want of rebuilds.
 */
@NullMarked
package io.userstore.query.rest;

import org.jspecify.annotations.NullMarked;
