/**
 * What the events of one user add up to.
 * Touches the contract only.
 */
@NullMarked
package io.userstore.audit.fold;

import org.jspecify.annotations.NullMarked;
