/** Tests of the load generator itself; nothing here puts load on anything. */
@NullMarked
package io.userstore.benchmark;

import org.jspecify.annotations.NullMarked;
