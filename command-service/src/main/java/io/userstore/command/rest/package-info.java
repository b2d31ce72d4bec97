/**
 * The write side of the REST API: requests in, commands on, outcomes back as answers.
 * Touches {@code user}, {@code signin}, {@code application}, {@code password}, {@code code}, {@code mail}, {@code template},
 * {@code seal}, {@code idempotency}, {@code audit}, {@code sign}, {@code store} and {@code visibility}; the only package that knows HTTP.
 */
@NullMarked
package io.userstore.command.rest;

import org.jspecify.annotations.NullMarked;
