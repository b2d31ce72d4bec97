/**
 * Mustache templates: those built in, and those of a folder that take their place.
 * Touches the Mustache library and the file system.
 */
@NullMarked
package io.userstore.command.template;

import org.jspecify.annotations.NullMarked;
