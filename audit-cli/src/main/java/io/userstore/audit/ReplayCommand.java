package io.userstore.audit;

import io.userstore.api.event.Topics;
import io.userstore.audit.source.EventTopic;
import io.userstore.audit.source.EventTopic.Range;
import io.userstore.audit.source.LogRecord;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code userstore-audit replay}. */
@Command(
        name = "replay",
        description =
                "Copies records of the log to another topic, byte for byte, for a downstream service that begins: key, headers,"
                        + " value and time; each user's events in their order.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  userstore-audit replay --to-topic crm.users --type user.created,user.deleted",
            "  userstore-audit replay --to-topic crm.users --from 2026-01-01 --rate 500",
            "",
            "The topic is made with as many partitions as the log when it is missing. Into one that holds records",
            "already it copies only with --append: a copy that broke off is begun again on a new topic, or consumers drop",
            "what they have by its ce_id."
        })
final class ReplayCommand implements Callable<Integer> {
    private static final Set<String> OURS = Set.of(
            Topics.EVENTS, Topics.DEAD_LETTERS, Topics.PROGRESS, Topics.API_KEYS, Topics.USER_KEYS, Topics.AUDIT_HEADS);

    private static final int MADE_WITHIN_ATTEMPTS = 100;

    @Mixin
    private final Servers servers = new Servers();

    @Mixin
    private final EventFilter filter = new EventFilter();

    @Mixin
    private final Output output = new Output();

    @Option(
            names = "--to-topic",
            required = true,
            paramLabel = "TOPIC",
            description = "Where to; none of the store's own.")
    private String toTopic = "";

    @Option(names = "--from", paramLabel = "TIME", converter = TimeOption.class, description = "The earliest time.")
    private @Nullable Instant from;

    @Option(names = "--to", paramLabel = "TIME", converter = TimeOption.class, description = "Behind the last time.")
    private @Nullable Instant to;

    @Option(names = "--rate", paramLabel = "N", description = "Records per second at the most (default: no limit).")
    private long rate;

    @Option(names = "--append", description = "Also into a topic that holds records.")
    private boolean append;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    private final AtomicReference<@Nullable Exception> failed = new AtomicReference<>();
    private long read;
    private long copied;

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        filter.check();
        if (OURS.contains(toTopic) || toTopic.equals(servers.eventsTopic())) {
            throw CommandFailedException.usage(
                    "--to-topic: " + toTopic + " is the store's own; nothing may be added to it");
        }
        if (rate < 0) {
            throw CommandFailedException.usage("--rate must be 1 or more");
        }
        Progress progress = Progress.on(spec.commandLine().getErr());
        try (EventTopic events = servers.events()) {
            List<Range> ranges = events.ranges();
            boolean samePartitions = prepareTarget(ranges.size()) == ranges.size();
            long total = ranges.stream().mapToLong(Range::size).sum();
            long started = System.nanoTime();
            try (Producer<byte[], byte[]> producer = producer()) {
                events.read(ranges, batch -> {
                    copy(batch, producer, samePartitions, started);
                    progress.at("replaying", read, total);
                });
                producer.flush();
                throwIfFailed();
            }
        }
        progress.clear();
        print();
        return UserstoreAudit.OK;
    }

    private Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        servers.kafka(),
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.LINGER_MS_CONFIG,
                        20),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** @return the target's partitions */
    private int prepareTarget(int partitions) throws InterruptedException {
        if (partitions == 0) {
            throw CommandFailedException.couldNotRun("there is no topic " + servers.eventsTopic());
        }
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers.kafka()))) {
            admin.createTopics(List.of(new NewTopic(toTopic, Optional.of(partitions), Optional.empty())))
                    .all()
                    .get();
            awaitMade(partitions);
            return partitions;
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new KafkaException("the topic " + toTopic + " cannot be made", e.getCause());
            }
        }
        try (EventTopic target = servers.topic(toTopic)) {
            List<Range> there = target.ranges();
            if (!append && there.stream().anyMatch(range -> range.size() > 0)) {
                throw CommandFailedException.usage(
                        "the topic " + toTopic + " holds records already; --append copies all the same");
            }
            return there.size();
        }
    }

    /** Until the brokers know of it: a producer that meets a topic half made begins to number its records anew. */
    private void awaitMade(int partitions) throws InterruptedException {
        try (EventTopic target = servers.topic(toTopic)) {
            for (int attempt = 0; target.ranges().size() != partitions; attempt++) {
                if (attempt == MADE_WITHIN_ATTEMPTS) {
                    throw new KafkaException("the topic " + toTopic + " was made, and is not there");
                }
                Thread.sleep(100);
            }
        }
    }

    private void copy(List<LogRecord> batch, Producer<byte[], byte[]> producer, boolean samePartitions, long started) {
        for (LogRecord record : batch) {
            read++;
            if (filter.wants(record) && EventFilter.isWithin(record, from, to)) {
                throwIfFailed();
                awaitTurn(started);
                producer.send(
                        new ProducerRecord<>(
                                toTopic,
                                samePartitions ? record.partition() : null,
                                record.raw().timestamp(),
                                record.raw().key(),
                                record.raw().value(),
                                record.raw().headers()),
                        (metadata, error) -> {
                            if (error != null) {
                                failed.compareAndSet(null, error);
                            }
                        });
                copied++;
            }
        }
    }

    private void awaitTurn(long started) {
        if (rate == 0) {
            return;
        }
        long due = started + (long) (copied * 1e9 / rate);
        long wait = due - System.nanoTime();
        if (wait > 0) {
            java.util.concurrent.locks.LockSupport.parkNanos(wait);
        }
    }

    private void throwIfFailed() {
        Exception error = failed.get();
        if (error != null) {
            throw new KafkaException("a record was not taken: " + error.getMessage(), error);
        }
    }

    private void print() {
        if (output.isJson()) {
            output.row(
                    spec.commandLine().getOut(), List.of(), Map.of("topic", toTopic, "read", read, "copied", copied));
        } else {
            spec.commandLine().getOut().println("copied " + copied + " of " + read + " records to " + toTopic);
        }
    }
}
