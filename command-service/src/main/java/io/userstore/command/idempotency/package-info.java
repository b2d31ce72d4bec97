/**
 * Requests that are to be carried out once however often they come: who carries one out, and what was answered.
 * Touches PostgreSQL; knows neither HTTP nor what the requests are about.
 */
@NullMarked
package io.userstore.command.idempotency;

import org.jspecify.annotations.NullMarked;
