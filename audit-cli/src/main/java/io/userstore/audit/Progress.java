package io.userstore.audit;

import io.userstore.audit.verify.Ticks;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Draws a bar on standard error, where that is a terminal; else it is silent. Not thread-safe. */
final class Progress implements Ticks {
    private static final long REDRAW_NANOS = Duration.ofMillis(200).toNanos();
    private static final int BAR = 30;

    private final PrintWriter out;
    private final boolean terminal;
    private long shown = System.nanoTime();
    private long started = shown;
    private String doing = "";
    private boolean drawn;

    Progress(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** The script tells whether standard error is a terminal: Java 21 has no way to ask. */
    static Progress on(PrintWriter err) {
        return new Progress(err, Boolean.getBoolean("userstore.terminal"));
    }

    @Override
    public void at(String now, long done, long total) {
        if (!terminal) {
            return;
        }
        long time = System.nanoTime();
        if (!now.equals(doing)) {
            doing = now;
            started = time;
        } else if (time - shown < REDRAW_NANOS) {
            return;
        }
        shown = time;
        drawn = true;
        out.print("\r" + text(doing, done, total, (time - started) / 1e9) + "\u001b[K");
        out.flush();
    }

    /** The text for a moment; {@code seconds} since the beginning. */
    static String text(String doing, long done, long total, double seconds) {
        StringBuilder text = new StringBuilder(doing).append(' ');
        if (total > 0) {
            double share = Math.min(1, (double) done / total);
            int full = (int) (share * BAR);
            text.append('[').append("#".repeat(full)).append(".".repeat(BAR - full));
            text.append(String.format(Locale.ROOT, "] %3.0f %%  ", share * 100));
        }
        if (done > 0) {
            text.append(String.format(Locale.ROOT, "%,d  %,.0f/s", done, done / Math.max(0.001, seconds)));
        }
        if (done > 0 && done < total) {
            long left = (long) (seconds * (total - done) / done);
            text.append(String.format(Locale.ROOT, "  %d:%02d left", left / 60, left % 60));
        }
        return text.toString();
    }

    /** Takes the bar away, so that what is printed next has its line. */
    void clear() {
        if (drawn) {
            out.print("\r\u001b[K");
            out.flush();
            drawn = false;
        }
    }
}
