package io.userstore.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;

/** The upper bound of sign-ins: how many passwords a second all processors check with nothing else to do. */
final class BareHash {
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int LANES = 1;
    private static final int MEMORY_KIB = 19_456;
    private static final int ITERATIONS = 2;

    private final Argon2PasswordEncoder encoder =
            new Argon2PasswordEncoder(SALT_BYTES, HASH_BYTES, LANES, MEMORY_KIB, ITERATIONS);
    private final String hash;

    BareHash() {
        String encoded = encoder.encode(Person.PASSWORD);
        if (encoded == null) {
            throw new IllegalStateException("no hash for a password");
        }
        this.hash = encoded;
    }

    /** Checks per second on that many threads, to be called while nothing else runs. */
    double perSecond(int threads, ClosedLoop.Window window) throws InterruptedException {
        Callable<Double> loop = () -> perSecondOnOneThread(window);
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<Double>> rates = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                rates.add(executor.submit(loop));
            }
            double sum = 0;
            for (Future<Double> rate : rates) {
                sum += rate.get();
            }
            return sum;
        } catch (ExecutionException e) {
            throw new BenchmarkFailedException("the bare hash could not be measured: " + e.getCause(), e);
        }
    }

    private double perSecondOnOneThread(ClosedLoop.Window window) {
        repeat(window.warmUp().toNanos());
        long begin = System.nanoTime();
        int checks = repeat(window.measured().toNanos());
        return checks * (double) TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - begin);
    }

    private int repeat(long nanos) {
        long begin = System.nanoTime();
        int checks = 0;
        while (System.nanoTime() - begin < nanos) {
            if (!encoder.matches(Person.PASSWORD, hash)) {
                throw new IllegalStateException("a password does not match its own hash");
            }
            checks++;
        }
        return checks;
    }
}
