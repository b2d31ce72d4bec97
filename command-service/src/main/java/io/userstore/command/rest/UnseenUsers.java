package io.userstore.command.rest;

import io.userstore.api.event.EventStream;
import io.userstore.command.store.UserImports.Candidate;
import io.userstore.command.store.UserImports.Fate;
import io.userstore.command.visibility.Visibility;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/**
 * The users of one import that reads may not show yet: as many as the query side is behind, and the last {@value #MOST} of
 * them at most, so that memory has a bound. Not thread-safe: one per import, to be closed.
 */
final class UnseenUsers implements AutoCloseable {
    static final int MOST = 10_000;

    /** An imported user is one event. */
    private static final long VERSION = 1;

    private final Visibility visibility;
    private final Deque<Visibility.Watch> watches = new ArrayDeque<>();

    UnseenUsers(Visibility visibility) {
        this.visibility = visibility;
    }

    /** Has a batch stored, and remembers who is in it; before that, since no report may pass unseen. */
    List<Fate> storing(List<Candidate> batch, Function<List<Candidate>, List<Fate>> store) {
        List<Visibility.Watch> begun = batch.stream()
                .map(candidate -> visibility.watch(candidate.user().userId()))
                .toList();
        List<Fate> fates;
        try {
            fates = store.apply(batch);
        } catch (RuntimeException e) {
            begun.forEach(Visibility.Watch::close);
            throw e;
        }
        for (int i = 0; i < fates.size(); i++) {
            if (fates.get(i) == Fate.IMPORTED) {
                watches.add(begun.get(i));
            } else {
                begun.get(i).close();
            }
        }
        forget();
        return fates;
    }

    private void forget() {
        while (!watches.isEmpty() && (watches.size() > MOST || isSeen(watches.getFirst(), Duration.ZERO))) {
            watches.removeFirst().close();
        }
    }

    private static boolean isSeen(Visibility.Watch watch, Duration atMost) {
        return watch.await(EventStream.USER, VERSION, atMost);
    }

    /** Waits until reads show all of them; false when they do not within {@code atMost}, or the query side is away. */
    boolean awaitAll(Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        return watches.stream().allMatch(watch -> isSeen(watch, Duration.ofNanos(end - System.nanoTime())));
    }

    @Override
    public void close() {
        watches.forEach(Visibility.Watch::close);
    }
}
