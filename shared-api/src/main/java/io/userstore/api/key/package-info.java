/**
 * What a key of the API grants, as the two services tell each other: never a key, only its digest.
 * Touches {@code json}; never a database or a broker.
 */
@NullMarked
package io.userstore.api.key;

import org.jspecify.annotations.NullMarked;
