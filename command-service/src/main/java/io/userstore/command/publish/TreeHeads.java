package io.userstore.command.publish;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.userstore.api.audit.TreeHead;
import io.userstore.api.event.Topics;
import io.userstore.api.json.Json;
import io.userstore.command.audit.HeadLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Signs the audit log again and again, while it grows, and tells the world. Any number of instances share the work. */
final class TreeHeads implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(TreeHeads.class);
    private static final byte[] KEY = "head".getBytes(StandardCharsets.UTF_8);

    private final HeadLog heads;
    private final Producer<byte[], byte[]> producer;
    private final PublishedTopic topic;
    private final Duration interval;
    private final Counter signed;
    private volatile @Nullable ScheduledExecutorService clock;

    TreeHeads(
            HeadLog heads,
            Producer<byte[], byte[]> producer,
            PublishedTopic topic,
            Duration interval,
            MeterRegistry metrics) {
        this.heads = heads;
        this.producer = producer;
        this.topic = topic;
        this.interval = interval;
        this.signed = Counter.builder("userstore.audit.heads.signed")
                .description("Heads of the audit log that this instance has signed and published")
                .register(metrics);
    }

    @Override
    public void start() {
        if (heads.key().isEmpty()) {
            LOG.warn("the history is not signed: userstore.signing-key-file names no key");
            return;
        }
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("audit-heads").daemon().factory());
        long millis = interval.toMillis();
        started.scheduleWithFixedDelay(this::sign, millis, millis, TimeUnit.MILLISECONDS);
        clock = started;
    }

    private void sign() {
        try {
            heads.signIfGrown(this::publish);
        } catch (RuntimeException e) {
            // Would end the signing for ever. Signed later, since nothing was stored.
            LOG.warn(
                    "no head of the audit log could be signed now: {}",
                    e.getClass().getName());
        }
    }

    private void publish(TreeHead head) {
        topic.ensureExists();
        Acknowledgements.await(List.of(
                producer.send(new ProducerRecord<>(Topics.AUDIT_HEADS, KEY, Json.MAPPER.writeValueAsBytes(head)))));
        signed.increment();
    }

    @Override
    public void stop() {
        ScheduledExecutorService started = clock;
        if (started != null) {
            started.shutdownNow();
        }
        clock = null;
    }

    @Override
    public boolean isRunning() {
        return clock != null;
    }

    /** With Axon, and so stopped before Kafka's producer and the database go. */
    @Override
    public int getPhase() {
        return 0;
    }
}
