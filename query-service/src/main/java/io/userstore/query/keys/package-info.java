/**
 * The keys of users as they were handed over, still wrapped by the master key: a collection, and a memory of those that were
 * needed lately. Touches {@code mongo} and {@code projection}.
 */
@NullMarked
package io.userstore.query.keys;

import org.jspecify.annotations.NullMarked;
