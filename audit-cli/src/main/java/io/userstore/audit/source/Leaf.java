package io.userstore.audit.source;

import io.userstore.api.audit.Hash;

/**
 * A leaf of the audit log's tree.
 *
 * @param index from the left, from 0, in the order of publication
 * @param position of its event in the history
 */
public record Leaf(long index, long position, String eventId, Hash hash) {}
