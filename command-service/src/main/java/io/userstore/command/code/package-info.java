/**
 * Codes that prove an e-mail address or set a password: made here, outside every aggregate, and known afterwards by their
 * hash. Touches {@code user}.
 */
@NullMarked
package io.userstore.command.code;

import org.jspecify.annotations.NullMarked;
