package io.userstore.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * Tells how far a command has come: a bar that is drawn again on a terminal, else a plain line every few seconds. Not
 * thread-safe.
 */
final class Progress {
    private static final long REDRAW_NANOS = Duration.ofMillis(200).toNanos();
    private static final long LINE_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int BAR = 30;

    private final PrintStream out;
    private final boolean terminal;
    private final String doing;
    private final long total;
    private final long started = System.nanoTime();
    private long shown = started;
    private boolean drawn;

    /**
     * @param doing what is done, for example {@code importing}
     * @param total bytes, or 0 when nobody knows
     */
    Progress(PrintStream out, boolean terminal, String doing, long total) {
        this.out = out;
        this.terminal = terminal;
        this.doing = doing;
        this.total = total;
    }

    /** The script tells whether standard error is a terminal: Java 21 has no way to ask. */
    static Progress onStandardError(String doing, long total) {
        return new Progress(System.err, Boolean.getBoolean("userstore.terminal"), doing, total);
    }

    /** Shows that many lines and bytes, now and then. */
    void show(long lines, long failed, long bytes) {
        long now = System.nanoTime();
        if (now - shown < (terminal ? REDRAW_NANOS : LINE_NANOS)) {
            return;
        }
        shown = now;
        drawn = terminal;
        String text = text(lines, failed, bytes, seconds());
        out.print(terminal ? "\r" + text + "\u001b[K" : text + "\n");
        out.flush();
    }

    /** The text for a moment; {@code seconds} since the beginning. */
    String text(long lines, long failed, long bytes, double seconds) {
        StringBuilder text = new StringBuilder(doing).append(' ');
        if (total > 0) {
            double share = Math.min(1, (double) bytes / total);
            if (terminal) {
                int full = (int) (share * BAR);
                text.append('[')
                        .append("#".repeat(full))
                        .append(".".repeat(BAR - full))
                        .append("] ");
            }
            text.append(String.format(Locale.ROOT, "%3.0f %%  ", share * 100));
        }
        text.append(String.format(Locale.ROOT, "%,d lines", lines));
        if (failed > 0) {
            text.append(String.format(Locale.ROOT, ", %,d failed", failed));
        }
        text.append(String.format(Locale.ROOT, "  %,.0f/s", lines / Math.max(0.001, seconds)));
        if (total > 0 && bytes > 0 && bytes < total) {
            text.append("  ")
                    .append(clock((long) (seconds * (total - bytes) / bytes)))
                    .append(" left");
        }
        return text.toString();
    }

    /** Says the last word on a line of its own. */
    void end(String text) {
        out.println((drawn ? "\r\u001b[K" : "") + text);
    }

    /** Since the beginning. */
    double seconds() {
        return (System.nanoTime() - started) / 1e9;
    }

    private static String clock(long seconds) {
        return seconds >= 3_600
                ? String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3_600, seconds / 60 % 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
    }
}
