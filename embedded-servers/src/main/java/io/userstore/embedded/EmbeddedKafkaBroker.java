package io.userstore.embedded;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Kafka broker with its own controller in this JVM, for one machine. Topics are never made by themselves, and records are
 * kept for ever unless a topic says otherwise.
 *
 * <p>Acknowledged records survive the end of the process, however it ends. They are left to the operating system to write to
 * disk, as Kafka always does: a power cut may take the last seconds on a single broker.
 *
 * <p>Thread-safe.
 */
public final class EmbeddedKafkaBroker implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedKafkaBroker.class);
    private static final String NODE_ID = "1";
    private static final String CONTROLLER = "CONTROLLER";

    private final KafkaRaftServer server;
    private final String bootstrapServers;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedKafkaBroker(KafkaRaftServer server, String bootstrapServers) {
        this.server = server;
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Starts the broker and returns when it serves, in 3 to 5 s.
     *
     * @param dataDirectory made if missing; kept over restarts, for one broker at a time
     * @param host the loopback address to listen on; clients are told the same
     * @param port the clients' port, 1 to 65535; the controller takes a free one beside it
     * @throws IllegalStateException if another broker uses the directory, or the port is taken
     */
    public static EmbeddedKafkaBroker start(Path dataDirectory, String host, int port) {
        Path directory = dataDirectory.toAbsolutePath();
        formatIfNew(directory);
        KafkaConfig config = new KafkaConfig(properties(directory, host, port, Ports.free()), false);
        KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
        try {
            server.startup();
        } catch (RuntimeException e) {
            server.shutdown();
            throw new IllegalStateException(
                    "Kafka did not start on %s:%d with its data in %s: %s"
                            .formatted(host, port, directory, e.getMessage()),
                    e);
        }
        log.info("Kafka listens on {}:{}, data in {}", host, port, directory);
        return new EmbeddedKafkaBroker(server, host + ":" + port);
    }

    /** Returns {@code host:port}, for {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Stops the broker and waits for it. Closing again does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            server.shutdown();
            server.awaitShutdown();
        }
    }

    private static void formatIfNew(Path directory) {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        try {
            Files.createDirectories(directory);
            new Formatter()
                    .setPrintStream(new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setNodeId(Integer.parseInt(NODE_ID))
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName(CONTROLLER)
                    .setMetadataLogDirectory(directory.toString())
                    .addDirectory(directory.toString())
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .run();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the data directory " + directory, e);
        } catch (Exception e) {
            throw new IllegalStateException("cannot format " + directory + " for Kafka: " + e.getMessage(), e);
        }
    }

    private static Properties properties(Path directory, String host, int port, int controllerPort) {
        Properties properties = new Properties();
        listeners(properties, host, port, controllerPort);
        aClusterOfOne(properties);
        quickRestart(properties);
        fewThreadsAndLittleMemory(properties);
        properties.setProperty("log.dirs", directory.toString());
        properties.setProperty("log.retention.ms", "-1");
        properties.setProperty("auto.create.topics.enable", "false");
        return properties;
    }

    private static void listeners(Properties properties, String host, int port, int controllerPort) {
        String controller = host + ":" + controllerPort;
        properties.setProperty("process.roles", "broker,controller");
        properties.setProperty("node.id", NODE_ID);
        properties.setProperty("controller.quorum.voters", NODE_ID + "@" + controller);
        properties.setProperty("controller.listener.names", CONTROLLER);
        properties.setProperty("listeners", "PLAINTEXT://%s:%d,CONTROLLER://%s".formatted(host, port, controller));
        properties.setProperty("advertised.listeners", "PLAINTEXT://%s:%d".formatted(host, port));
        properties.setProperty("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    }

    private static void aClusterOfOne(Properties properties) {
        properties.setProperty("offsets.topic.replication.factor", "1");
        properties.setProperty("offsets.topic.num.partitions", "1");
        properties.setProperty("transaction.state.log.replication.factor", "1");
        properties.setProperty("transaction.state.log.min.isr", "1");
        properties.setProperty("transaction.state.log.num.partitions", "1");
        properties.setProperty("share.coordinator.state.topic.replication.factor", "1");
        properties.setProperty("share.coordinator.state.topic.min.isr", "1");
        properties.setProperty("share.coordinator.state.topic.num.partitions", "1");
        properties.setProperty("group.initial.rebalance.delay.ms", "0");
    }

    /** After a kill, the broker's former registration stands in the way until its session has timed out: by default 9 s. */
    private static void quickRestart(Properties properties) {
        properties.setProperty("broker.session.timeout.ms", "2000");
        properties.setProperty("broker.heartbeat.interval.ms", "500");
    }

    /** It shares two cores and 1 GB with all the rest; the log cleaner's buffer alone takes 128 MiB by default. */
    private static void fewThreadsAndLittleMemory(Properties properties) {
        properties.setProperty("num.network.threads", "2");
        properties.setProperty("num.io.threads", "2");
        properties.setProperty("background.threads", "2");
        properties.setProperty("num.replica.fetchers", "1");
        properties.setProperty("num.recovery.threads.per.data.dir", "1");
        properties.setProperty("log.cleaner.threads", "1");
        properties.setProperty("log.cleaner.dedupe.buffer.size", Integer.toString(4 * 1024 * 1024));
    }
}
