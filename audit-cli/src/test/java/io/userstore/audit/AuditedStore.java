package io.userstore.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.api.event.Topics;
import io.userstore.embedded.TestServers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A user store over the real servers, with a history, for all tests of the JVM; and the tool, as it is run on it. */
final class AuditedStore {
    static final String KEY = "sk_test_0123456789abcdef";
    static final JsonMapper JSON = JsonMapper.shared();

    private static final String MASTER_KEY = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final ConfigurableApplicationContext services;
    private final String url;
    private final Path folder;

    /** What a run of the tool came to. */
    record Run(int exitCode, String out, String err) {
        /** Of {@code --output json}. */
        List<JsonNode> rows() {
            return out.lines().map(JSON::readTree).toList();
        }
    }

    private AuditedStore() {
        services = new SpringApplicationBuilder(UserstoreServices.class)
                .run(
                        "--server.port=0",
                        "--spring.datasource.url=" + TestServers.jdbcUrl(),
                        "--spring.datasource.username=" + TestServers.jdbcUsername(),
                        "--spring.datasource.password=" + TestServers.jdbcPassword(),
                        "--spring.kafka.bootstrap-servers=" + TestServers.kafkaBootstrapServers(),
                        "--userstore.mongodb.uri=" + TestServers.mongoUri(),
                        "--userstore.secret-key=" + KEY,
                        "--userstore.master-key=" + MASTER_KEY,
                        "--userstore.signing-key=MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g",
                        "--userstore.audit.head-interval=200ms",
                        "--userstore.visibility.max-wait=30s",
                        "--userstore.password.memory-kib=8",
                        "--userstore.password.iterations=1",
                        "--logging.level.root=warn",
                        "--logging.structured.format.console=");
        url = "http://127.0.0.1:" + services.getEnvironment().getProperty("local.server.port");
        try {
            folder = Files.createTempDirectory("userstore-audit-");
            Files.writeString(folder.resolve("master-key"), MASTER_KEY);
            Files.writeString(folder.resolve("secret-key"), KEY);
            Files.writeString(folder.resolve("password"), TestServers.jdbcPassword());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> call("GET", "/1/users", "").contains("paging"));
        String pem = JSON.readTree(call("GET", "/1/audit/key", "")).path("pem").asString("");
        try {
            Files.writeString(publicKey(), pem);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Apart, since the threads that wait for it use the class while it is made. */
    private static final class Running {
        static final AuditedStore ONE = new AuditedStore();
    }

    static AuditedStore running() {
        return Running.ONE;
    }

    Path publicKey() {
        return folder.resolve("public-key.pem");
    }

    String url() {
        return url;
    }

    JdbcTemplate jdbc() {
        return new JdbcTemplate(new DriverManagerDataSource(
                TestServers.jdbcUrl(), TestServers.jdbcUsername(), TestServers.jdbcPassword()));
    }

    Connection connection() throws SQLException {
        return DriverManager.getConnection(
                TestServers.jdbcUrl(), TestServers.jdbcUsername(), TestServers.jdbcPassword());
    }

    String call(String method, String path, String body) {
        try {
            HttpResponse<String> answer = HTTP.send(
                    HttpRequest.newBuilder(URI.create(url + path))
                            .method(method, BodyPublishers.ofString(body))
                            .header("Authorization", "Bearer " + KEY)
                            .header("Content-Type", "application/json")
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(path + answer.body()).isBetween(200, 503);
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Somebody who registers, signs in (once with a wrong password), changes and signs out; answers the id. */
    String aLife(String username) {
        String id = JSON.readTree(call(
                        "POST",
                        "/1/users",
                        "{\"username\":\"%s\",\"email\":\"%s@example.com\",\"password\":\"abcd1234\",\"group\":\"cadets\"}"
                                .formatted(username, username)))
                .path("id")
                .asString("");
        call("POST", "/1/auth/signin", "{\"username\":\"" + username + "\",\"password\":\"abcd1234\"}");
        call("POST", "/1/auth/signin", "{\"username\":\"" + username + "\",\"password\":\"wrong\"}");
        call(
                "PATCH",
                "/1/users/" + id,
                "{\"first_name\":\"Tina\",\"group\":\"officers\",\"extra\":{\"color\":\"blue\"}}");
        call("PATCH", "/1/users/" + id, "{\"email\":\"new-" + username + "@example.com\"}");
        call(
                "POST",
                "/1/users/" + id + "/auth-providers",
                "{\"provider\":\"google\",\"client_id\":\"" + username + "\"}");
        call("POST", "/1/auth/signout", "{\"id\":\"" + id + "\"}");
        return id;
    }

    /** Until everything is published and signed. */
    void awaitSigned() {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            Long events = jdbc().queryForObject(
                            "SELECT count(*) FROM domain_event WHERE payload_type LIKE 'user.%'", Long.class);
            Long signed = jdbc().queryForObject("SELECT coalesce(max(tree_size), 0) FROM audit_head", Long.class);
            return events != null && events > 0 && events.equals(signed);
        });
    }

    /** Runs the tool with the options that say where the servers are, and those given. */
    Run run(String command, Object... arguments) {
        return runOn(Topics.EVENTS, command, arguments);
    }

    /** Likewise, without the master key. */
    Run runSealed(String command, Object... arguments) {
        return run(Topics.EVENTS, false, command, arguments);
    }

    /** Likewise, on another topic than that of events. */
    Run runOn(String topic, String command, Object... arguments) {
        return run(topic, true, command, arguments);
    }

    private Run run(String topic, boolean isOpened, String command, Object... arguments) {
        List<String> all = new ArrayList<>(List.of(command.split(" ")));
        Stream.of(arguments).map(Object::toString).forEach(all::add);
        all.addAll(List.of(
                "--jdbc-url=" + TestServers.jdbcUrl(),
                "--jdbc-username=" + TestServers.jdbcUsername(),
                "--jdbc-password-file=" + folder.resolve("password"),
                "--kafka=" + TestServers.kafkaBootstrapServers(),
                "--events-topic=" + topic));
        if (command.equals("verify") && all.stream().noneMatch(one -> one.startsWith("--mongodb="))) {
            all.add("--mongodb=" + TestServers.mongoUri());
        }
        if (List.of("verify", "dead-letters retry").contains(command)) {
            all.addAll(List.of("--url=" + url, "--key-file=" + folder.resolve("secret-key")));
        }
        if (isOpened && List.of("history", "as-of", "diff", "verify").contains(command)) {
            all.add("--master-key-file=" + folder.resolve("master-key"));
        }
        return tool(all.toArray(String[]::new));
    }

    /** The tool, of which only the service itself is known. */
    Run runOnService(Object... arguments) {
        List<String> all =
                new ArrayList<>(Stream.of(arguments).map(Object::toString).toList());
        all.addAll(List.of("--url=" + url, "--key-file=" + folder.resolve("secret-key")));
        return tool(all.toArray(String[]::new));
    }

    /** The tool with these arguments and no others. */
    static Run tool(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = UserstoreAudit.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Run(exitCode, out.toString(), err.toString());
    }
}
