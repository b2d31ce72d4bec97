package io.userstore.api.consistency;

import io.userstore.api.event.EventStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * Names one write, so that a read can wait for it: the event with that number in that stream of that user. Opaque to
 * clients; says nothing that its holder did not know.
 *
 * @param application the application of the caller that wrote
 * @param sequence from 1
 */
public record ConsistencyToken(String application, UUID userId, EventStream stream, long sequence) {
    private static final int MAX_LENGTH = 1_024;

    /** URL-safe text of at most 1,024 characters. */
    public String encode() {
        String plain = (stream == EventStream.USER ? "u" : "s") + sequence + ":" + userId + ":" + application;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads a token back; empty for anything that {@link #encode()} did not make. */
    public static Optional<ConsistencyToken> parse(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(":", 3);
            if (parts.length != 3 || parts[0].length() < 2) {
                return Optional.empty();
            }
            EventStream stream = switch (parts[0].charAt(0)) {
                case 'u' -> EventStream.USER;
                case 's' -> EventStream.SIGN_INS;
                default -> throw new IllegalArgumentException("no such stream");
            };
            long sequence = Long.parseLong(parts[0], 1, parts[0].length(), 10);
            return sequence < 1
                    ? Optional.empty()
                    : Optional.of(new ConsistencyToken(parts[2], UUID.fromString(parts[1]), stream, sequence));
        } catch (IllegalArgumentException e) {
            // Not base64, no number, no UUID: what came is not a token of ours, which the caller is told.
            return Optional.empty();
        }
    }
}
