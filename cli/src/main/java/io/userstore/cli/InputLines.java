package io.userstore.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The lines of a file, with where each of them ends. Not thread-safe. */
final class InputLines implements AutoCloseable {
    /** More than the server takes: it is told enough of a longer line to refuse it. */
    private static final int LONGEST = 70_000;

    private final InputStream in;
    private long number;
    private long offset;

    /**
     * @param number of the line before the first that is read
     * @param offset where the first line that is read begins, in bytes; {@code in} stands there
     */
    InputLines(InputStream in, long number, long offset) {
        this.in = new BufferedInputStream(in, 64 * 1024);
        this.number = number;
        this.offset = offset;
    }

    /**
     * A line without its end.
     *
     * @param end where the next line begins, in bytes
     */
    record Line(long number, byte[] bytes, long end) {
        /** The server passes over such a line and does not answer to it. */
        boolean isBlank() {
            for (byte each : bytes) {
                if (each != ' ' && each != '\t' && each != '\r') {
                    return false;
                }
            }
            return true;
        }
    }

    /** The next line, or null after the last. */
    @Nullable
    Line next() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        long before = offset;
        for (int next = in.read(); next >= 0; next = in.read()) {
            offset++;
            if (next == '\n') {
                return new Line(++number, bytes.toByteArray(), offset);
            }
            if (bytes.size() < LONGEST) {
                bytes.write(next);
            }
        }
        return offset == before ? null : new Line(++number, bytes.toByteArray(), offset);
    }

    /** Whether more can be read without waiting. */
    boolean isMoreAtHand() throws IOException {
        return in.available() > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
