package io.userstore.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.embedded.Ports;
import io.userstore.embedded.TestServers;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Each service in a process of its own, configured by its environment alone, over the servers of the tests. */
public final class ServicesApart {
    public static final String KEY = "sk_apart_0123456789abcdef";

    /** As long as a write waits for the query side. */
    static final Duration MAX_WAIT = Duration.ofSeconds(10);

    private final Path folder;
    private final Map<String, String> own;
    private final String commandUrl = "http://127.0.0.1:" + Ports.free();
    private final String queryUrl = "http://127.0.0.1:" + Ports.free();

    /** @param own variables of the environment of both */
    public ServicesApart(Path folder, Map<String, String> own) {
        this.folder = folder;
        this.own = own;
    }

    /** Reads go to the one and writes to the other, without an edge. */
    Client client() {
        return new Client(queryUrl, commandUrl, KEY);
    }

    /** Where the command service listens. */
    public String commandUrl() {
        return commandUrl;
    }

    /** Where the query service listens. */
    public String queryUrl() {
        return queryUrl;
    }

    /** Returns once it is ready. */
    public RunningProcess startCommandService() {
        Map<String, String> environment = environment(commandUrl);
        environment.put("SPRING_DATASOURCE_URL", TestServers.jdbcUrl());
        environment.put("SPRING_DATASOURCE_USERNAME", TestServers.jdbcUsername());
        environment.put("SPRING_DATASOURCE_PASSWORD", TestServers.jdbcPassword());
        environment.put("USERSTORE_PASSWORD_MEMORYKIB", "8");
        Path jar = Path.of("../command-service/target/command-service-app.jar");
        return awaitReady(RunningProcess.start(jar, folder, environment), commandUrl);
    }

    /** Returns once it is ready. */
    public RunningProcess startQueryService() {
        Map<String, String> environment = environment(queryUrl);
        environment.put("USERSTORE_MONGODB_URI", TestServers.mongoUri());
        Path jar = Path.of("../query-service/target/query-service-app.jar");
        return awaitReady(RunningProcess.start(jar, folder, environment), queryUrl);
    }

    private Map<String, String> environment(String url) {
        Map<String, String> environment = new HashMap<>();
        environment.put("SERVER_PORT", url.substring(url.lastIndexOf(':') + 1));
        environment.put("SPRING_KAFKA_BOOTSTRAP_SERVERS", TestServers.kafkaBootstrapServers());
        environment.put("USERSTORE_SECRET_KEY", KEY);
        // However slow the machine is, a read that follows a write shows it.
        environment.put("USERSTORE_VISIBILITY_MAXWAIT", MAX_WAIT.toSeconds() + "s");
        environment.put("USERSTORE_MASTER_KEY", "0123456789abcdef".repeat(4));
        environment.putAll(own);
        return environment;
    }

    private static RunningProcess awaitReady(RunningProcess process, String url) {
        Client client = new Client(url, url, KEY);
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    assertThat(process.isAlive()).as(process.output()).isTrue();
                    try {
                        return client.get("/actuator/health/readiness").status() == 200;
                    } catch (UncheckedIOException e) {
                        return false;
                    }
                });
        return process;
    }
}
