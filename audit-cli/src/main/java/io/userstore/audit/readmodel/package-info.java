/**
 * Whether the read models are what the events come to.
 * Touches what is read from, the fold, the differences of {@code verify}, and the contract.
 */
@NullMarked
package io.userstore.audit.readmodel;

import org.jspecify.annotations.NullMarked;
