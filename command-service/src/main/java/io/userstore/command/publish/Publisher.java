package io.userstore.command.publish;

import io.userstore.api.consistency.Pacing;
import io.userstore.api.event.EventType;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.Topics;
import io.userstore.api.key.KeyGrant;
import io.userstore.command.application.StoredApplicationEvent;
import io.userstore.command.audit.AuditLog;
import io.userstore.command.store.ApiKeyRows;
import io.userstore.command.store.EventContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * Publishes every stored event, driven by the event store's own tracking processor: in commit order, never before the
 * commit, and again after a crash rather than not at all. What is personal goes out as it is stored, sealed, so that an
 * event that is published again has the same bytes, whether or not its user is still there. Its place in the history moves on only when Kafka has
 * acknowledged the whole batch. Called by one thread per segment.
 */
@ProcessingGroup(Publisher.NAME)
public final class Publisher {
    /** The processor's name, which is also that of its tokens in the database. */
    public static final String NAME = "publisher";

    /** Events per transaction of the tracking processor, and so per wait for Kafka. */
    public static final int BATCH_SIZE = 200;

    private static final Duration MOST_REST = Duration.ofMillis(25);
    private static final int LARGE = 50;
    /** While passwords wait: nobody waits longer for a batch than they do for their turn. */
    private static final Duration MOST_REST_FOR_PASSWORDS = Duration.ofMillis(200);

    private static final String BATCH = Batch.class.getName();

    private final Producer<byte[], byte[]> producer;
    private final PublishedTopic events;
    private final PublishedTopic apiKeys;
    private final ApiKeyRows keys;
    private final KeyRing keyRing;
    private final AuditLog log;
    private final Pacing pacing;
    private final AtomicLong position = new AtomicLong(-1);

    /**
     * @param keys what keys of the API grant now
     * @param keyRing tells of the keys of users
     * @param log gets each event as a leaf
     * @param passwords how long the publisher may rest for the sake of passwords that wait to be hashed now
     */
    Publisher(
            Producer<byte[], byte[]> producer,
            PublishedTopic events,
            PublishedTopic apiKeys,
            ApiKeyRows keys,
            KeyRing keyRing,
            AuditLog log,
            Supplier<Duration> passwords) {
        this.producer = producer;
        this.events = events;
        this.apiKeys = apiKeys;
        this.keys = keys;
        this.keyRing = keyRing;
        this.log = log;
        this.pacing = new Pacing(MOST_REST, LARGE, passwords, MOST_REST_FOR_PASSWORDS);
    }

    /** What is to be sent in one transaction of the tracking processor, in its order. */
    private static final class Batch {
        private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        private final List<AuditLog.Entry> leaves = new ArrayList<>();
        /** Who came into being or went. */
        private final Set<String> users = new LinkedHashSet<>();

        private long lastPosition = -1;
    }

    @EventHandler
    void on(DomainEventMessage<?> message, UnitOfWork<?> unitOfWork) {
        Batch batch = batch(unitOfWork.root());
        if (message.getPayload() instanceof StoredApplicationEvent stored) {
            apiKeys.ensureExists();
            Publication.keysOf(stored).forEach(keyId -> batch.records.add(toRecord(keyId)));
        } else {
            events.ensureExists();
            EventRecord record = EventRecord.of(message);
            PublishedEvent event = record.event();
            batch.records.add(record.toSend());
            batch.leaves.add(record.leaf());
            if (event.type() == EventType.USER_CREATED || event.type() == EventType.USER_DELETED) {
                batch.users.add(event.userId());
            }
        }
        batch.lastPosition = EventContext.positionOf(message);
    }

    /** The place in the history of the last event that Kafka has acknowledged, or -1 before the first. */
    public long position() {
        return position.get();
    }

    private Batch batch(UnitOfWork<?> unitOfWork) {
        Batch batch = unitOfWork.getResource(BATCH);
        if (batch == null) {
            pacing.begin();
            Batch started = new Batch();
            unitOfWork.resources().put(BATCH, started);
            // Where this throws, the token stays and the batch comes again.
            unitOfWork.onPrepareCommit(u -> send(started));
            return started;
        }
        return batch;
    }

    /** The keys first: whoever reads an event finds the key that opens it, or knows that there is none any more. */
    private void send(Batch batch) {
        keyRing.publish(batch.users);
        List<Future<?>> sent = Acknowledgements.send(producer, batch.records);
        // In the transaction of the token, and while Kafka writes: with it they are leaves, or neither has happened.
        log.append(batch.leaves);
        Acknowledgements.await(sent);
        position.set(batch.lastPosition);
        pacing.end(batch.records.size());
    }

    /**
     * What the key grants now, not what it granted then: a history that is published anew never brings a revoked key back,
     * and the last record of a key is always the truth.
     */
    private ProducerRecord<byte[], byte[]> toRecord(String keyId) {
        byte[] grant = keys.find(keyId).map(KeyGrant::toJson).orElse(null);
        return new ProducerRecord<>(Topics.API_KEYS, keyId.getBytes(StandardCharsets.UTF_8), grant);
    }
}
