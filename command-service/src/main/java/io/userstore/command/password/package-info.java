/**
 * Passwords: hashing and checking, on a bounded pool and outside every transaction.
 * Touches spring-security-crypto and the file of denied passwords; knows users only by their hashes.
 */
@NullMarked
package io.userstore.command.password;

import org.jspecify.annotations.NullMarked;
