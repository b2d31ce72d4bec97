package io.userstore.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * From commit to visible: creates users at a steady rate, answered as soon as they are committed, and asks for them,
 * without a consistency token, until a read shows them. An open loop: a slow server does not slow the schedule down.
 *
 * <p>The lag is the time from the write's answer to the first read's answer that shows it, so a whole read is in it.
 * Only one write in {@link #POLLED_ONE_IN} is asked for, since asking for all would load the server more than the
 * writes do.
 */
final class LagMeasure {
    static final String NAME = "commit to visible";
    static final int WRITES_PER_SECOND = 300;
    static final int POLLED_ONE_IN = 4;

    private static final int WRITERS = 16;
    private static final int POLLERS = 32;
    private static final long POLL_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Api api;
    private final Population population;
    private final Faults faults = new Faults();
    private final Histogram lags = Latencies.histogram();
    private final LongAdder polls = new LongAdder();
    private final LongAdder written = new LongAdder();
    private final AtomicInteger nextSlot = new AtomicInteger();
    private final BlockingQueue<Written> toPoll = new LinkedBlockingQueue<>();
    private final int slots;
    private final int warmUpSlots;
    private final long begin = System.nanoTime();
    private volatile boolean writersDone;

    LagMeasure(Api api, Population population, ClosedLoop.Window window) {
        this.api = api;
        this.population = population;
        this.warmUpSlots = slotsOf(window.warmUp().toMillis());
        this.slots = warmUpSlots + slotsOf(window.measured().toMillis());
    }

    private static int slotsOf(long millis) {
        return Math.toIntExact(millis * WRITES_PER_SECOND / 1_000);
    }

    /** A user who is committed since a time of {@link System#nanoTime()}. */
    private record Written(String id, long answered, boolean counts) {}

    Result run() throws InterruptedException {
        List<Thread> writers = start("lag-writer-", WRITERS, this::write);
        List<Thread> pollers = start("lag-poller-", POLLERS, this::poll);
        for (Thread writer : writers) {
            writer.join();
        }
        long lastWrite = System.nanoTime();
        writersDone = true;
        for (Thread poller : pollers) {
            poller.join();
        }
        faults.complain("lag");
        double measuredSeconds = (lastWrite - begin) / 1e9 - (double) warmUpSlots / WRITES_PER_SECOND;
        return new Result(
                NAME,
                WRITES_PER_SECOND + "/s",
                written.sum() / measuredSeconds,
                Latencies.of(lags),
                lags.getTotalCount(),
                faults.count(),
                0,
                "%d of the writes (1 in %d) asked for with %d reads"
                        .formatted(lags.getTotalCount(), POLLED_ONE_IN, polls.sum()));
    }

    private static List<Thread> start(String name, int count, Runnable task) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofPlatform().daemon().name(name + i).start(task));
        }
        return threads;
    }

    private void write() {
        try (Connection connection = api.connect()) {
            for (int slot = nextSlot.getAndIncrement(); slot < slots; slot = nextSlot.getAndIncrement()) {
                sleepUntil(begin + slot * TimeUnit.SECONDS.toNanos(1) / WRITES_PER_SECOND);
                writeOne(connection, slot);
            }
        } catch (IOException | RuntimeException e) {
            faults.failed(e);
        }
    }

    private void writeOne(Connection connection, int slot) {
        Person person = population.nextPerson();
        try {
            Answer answer = connection.exchange(api.create(person, true));
            long answered = System.nanoTime();
            if (answer.status() != 201) {
                faults.unexpected(answer, 201);
                return;
            }
            String id = answer.createdId();
            population.created(person, id);
            boolean counts = slot >= warmUpSlots;
            if (counts) {
                written.increment();
            }
            if (slot % POLLED_ONE_IN == 0) {
                toPoll.add(new Written(id, answered, counts));
            }
        } catch (IOException e) {
            faults.failed(e);
        }
    }

    private void poll() {
        try (Connection connection = api.connect()) {
            for (Written next = nextToPoll(); next != null; next = nextToPoll()) {
                awaitVisible(connection, next);
            }
        } catch (IOException | RuntimeException e) {
            faults.failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next user to ask for; null when no more will come. */
    private @Nullable Written nextToPoll() throws InterruptedException {
        while (true) {
            boolean lastLook = writersDone;
            Written next = toPoll.poll(50, TimeUnit.MILLISECONDS);
            if (next != null || lastLook) {
                return next;
            }
        }
    }

    private void awaitVisible(Connection connection, Written user) throws IOException {
        byte[] request = api.byId(user.id());
        for (long next = System.nanoTime(); ; next += POLL_INTERVAL_NANOS) {
            sleepUntil(next);
            Answer answer = connection.exchange(request);
            long lag = System.nanoTime() - user.answered();
            if (user.counts()) {
                polls.increment();
            }
            if (answer.status() == 200) {
                recordLag(user, lag);
                return;
            }
            if (answer.status() != 404) {
                faults.unexpected(answer, 200);
                return;
            }
            if (lag > GIVE_UP_NANOS) {
                faults.add("not visible after 10 s", user.id());
                return;
            }
            next = Math.max(next, System.nanoTime() - POLL_INTERVAL_NANOS);
        }
    }

    private void recordLag(Written user, long lag) {
        if (user.counts()) {
            synchronized (lags) {
                Latencies.record(lags, lag);
            }
        }
    }

    private static void sleepUntil(long time) {
        for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
