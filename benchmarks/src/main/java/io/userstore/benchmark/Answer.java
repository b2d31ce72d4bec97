package io.userstore.benchmark;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 answer, read into a buffer that the next answer overwrites. Knows just what the user store sends, and
 * fails loudly at anything else: an answer must come with its length, so no chunks. Not thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112</a>
 */
final class Answer {
    private static final int FIRST_CAPACITY = 16 * 1024;
    private static final int MAX_LENGTH = 16 * 1024 * 1024;
    private static final int STATUS_AT = "HTTP/1.1 ".length();
    private static final String USERS = "/1/users/";
    private static final int UNKNOWN = -1;

    private byte[] bytes = new byte[FIRST_CAPACITY];
    private int filled;
    private int headLength;
    private int bodyLength;
    private int status;
    private boolean lastOnConnection;

    /** An answer that cannot be understood; the connection it came on is of no more use. */
    static final class MalformedAnswerException extends IOException {
        private static final long serialVersionUID = 1L;

        MalformedAnswerException(String message) {
            super(message);
        }
    }

    /** Reads the one answer that is due on a channel, in place of what this answer was. */
    void readFrom(ReadableByteChannel channel) throws IOException {
        filled = 0;
        headLength = 0;
        while (headLength == 0) {
            int seen = filled;
            fill(channel);
            headLength = headEnd(Math.max(0, seen - 3));
        }
        parseHead();
        int total = headLength + bodyLength;
        if (total > bytes.length) {
            bytes = Arrays.copyOf(bytes, total);
        }
        while (filled < total) {
            fill(channel);
        }
        if (filled > total) {
            throw new MalformedAnswerException((filled - total) + " bytes more than Content-Length says");
        }
    }

    private void fill(ReadableByteChannel channel) throws IOException {
        if (filled == bytes.length) {
            throw new MalformedAnswerException("headers of more than " + bytes.length + " bytes");
        }
        int read = channel.read(ByteBuffer.wrap(bytes, filled, bytes.length - filled));
        if (read < 0) {
            throw new EOFException("the server closed the connection after " + filled + " bytes of an answer");
        }
        filled += read;
    }

    /** The length of the head with its empty line, or 0 while that has not come yet. */
    private int headEnd(int from) {
        for (int i = from; i + 3 < filled; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') {
                return i + 4;
            }
        }
        return 0;
    }

    private void parseHead() throws MalformedAnswerException {
        if (headLength < STATUS_AT + 3 || !isAt(0, "http/1.1 ")) {
            throw new MalformedAnswerException("not an HTTP/1.1 answer: " + text(0, Math.min(filled, 80)));
        }
        status = number(STATUS_AT, STATUS_AT + 3);
        if (status < 200) {
            throw new MalformedAnswerException("the interim status " + status);
        }
        int length = UNKNOWN;
        lastOnConnection = false;
        for (int line = lineAfter(0); line < headLength - 2; line = lineAfter(line)) {
            int first = bytes[line] | 0x20;
            if (first == 'c' && isAt(line, "content-length:")) {
                length = number(line + "content-length:".length(), lineAfter(line) - 2);
            } else if (first == 'c' && isAt(line, "connection:")) {
                lastOnConnection = value(line).equalsIgnoreCase("close");
            } else if (first == 't' && isAt(line, "transfer-encoding:")) {
                throw new MalformedAnswerException("status " + status + " in chunks, which this client does not read");
            }
        }
        boolean bodiless = status == 204 || status == 304;
        if (length == UNKNOWN && !bodiless) {
            throw new MalformedAnswerException("status " + status + " without Content-Length");
        }
        bodyLength = bodiless ? 0 : length;
    }

    private int lineAfter(int line) {
        int at = line;
        while (bytes[at] != '\n') {
            at++;
        }
        return at + 1;
    }

    /** Whether a text is there, its letters in whatever case. */
    private boolean isAt(int from, String lowerCase) {
        if (from + lowerCase.length() > headLength) {
            return false;
        }
        for (int i = 0; i < lowerCase.length(); i++) {
            int c = bytes[from + i];
            int lower = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
            if (lower != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private int number(int from, int to) throws MalformedAnswerException {
        String digits = text(from, to).strip();
        if (digits.isEmpty() || digits.length() > 9 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new MalformedAnswerException("not a number: " + digits);
        }
        int number = Integer.parseInt(digits);
        if (number > MAX_LENGTH) {
            throw new MalformedAnswerException(
                    "an answer of " + number + " bytes, of which at most " + MAX_LENGTH + " are read");
        }
        return number;
    }

    private String value(int line) {
        int colon = line;
        while (bytes[colon] != ':') {
            colon++;
        }
        return text(colon + 1, lineAfter(line) - 2).strip();
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    int status() {
        return status;
    }

    /** Whether the server has said that it closes the connection after this answer. */
    boolean isLastOnConnection() {
        return lastOnConnection;
    }

    /** A header's first value, or null when it was not sent. */
    @Nullable
    String header(String name) {
        String start = name.toLowerCase(Locale.ROOT) + ":";
        for (int line = lineAfter(0); line < headLength - 2; line = lineAfter(line)) {
            if (isAt(line, start)) {
                return value(line);
            }
        }
        return null;
    }

    /** The id of the user that a request has created. */
    String createdId() throws MalformedAnswerException {
        String location = header("Location");
        int path = location == null ? -1 : location.indexOf(USERS);
        if (location == null || path < 0) {
            throw new MalformedAnswerException("status " + status + " without the Location of a user");
        }
        return location.substring(path + USERS.length());
    }

    String body() {
        return new String(bytes, headLength, bodyLength, StandardCharsets.UTF_8);
    }
}
