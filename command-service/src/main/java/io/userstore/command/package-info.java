/**
 * The command service: {@code rest → user (decide) → store → publish}, and {@code visibility} beside it.
 * This package only puts them together.
 */
@NullMarked
package io.userstore.command;

import org.jspecify.annotations.NullMarked;
