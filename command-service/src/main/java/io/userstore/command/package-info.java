/**
 * The command service: {@code rest → user (decide) → store → publish}, and {@code visibility} and {@code mail} beside it.
 * This package only puts them together.
 */
@NullMarked
package io.userstore.command;

import org.jspecify.annotations.NullMarked;
