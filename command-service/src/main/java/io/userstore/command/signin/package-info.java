/**
 * Signing in and out: a stream beside the user's own, since log-ins are frequent and decide nothing about the profile.
 * Pure, as {@code user} is; touches Axon in the aggregate alone.
 */
@NullMarked
package io.userstore.command.signin;

import org.jspecify.annotations.NullMarked;
