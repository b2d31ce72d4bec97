package io.userstore.command.mail;

import io.userstore.command.mail.MailOutbox.Due;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes due mails from the outbox and has them sent, a number of them at once. What waits in one lane waits in no other. */
final class MailLane {
    private static final Logger LOG = LoggerFactory.getLogger(MailLane.class);

    /** How soon a mail is noticed. */
    private static final Duration POLL = Duration.ofMillis(250);

    private static final int STOP_SECONDS = 10;

    private final IntFunction<List<Due>> claim;
    private final Consumer<Due> send;
    private final Consumer<Due> giveBack;
    private final Semaphore idle;
    private final ExecutorService senders;
    private final Thread poller;
    private volatile boolean running = true;

    /**
     * @param claim takes at most so many mails that are due
     * @param send sends one; called by the lane's threads
     * @param giveBack makes one due again that has been claimed and cannot be sent any more
     */
    MailLane(String name, int threads, IntFunction<List<Due>> claim, Consumer<Due> send, Consumer<Due> giveBack) {
        this.claim = claim;
        this.send = send;
        this.giveBack = giveBack;
        this.idle = new Semaphore(threads);
        this.senders = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name(name + "-", 0).daemon().factory());
        this.poller = Thread.ofPlatform().name(name + "-poll").daemon().unstarted(this::poll);
    }

    void start() {
        poller.start();
    }

    /** Lets what is being sent be sent, for at most 10 seconds; what is cut off is sent again by the next. */
    void stop() throws InterruptedException {
        running = false;
        senders.shutdown();
        poller.interrupt();
        poller.join(Duration.ofSeconds(STOP_SECONDS));
        if (!senders.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
            senders.shutdownNow();
        }
    }

    private void poll() {
        boolean away = false;
        while (running) {
            try {
                idle.acquire();
                int free = 1 + idle.drainPermits();
                int taken = 0;
                try {
                    taken = take(free);
                    away = false;
                } catch (RuntimeException e) {
                    if (!away && running) {
                        LOG.warn(
                                "the outbox of mails cannot be read now: {}",
                                e.getClass().getName());
                    }
                    away = true;
                } finally {
                    idle.release(free - taken);
                }
                if (taken < free) {
                    Thread.sleep(POLL);
                }
            } catch (InterruptedException e) {
                // Only stop() interrupts; the loop ends by itself.
                LOG.debug("no more mails are taken");
            }
        }
    }

    /** Hands over what is due, and answers how many senders that has taken. */
    private int take(int free) {
        int taken = 0;
        for (Due mail : claim.apply(free)) {
            try {
                senders.execute(() -> send(mail));
                taken++;
            } catch (RejectedExecutionException e) {
                // Stopping: another instance, or this one after its restart, need not wait for the lease.
                giveBack.accept(mail);
            }
        }
        return taken;
    }

    private void send(Due mail) {
        try {
            send.accept(mail);
        } finally {
            idle.release();
        }
    }
}
