package io.userstore.benchmark;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * The upper bound of sign-ins: how many passwords a second all processors check with nothing else to do, and with the
 * memory of a hash at hand for the next one, as the server has it.
 */
final class BareHash {
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int LANES = 1;
    private static final int MEMORY_KIB = 19_456;
    private static final int ITERATIONS = 2;

    private static final byte[] SALT = new byte[SALT_BYTES];
    private static final byte[] PASSWORD = Person.PASSWORD.getBytes(StandardCharsets.UTF_8);

    private final byte[] hash = compute(blocks());

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
        BlockPool blocks = blocks();
        repeat(blocks, window.warmUp().toNanos());
        long begin = System.nanoTime();
        int checks = repeat(blocks, window.measured().toNanos());
        return checks * (double) TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - begin);
    }

    private int repeat(BlockPool blocks, long nanos) {
        long begin = System.nanoTime();
        int checks = 0;
        while (System.nanoTime() - begin < nanos) {
            if (!MessageDigest.isEqual(compute(blocks), hash)) {
                throw new IllegalStateException("a password does not match its own hash");
            }
            checks++;
        }
        return checks;
    }

    private static byte[] compute(BlockPool blocks) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withMemoryAsKB(MEMORY_KIB)
                .withIterations(ITERATIONS)
                .withParallelism(LANES)
                .withSalt(SALT)
                .withBlockPool(blocks)
                .build());
        byte[] computed = new byte[HASH_BYTES];
        generator.generateBytes(PASSWORD, computed);
        return computed;
    }

    private static BlockPool blocks() {
        return new FixedBlockPool(Argon2BytesGenerator.getBlockCount(MEMORY_KIB, LANES));
    }
}
