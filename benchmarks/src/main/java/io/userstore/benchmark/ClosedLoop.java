package io.userstore.benchmark;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Does one thing over and over from a fixed number of connections, each of which sends its next request when it has
 * its answer. What is answered within the window counts.
 */
final class ClosedLoop {
    /** How long a worker may still wait for its last answer. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final int MAX_FAILURES_IN_A_ROW = 10;

    private final Api api;
    private final Workload workload;
    private final Faults faults = new Faults();
    private final List<Worker> workers = new ArrayList<>();
    private final long begin;
    private final long end;

    /** @param window what to count, after what warm-up */
    ClosedLoop(Api api, Workload workload, int concurrency, Window window) {
        this.api = api;
        this.workload = workload;
        this.begin = System.nanoTime() + window.warmUp().toNanos();
        this.end = begin + window.measured().toNanos();
        for (int i = 0; i < concurrency; i++) {
            workers.add(new Worker(i));
        }
    }

    record Window(Duration warmUp, Duration measured) {
        /** For a workload that ends by itself. */
        static final Window UNTIL_DONE = new Window(Duration.ZERO, Duration.ofDays(1));
    }

    /** Told now and then that the loop still runs. */
    @FunctionalInterface
    interface Progress {
        Progress SILENT = () -> {};
        Duration INTERVAL = Duration.ofSeconds(5);

        void tick();
    }

    Result run(Progress progress) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (Worker worker : workers) {
            threads.add(
                    Thread.ofPlatform().daemon().name("worker-" + worker.seed).start(worker));
        }
        for (Thread thread : threads) {
            while (!thread.join(Progress.INTERVAL)) {
                progress.tick();
                if (System.nanoTime() - end > GRACE_NANOS) {
                    abandon();
                }
            }
        }
        faults.complain(workload.name());
        return result();
    }

    private void abandon() {
        for (Worker worker : workers) {
            try {
                worker.connection.close();
            } catch (IOException e) {
                faults.failed(e);
            }
        }
    }

    private Result result() {
        Histogram all = Latencies.histogram();
        long pending = 0;
        long lastAnswer = begin;
        for (Worker worker : workers) {
            all.add(worker.latencies);
            pending += worker.pending;
            lastAnswer = Math.max(lastAnswer, worker.lastAnswer);
        }
        boolean endedEarly = workers.stream().allMatch(worker -> worker.isDone);
        double seconds = ((endedEarly ? lastAnswer : end) - begin) / 1e9;
        return new Result(
                workload.name(),
                Integer.toString(workers.size()),
                seconds <= 0 ? 0 : all.getTotalCount() / seconds,
                Latencies.of(all),
                all.getTotalCount(),
                faults.count(),
                pending,
                null);
    }

    private final class Worker implements Runnable {
        private final int seed;
        private final Connection connection = api.connect();
        private final Operation operation = workload.perWorker().get();
        private final SplittableRandom random;
        private final Histogram latencies = Latencies.histogram();
        private long pending;
        private long lastAnswer;
        private int failuresInARow;
        private boolean isDone;

        Worker(int seed) {
            this.seed = seed;
            this.random = new SplittableRandom(seed);
            this.lastAnswer = begin;
        }

        @Override
        public void run() {
            try (connection) {
                while (System.nanoTime() < end && failuresInARow < MAX_FAILURES_IN_A_ROW) {
                    byte[] request = operation.next(random);
                    if (request == null) {
                        isDone = true;
                        return;
                    }
                    exchange(request);
                }
            } catch (IOException | RuntimeException e) {
                faults.failed(e);
            }
        }

        private void exchange(byte[] request) {
            long sent = System.nanoTime();
            try {
                Answer answer = connection.exchange(request);
                count(answer, sent, System.nanoTime());
                failuresInARow = 0;
            } catch (IOException e) {
                failuresInARow++;
                faults.failed(e);
            }
        }

        private void count(Answer answer, long sent, long answered) throws IOException {
            if (answer.status() != workload.expectedStatus()) {
                faults.unexpected(answer, workload.expectedStatus());
                return;
            }
            operation.answered(answer);
            if (answered < begin || answered > end) {
                return;
            }
            lastAnswer = answered;
            Latencies.record(latencies, answered - sent);
            if (answer.header("Projection") != null) {
                pending++;
            }
        }
    }
}
