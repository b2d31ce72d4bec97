package io.userstore.command.store;

import org.axonframework.config.Configuration;
import org.springframework.context.SmartLifecycle;

/** Starts Axon once everything stands, and stops it when no more requests come and before the database goes. */
final class AxonLifecycle implements SmartLifecycle {
    private final Configuration axon;
    private volatile boolean running;

    AxonLifecycle(Configuration axon) {
        this.axon = axon;
    }

    @Override
    public void start() {
        axon.start();
        running = true;
    }

    @Override
    public void stop() {
        axon.shutdown();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before the web server starts (which has a phase near the end), and so stopped after it. */
    @Override
    public int getPhase() {
        return 0;
    }
}
