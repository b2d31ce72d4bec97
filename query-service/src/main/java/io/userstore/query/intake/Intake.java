package io.userstore.query.intake;

import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * The life of the intake: one thread that watches the servers, and the consumer, which starts once both are there. So
 * a service whose servers are away starts, says so in its health, and begins to work by itself.
 */
final class Intake implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final long PAUSE_MILLIS = 50;
    private static final long PAUSE_WHEN_READY_MILLIS = 1_000;

    private final Watch watch;
    private final ProgressReports reports;
    private final MessageListenerContainer consumer;
    private volatile boolean running;
    private Thread thread = new Thread(() -> {});

    Intake(Watch watch, ProgressReports reports, MessageListenerContainer consumer) {
        this.watch = watch;
        this.reports = reports;
        this.consumer = consumer;
    }

    @Override
    public synchronized void start() {
        if (running) {
            return;
        }
        running = true;
        thread = Thread.ofPlatform().name("query-watch").daemon().start(this::run);
    }

    private void run() {
        boolean consuming = false;
        while (running) {
            try {
                consuming = look(consuming);
                Thread.sleep(watch.isReady() ? PAUSE_WHEN_READY_MILLIS : PAUSE_MILLIS);
            } catch (InterruptedException | InterruptException e) {
                LOG.debug("the watch ends", e);
                return;
            }
        }
    }

    /** Looks at the servers, and begins to consume once both are there; answers whether it does. */
    private boolean look(boolean consuming) {
        try {
            if (watch.look() && !consuming) {
                reports.prepare();
                consumer.start();
                return true;
            }
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("the watch goes on after", e);
        }
        return consuming;
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
        consumer.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before the web server, and so stopped after it: writes under way elsewhere still become visible. */
    @Override
    public int getPhase() {
        return 0;
    }
}
