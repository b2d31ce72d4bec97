/**
 * Published events: the facts that downstream services, projections and audit tooling may rely on.
 * Touches {@code json} and {@code seal}; never a stored event, a database or a broker.
 */
@NullMarked
package io.userstore.api.event;

import org.jspecify.annotations.NullMarked;
