package io.userstore.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.api.seal.MasterKey;
import io.userstore.api.seal.MasterKeys;
import io.userstore.embedded.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The standalone in a process of its own, on free ports, with its data in a folder of the test's. */
public final class RunningStandalone implements AutoCloseable {
    public static final String KEY = "sk_test_0123456789abcdef";

    private final Path directory;
    private final int httpPort = Ports.free();
    private final int kafkaPort = Ports.free();
    private final int postgresPort = Ports.free();
    private final int mongoPort = Ports.free();
    private final Map<String, Object> own;
    private RunningProcess process;

    RunningStandalone(Path directory) {
        this(directory, Map.of());
    }

    /** @param own properties of this one, also when it is started again */
    public RunningStandalone(Path directory, Map<String, Object> own) {
        this.directory = directory;
        this.own = own;
        this.process = launch(Map.of());
        awaitReady();
    }

    private RunningProcess launch(Map<String, Object> other) {
        Map<String, Object> properties = new LinkedHashMap<>(Map.of(
                "server.port",
                httpPort,
                "userstore.kafka.port",
                kafkaPort,
                "userstore.postgres.port",
                postgresPort,
                "userstore.mongodb.port",
                mongoPort,
                "userstore.audit.head-interval",
                "300ms",
                // However slow the machine is, a read that follows a write shows it.
                "userstore.visibility.max-wait",
                "20s",
                "userstore.password.memory-kib",
                8,
                "userstore.password.iterations",
                1,
                "userstore.password.queue",
                1_000));
        properties.putAll(own);
        properties.putAll(other);
        List<String> arguments = new ArrayList<>();
        properties.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        return RunningProcess.start(Standalone.class, directory, Map.of("USERSTORE_SECRET_KEY", KEY), arguments);
    }

    private void awaitReady() {
        await().atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    assertThat(process.isAlive()).as(process.output()).isTrue();
                    return process.output().contains("userstore is ready");
                });
    }

    Client client() {
        return new Client(url(), url(), KEY);
    }

    public String url() {
        return "http://127.0.0.1:" + httpPort;
    }

    String kafka() {
        return "127.0.0.1:" + kafkaPort;
    }

    /** The keys in the file that the standalone made at its first start. */
    MasterKeys masterKeys() {
        try {
            String text = Files.readString(directory.resolve("data/master-key"));
            return new MasterKeys(MasterKey.parse(text).orElseThrow(), null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The embedded PostgreSQL, without user name and password. */
    String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + postgresPort + "/postgres";
    }

    public Path directory() {
        return directory;
    }

    /** One more, configured as this one but for the properties given. */
    RunningProcess another(Map<String, Object> properties) {
        return launch(properties);
    }

    /** Everything it has printed since its last start. */
    public String output() {
        return process.output();
    }

    void kill() throws InterruptedException {
        process.kill();
    }

    void startAgain() {
        startAgain(Map.of());
    }

    /** @param other properties of this start only */
    void startAgain(Map<String, Object> other) {
        process = launch(other);
        awaitReady();
    }

    @Override
    public void close() {
        process.close();
    }
}
