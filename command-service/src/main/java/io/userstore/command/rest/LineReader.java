package io.userstore.command.rest;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream of any length line by line, in the same memory: one buffer, of which a line may fill as much as a body
 * may have. Lines are numbered from 1. Not thread-safe.
 */
final class LineReader {
    private static final byte LINE_END = '\n';
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream in;
    private final byte[] buffer;
    private int start;
    private int end;
    private boolean ended;
    private long number;

    /** @param longest the most bytes that a line may have, without its end */
    LineReader(InputStream in, int longest) {
        this.in = in;
        this.buffer = new byte[longest + 1];
    }

    /** A line without its end; {@code bytes} is null for one that is too long, which has been passed over. */
    record Line(long number, byte @Nullable [] bytes) {
        boolean isBlank() {
            if (bytes != null) {
                for (byte each : bytes) {
                    if (each != ' ' && each != '\t' && each != '\r') {
                        return false;
                    }
                }
            }
            return bytes != null;
        }
    }

    /** The next line, or null after the last. */
    @Nullable
    Line next() throws IOException {
        int from = start;
        while (true) {
            int at = indexOfLineEnd(from);
            if (at >= 0) {
                byte[] line = Arrays.copyOfRange(buffer, start, at);
                start = at + 1;
                return line(line);
            }
            from = end - start;
            if (ended || !fill()) {
                return last();
            }
            if (end == buffer.length && start == 0 && indexOfLineEnd(from) < 0) {
                passOver();
                return new Line(++number, null);
            }
        }
    }

    /** Passes over the lines up to that number, without a look at them. */
    void skipTo(long line) throws IOException {
        while (number < line - 1 && passOver()) {
            number++;
        }
    }

    /** Whether more can be read without waiting for the sender. */
    boolean isMoreAtHand() throws IOException {
        return indexOfLineEnd(start) >= 0 || in.available() > 0;
    }

    private Line line(byte[] bytes) {
        number++;
        boolean marked = number == 1 && Arrays.mismatch(bytes, BYTE_ORDER_MARK) == BYTE_ORDER_MARK.length;
        return new Line(number, marked ? Arrays.copyOfRange(bytes, BYTE_ORDER_MARK.length, bytes.length) : bytes);
    }

    private @Nullable Line last() {
        if (start == end) {
            return null;
        }
        byte[] line = Arrays.copyOfRange(buffer, start, end);
        start = end;
        return line(line);
    }

    /** Goes to the beginning of the next line; false when the stream ends before there is any of this one. */
    private boolean passOver() throws IOException {
        boolean any = false;
        while (true) {
            int at = indexOfLineEnd(start);
            if (at >= 0) {
                start = at + 1;
                return true;
            }
            any |= end > start;
            start = end;
            if (ended || !fill()) {
                return any;
            }
        }
    }

    private int indexOfLineEnd(int from) {
        for (int i = from; i < end; i++) {
            if (buffer[i] == LINE_END) {
                return i;
            }
        }
        return -1;
    }

    /** Reads what is there, waiting when nothing is; what is left of the buffer moves to its beginning. */
    private boolean fill() throws IOException {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
        int read = in.read(buffer, end, buffer.length - end);
        if (read < 0) {
            ended = true;
            return false;
        }
        end += read;
        return true;
    }
}
