/**
 * The one way this system reads and writes JSON.
 * Touches Jackson only.
 */
@NullMarked
package io.userstore.api.json;

import org.jspecify.annotations.NullMarked;
