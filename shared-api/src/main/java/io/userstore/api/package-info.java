/** The published contract. */
@org.jspecify.annotations.NullMarked
package io.userstore.api;
