/**
 * Whether the history is what it was: store against log, log against tree, tree against what was signed.
 * Touches what is read from, and the contract.
 */
@NullMarked
package io.userstore.audit.verify;

import org.jspecify.annotations.NullMarked;
