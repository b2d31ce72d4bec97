package io.userstore.command.publish;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.userstore.command.store.UserKeys;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * While the service runs with two master keys, wraps every key that is wrapped with the other one anew, a few at a time, and
 * tells Kafka. No event is touched. Stopped in between it goes on where it was, and any number of instances share the work.
 */
final class MasterKeyRotation implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(MasterKeyRotation.class);
    private static final UUID BEGINNING = new UUID(0, 0);
    private static final int AT_ONCE = 200;
    private static final int BETWEEN_LOG_LINES = 10_000;
    private static final long PAUSE_MILLIS = 1_000;

    private final UserKeys keys;
    private final KeyRing keyRing;
    private final AtomicLong left = new AtomicLong();
    private volatile boolean running;
    private Thread thread = new Thread(() -> {});

    MasterKeyRotation(UserKeys keys, KeyRing keyRing, MeterRegistry metrics) {
        this.keys = keys;
        this.keyRing = keyRing;
        Gauge.builder("userstore.master-key.rotation.left", left, AtomicLong::doubleValue)
                .description("Keys that are still wrapped with the other master key")
                .baseUnit("keys")
                .register(metrics);
    }

    @Override
    public synchronized void start() {
        if (running) {
            return;
        }
        running = true;
        if (keys.isBeingReplaced()) {
            thread = Thread.ofPlatform().name("master-key-rotation").daemon().start(this::run);
        }
    }

    private void run() {
        while (running) {
            try {
                left.set(keys.toBeRewrapped());
                if (left.get() == 0) {
                    LOG.info(
                            "every key is wrapped with userstore.master-key; userstore.other-master-key can go once all"
                                    + " instances say so");
                    return;
                }
                rewrapAll();
            } catch (RuntimeException e) {
                LOG.warn(
                        "the master key cannot be rotated now and is tried again: {}",
                        e.getClass().getName());
            }
            pause();
        }
    }

    /**
     * Once through all users; those whom somebody else holds at the moment are left for the next time.
     *
     * <p>Tells of the keys before they are committed, so that none is committed and not told, and once more afterwards:
     * until then a publisher that tells of the same users may still have read, and told last, what was before.
     */
    private void rewrapAll() {
        LOG.info("{} keys are to be wrapped with userstore.master-key", left.get());
        Optional<UUID> last = Optional.of(BEGINNING);
        while (running && last.isPresent()) {
            Set<String> told = new HashSet<>();
            last = keys.rewrap(last.get(), AT_ONCE, wrapped -> {
                keyRing.publish(wrapped);
                told.addAll(wrapped.keySet());
                long now = left.addAndGet(-wrapped.size());
                if (now / BETWEEN_LOG_LINES < (now + wrapped.size()) / BETWEEN_LOG_LINES) {
                    LOG.info("{} keys are left to be wrapped with userstore.master-key", now);
                }
            });
            keyRing.publish(told);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void stop() {
        running = false;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
