package io.userstore.client;

import org.jspecify.annotations.Nullable;

/**
 * What the headers of a write's answer say.
 *
 * @param consistencyToken names the write for {@link ReadOptions#after}; null when nothing changed
 * @param pending whether reads without the token may not show the write yet
 * @param replayed whether this is the first answer once more, see {@link WriteOptions#idempotencyKey()}
 */
public record Receipt(
        @Nullable String consistencyToken,
        boolean pending,
        boolean replayed,
        @Nullable String requestId) {}
