/**
 * The commands of {@code userstore-audit}: what they are told, what they print and their exit codes.
 * Touches the packages below, and no class of a service: an auditor relies on the contract alone.
 */
@NullMarked
package io.userstore.audit;

import org.jspecify.annotations.NullMarked;
