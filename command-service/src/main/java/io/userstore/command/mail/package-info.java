/**
 * Mail: what is to be sent stands in a table that is written with the event that asks for it, and is sent from there by
 * whatever instance comes first. Touches {@code store}, {@code user}, {@code application}, {@code code}, {@code seal} and
 * {@code template}.
 */
@NullMarked
package io.userstore.command.mail;

import org.jspecify.annotations.NullMarked;
