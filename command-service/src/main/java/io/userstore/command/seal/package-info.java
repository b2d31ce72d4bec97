/**
 * The store's own key, and sealing with it what must be stored and not be readable in a copy of the database.
 * Touches the JDK only.
 */
@NullMarked
package io.userstore.command.seal;

import org.jspecify.annotations.NullMarked;
