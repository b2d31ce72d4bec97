/**
 * Waiting until the query side has applied a write, so that a client that knows nothing reads its own writes.
 * Listens to the progress topic; knows neither commands nor read models.
 */
@NullMarked
package io.userstore.command.visibility;

import org.jspecify.annotations.NullMarked;
