package io.userstore.standalone;

import io.userstore.command.sign.SigningKey;
import io.userstore.embedded.EmbeddedKafkaBroker;
import io.userstore.embedded.EmbeddedMongoServer;
import io.userstore.embedded.EmbeddedPostgresServer;
import io.userstore.embedded.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Starts each server that no address is set for, before any bean is made, and tells the services where they are. They
 * are stopped after the services.
 */
final class EmbeddedServers implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    private final List<AutoCloseable> started = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Object> addresses = Collections.synchronizedMap(new HashMap<>());

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        ConfigurableEnvironment environment = context.getEnvironment();
        String host = environment.getProperty("userstore.embedded-address", "127.0.0.1");
        Ports.requireFree(
                environment.getProperty("server.address", "127.0.0.1"),
                environment.getProperty("server.port", Integer.class, 8080),
                "HTTP",
                "server.port");
        Path data = dataDirectory(environment);
        SpringApplication.getShutdownHandlers().add(this::stop);
        try {
            secretKey(environment, data);
            masterKey(environment, data);
            signingKey(environment, data);
            startServers(environment, host, data);
        } catch (RuntimeException e) {
            stop();
            throw e;
        }
        environment.getPropertySources().addFirst(new MapPropertySource("embedded-servers", addresses));
    }

    private static Path dataDirectory(ConfigurableEnvironment environment) {
        Path data = Path.of(environment.getProperty("userstore.data-directory", "data"))
                .toAbsolutePath()
                .normalize();
        try {
            return Files.createDirectories(data);
        } catch (IOException e) {
            throw new StartFailedException(
                    "the data folder " + data + " cannot be made (property userstore.data-directory): " + e, e);
        }
    }

    private void secretKey(ConfigurableEnvironment environment, Path data) {
        if (!environment.getProperty("userstore.secret-key", "").isBlank()) {
            return;
        }
        try {
            SecretKeyFile file = SecretKeyFile.readOrMake(data.resolve("secret-key"));
            addresses.put("userstore.secret-key", file.key());
            addresses.put(Welcome.KEY_FILE, file.path().toString());
            addresses.put(Welcome.KEY_IS_NEW, file.isNew());
        } catch (IOException e) {
            throw new StartFailedException("the secret key in " + data + " cannot be read or written: " + e, e);
        }
    }

    private void masterKey(ConfigurableEnvironment environment, Path data) {
        if (!isMissing(environment, "userstore.master-key") || !isMissing(environment, "userstore.master-key-file")) {
            return;
        }
        try {
            addresses.put("userstore.master-key", MasterKeyFile.readOrMake(data.resolve("master-key")));
        } catch (IOException e) {
            throw new StartFailedException("the master key in " + data + " cannot be read or written: " + e, e);
        }
    }

    private void signingKey(ConfigurableEnvironment environment, Path data) {
        if (!isMissing(environment, "userstore.signing-key") || !isMissing(environment, "userstore.signing-key-file")) {
            return;
        }
        try {
            Path file = data.resolve("signing-key");
            if (!Files.exists(file)) {
                OwnerOnlyFile.make(file, SigningKey.newPem().strip());
            }
            addresses.put("userstore.signing-key-file", file.toString());
        } catch (IOException e) {
            throw new StartFailedException("the signing key in " + data + " cannot be written: " + e, e);
        }
    }

    /** Side by side: they do not need each other, and PostgreSQL is a process of its own. */
    private void startServers(ConfigurableEnvironment environment, String host, Path data) {
        List<CompletableFuture<Void>> starts = new ArrayList<>();
        if (isMissing(environment, "spring.datasource.url")) {
            takeOver(data.resolve("postgres"));
            int port = port(environment, host, "PostgreSQL", "userstore.postgres.port", 15432);
            starts.add(start("PostgreSQL", host, port, () -> {
                EmbeddedPostgresServer server = EmbeddedPostgresServer.start(data.resolve("postgres"), host, port);
                addresses.put("spring.datasource.url", server.jdbcUrl() + "?reWriteBatchedInserts=true");
                addresses.put("spring.datasource.username", server.username());
                addresses.put("spring.datasource.password", server.password());
                return server;
            }));
        }
        if (isMissing(environment, "spring.kafka.bootstrap-servers")) {
            int port = port(environment, host, "Kafka", "userstore.kafka.port", 9092);
            starts.add(start("Kafka", host, port, () -> {
                EmbeddedKafkaBroker broker = EmbeddedKafkaBroker.start(data.resolve("kafka"), host, port);
                addresses.put("spring.kafka.bootstrap-servers", broker.bootstrapServers());
                return broker;
            }));
        }
        if (isMissing(environment, "userstore.mongodb.uri")) {
            int port = port(environment, host, "The MongoDB-protocol server", "userstore.mongodb.port", 27017);
            starts.add(start("MongoDB protocol", host, port, () -> {
                EmbeddedMongoServer server = EmbeddedMongoServer.start(data.resolve("mongodb"), host, port);
                addresses.put("userstore.mongodb.uri", server.uri());
                return server;
            }));
        }
        awaitAll(starts);
    }

    /** After a kill the old PostgreSQL lives on, and would be found on its port; a living owner is left alone. */
    private static void takeOver(Path data) {
        try {
            EmbeddedPostgresServer.stopLeftBehind(data);
        } catch (IllegalStateException e) {
            throw new StartFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    private static boolean isMissing(ConfigurableEnvironment environment, String property) {
        return environment.getProperty(property, "").isBlank();
    }

    private static int port(
            ConfigurableEnvironment environment, String host, String server, String property, int fallback) {
        int port = environment.getProperty(property, Integer.class, fallback);
        Ports.requireFree(host, port, server, property);
        return port;
    }

    private CompletableFuture<Void> start(String name, String host, int port, Supplier<AutoCloseable> server) {
        return CompletableFuture.runAsync(
                () -> {
                    long begin = System.nanoTime();
                    started.add(server.get());
                    double seconds = (System.nanoTime() - begin) / 1e9;
                    Console.say("  %-17s ready on %s:%d (%.1f s)".formatted(name, host, port, seconds));
                },
                task -> Thread.ofPlatform().name("start-" + name).start(task));
    }

    private static void awaitAll(List<CompletableFuture<Void>> starts) {
        Console.say("Starting the servers…");
        RuntimeException failure = null;
        for (CompletableFuture<Void> start : starts) {
            try {
                start.join();
            } catch (CompletionException e) {
                failure = new StartFailedException(String.valueOf(root(e).getMessage()), e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static Throwable root(CompletionException e) {
        return e.getCause() == null ? e : e.getCause();
    }

    private void stop() {
        synchronized (started) {
            for (AutoCloseable server : started.reversed()) {
                try {
                    server.close();
                } catch (Exception e) {
                    Console.complain("a server did not stop as it should: " + e);
                }
            }
            started.clear();
        }
    }
}
