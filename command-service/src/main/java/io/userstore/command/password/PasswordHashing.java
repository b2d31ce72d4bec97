package io.userstore.command.password;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.userstore.command.user.PasswordHash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.crypto.password.Pbkdf2PasswordEncoder;
import org.springframework.security.crypto.scrypt.SCryptPasswordEncoder;

/**
 * Hashes and checks passwords on as many threads as there are processors, with a short queue before them: under a rush
 * of sign-ins the excess is refused at once instead of everybody waiting for ever. Thread-safe.
 *
 * <p>Hashes from elsewhere that take more memory than ours are checked on a thread of their own, one at a time: several might
 * not fit, and nobody else is to wait for them.
 */
public final class PasswordHashing implements AutoCloseable {
    /** Names hashes of PBKDF2 that say how they were made. */
    static final String PBKDF2 = "pbkdf2-phc";

    private static final String CURRENT = "argon2";
    private static final int PAUSE_MILLIS = 10;
    /** Large hashes that may wait; one may take a second. */
    private static final int LARGE_QUEUE = 8;

    private final PasswordEncoder encoder;
    private final int memoryKib;
    private final ThreadPoolExecutor pool;
    private final ThreadPoolExecutor large;
    private final Semaphore patient;
    private final PasswordHash nobodys;
    private final Timer timer;
    private final Timer largeTimer;

    public PasswordHashing(PasswordSettings settings, MeterRegistry metrics) {
        this(settings, metrics, encoder(settings));
    }

    PasswordHashing(PasswordSettings settings, MeterRegistry metrics, PasswordEncoder encoder) {
        this.encoder = encoder;
        this.memoryKib = settings.memoryKib();
        int threads = settings.threads() == 0 ? Runtime.getRuntime().availableProcessors() : settings.threads();
        this.pool = executor(threads, settings.queue(), "password-");
        this.large = executor(1, LARGE_QUEUE, "password-large-");
        this.patient = new Semaphore(threads, true);
        this.timer = Timer.builder("userstore.password.hash")
                .description("Time to hash or check one password, without waiting")
                .register(metrics);
        this.largeTimer = Timer.builder("userstore.password.large.hash")
                .description("Time to check one password by a hash that takes more memory than ours, without waiting")
                .register(metrics);
        this.nobodys = run(() -> new PasswordHash(encode(UUID.randomUUID().toString())));
        Gauge.builder("userstore.password.queue", pool, p -> p.getQueue().size())
                .description("Passwords that wait to be hashed or checked")
                .register(metrics);
        Gauge.builder("userstore.password.large.queue", large, p -> p.getQueue().size())
                .description("Passwords that wait to be checked by a hash that takes more memory than ours")
                .register(metrics);
    }

    private static PasswordEncoder encoder(PasswordSettings settings) {
        return new DelegatingPasswordEncoder(
                CURRENT,
                Map.of(
                        CURRENT,
                        new Argon2Encoder(settings.memoryKib(), settings.iterations()),
                        "bcrypt",
                        new BCryptPasswordEncoder(),
                        "pbkdf2",
                        Pbkdf2PasswordEncoder.defaultsForSpringSecurity_v5_8(),
                        PBKDF2,
                        new Pbkdf2Encoder(),
                        "scrypt",
                        SCryptPasswordEncoder.defaultsForSpringSecurity_v5_8()));
    }

    private static ThreadPoolExecutor executor(int threads, int queue, String name) {
        return new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queue),
                Thread.ofPlatform().name(name, 0).daemon().factory());
    }

    /** Too many passwords wait already. */
    public static final class OverloadedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OverloadedException() {
            super("too many passwords wait to be hashed", null, false, false);
        }
    }

    /** What checking a password came to; {@code upgrade} is whether the hash is another than those made today. */
    public record Verdict(boolean matches, boolean upgrade) {}

    /** @throws OverloadedException at once, when too many wait already */
    public PasswordHash hash(RawPassword password) {
        return run(() -> new PasswordHash(encode(password.value())));
    }

    /**
     * Hashes many passwords, in their order, several at a time. Waits where {@link #hash} would refuse, and gives way to
     * sign-ins: of all that are hashed in this manner at most as many as there are threads stand before them.
     */
    public List<PasswordHash> hashPatiently(List<RawPassword> passwords) {
        List<Future<PasswordHash>> hashes = new ArrayList<>(passwords.size());
        try {
            for (RawPassword password : passwords) {
                patient.acquire();
                hashes.add(submitPatiently(password));
            }
            List<PasswordHash> made = new ArrayList<>(hashes.size());
            for (Future<PasswordHash> hash : hashes) {
                made.add(hash.get());
            }
            return made;
        } catch (ExecutionException e) {
            throw new IllegalStateException("hashing failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while hashing", e);
        }
    }

    private Future<PasswordHash> submitPatiently(RawPassword password) throws InterruptedException {
        while (true) {
            try {
                return pool.submit(() -> {
                    try {
                        return timer.recordCallable(() -> new PasswordHash(encode(password.value())));
                    } finally {
                        patient.release();
                    }
                });
            } catch (RejectedExecutionException e) {
                if (pool.isShutdown()) {
                    patient.release();
                    throw new IllegalStateException("the service is stopping", e);
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    /**
     * Checks a password. Without a hash it takes as long as with one and does not match, and a password that does not match
     * a hash from elsewhere costs one of ours as well: nobody is answered faster than a user who is not there.
     *
     * @throws OverloadedException at once, when too many wait already
     */
    public Verdict check(RawPassword password, @Nullable PasswordHash hash) {
        PasswordHash against = hash == null ? nobodys : hash;
        Callable<Verdict> check = () -> {
            boolean matches = encoder.matches(password.value(), against.encoded()) && hash != null;
            boolean others = encoder.upgradeEncoding(against.encoded());
            if (others && !matches) {
                encoder.matches(password.value(), nobodys.encoded());
            }
            return new Verdict(matches, matches && others);
        };
        return ForeignHash.memoryKib(against) > memoryKib ? run(large, largeTimer, check) : run(check);
    }

    /** About how long the last of the passwords that wait now has to wait; zero where none does. */
    public Duration backlog() {
        double each = timer.mean(TimeUnit.NANOSECONDS) / pool.getMaximumPoolSize();
        return Duration.ofNanos((long) (pool.getQueue().size() * each));
    }

    private String encode(String password) {
        String encoded = encoder.encode(password);
        if (encoded == null) {
            throw new IllegalStateException("no hash for a password");
        }
        return encoded;
    }

    private <R> R run(Callable<R> work) {
        return run(pool, timer, work);
    }

    private static <R> R run(ThreadPoolExecutor threads, Timer timer, Callable<R> work) {
        try {
            Future<R> result = threads.submit(() -> timer.recordCallable(work));
            return result.get();
        } catch (RejectedExecutionException e) {
            throw new OverloadedException();
        } catch (ExecutionException e) {
            throw new IllegalStateException("hashing failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while hashing", e);
        }
    }

    @Override
    public void close() {
        pool.shutdown();
        large.shutdown();
    }
}
