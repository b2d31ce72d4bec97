/**
 * Personal data under a key of each user's own, and those keys under the master key: JOSE (RFC 7515 to 7518), so that any
 * language's library can read both. Touches nothing else of the contract.
 */
@NullMarked
package io.userstore.api.seal;

import org.jspecify.annotations.NullMarked;
