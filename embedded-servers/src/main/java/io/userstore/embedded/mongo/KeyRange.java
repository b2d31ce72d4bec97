package io.userstore.embedded.mongo;

import java.util.Arrays;

/**
 * Keys at or above {@code from} and below {@code to}.
 *
 * @param from inclusive
 * @param to exclusive
 */
record KeyRange(byte[] from, byte[] to) {

    static KeyRange startingWith(byte[] prefix) {
        return prefix.length == 0
                ? new KeyRange(prefix, new byte[] {(byte) 0xFF})
                : new KeyRange(prefix, KeyBytes.after(prefix));
    }

    boolean isEmpty() {
        return Arrays.compareUnsigned(from, to) >= 0;
    }

    boolean contains(byte[] key) {
        return Arrays.compareUnsigned(key, from) >= 0 && Arrays.compareUnsigned(key, to) < 0;
    }

    KeyRange intersection(KeyRange other) {
        byte[] latestFrom = Arrays.compareUnsigned(from, other.from) >= 0 ? from : other.from;
        byte[] earliestTo = Arrays.compareUnsigned(to, other.to) <= 0 ? to : other.to;
        return new KeyRange(latestFrom, earliestTo);
    }

    /** The range of keys that continue {@code prefix} with a key of this range. */
    KeyRange after(byte[] prefix) {
        return new KeyRange(concatenated(prefix, from), concatenated(prefix, to));
    }

    private static byte[] concatenated(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
