/**
 * The log of published events as a Merkle tree: its hashes, proofs and signed heads, as whoever checks them needs them.
 * Touches the JDK only (and says how it looks in JSON): a public key and a record of Kafka are enough.
 */
@NullMarked
package io.userstore.api.audit;

import org.jspecify.annotations.NullMarked;
