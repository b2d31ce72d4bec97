/**
 * The key that signs what others must be able to check without trusting the service: tree heads and certificates.
 * Touches the JDK and Bouncy Castle only.
 */
@NullMarked
package io.userstore.command.sign;

import org.jspecify.annotations.NullMarked;
