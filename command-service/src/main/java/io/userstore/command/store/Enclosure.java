package io.userstore.command.store;

/**
 * Something that belongs into the transaction of a command's events and must be in none of them, such as a secret. Goes
 * with its command to every {@link AppendFollower}, in memory only.
 */
public interface Enclosure {}
