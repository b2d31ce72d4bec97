/**
 * Sealing what must not be read where it is stored: the master key, and keys derived from it, one per purpose.
 * Touches BouncyCastle, and Spring for its settings alone; knows neither users nor HTTP.
 */
@NullMarked
package io.userstore.command.sealing;

import org.jspecify.annotations.NullMarked;
