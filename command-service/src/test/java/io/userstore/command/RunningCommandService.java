package io.userstore.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.api.seal.MasterKey;
import io.userstore.api.seal.MasterKeys;
import io.userstore.api.seal.UserKey;
import io.userstore.embedded.TestServers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The command service over real servers, spoken to by HTTP. The password hash is the cheapest there is, and nobody waits
 * for a query side, since there is none.
 */
@SpringBootTest(
        classes = CommandApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "userstore.secret-key=" + RunningCommandService.KEY,
            "userstore.master-key=" + RunningCommandService.MASTER_KEY,
            "userstore.signing-key=MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g",
            "userstore.audit.head-interval=200ms",
            // Several contexts share the server's connections.
            "spring.datasource.hikari.maximum-pool-size=12",
            "spring.datasource.hikari.minimum-idle=1",
            "spring.datasource.hikari.idle-timeout=10000",
            "userstore.visibility.max-wait=0s",
            "userstore.password.memory-kib=8",
            "userstore.password.iterations=1",
            "userstore.password.queue=1000",
            "userstore.limits.sign-in-failures-burst=0",
            "userstore.limits.code-failures-burst=0",
            "logging.structured.format.console=",
            "userstore.event-store.snapshot-every=5"
        })
public abstract class RunningCommandService {
    protected static final String KEY = "sk_test_0123456789abcdef";
    /** The same in all tests, since they share a database. */
    protected static final String MASTER_KEY = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    protected static final MasterKeys MASTERS =
            new MasterKeys(MasterKey.parse(MASTER_KEY).orElseThrow(), null);

    protected static final JsonMapper JSON = JsonMapper.shared();

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @LocalServerPort
    private int port;

    protected int port() {
        return port;
    }

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        registry.add("spring.datasource.url", TestServers::jdbcUrl);
        registry.add("spring.datasource.username", TestServers::jdbcUsername);
        registry.add("spring.datasource.password", TestServers::jdbcPassword);
        registry.add("spring.kafka.bootstrap-servers", TestServers::kafkaBootstrapServers);
    }

    /** An answer, with its body as JSON. */
    protected record Answer(HttpResponse<String> response) {
        public int status() {
            return response.statusCode();
        }

        public JsonNode json() {
            return JSON.readTree(response.body());
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        public String text(String field) {
            return json().path(field).asString("");
        }
    }

    protected Answer send(String method, String path, String contentType, byte[] body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, BodyPublishers.ofByteArray(body))
                .header("Authorization", basic(KEY));
        if (!contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        try {
            return new Answer(HTTP.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    protected static String basic(String key) {
        return "Basic " + Base64.getEncoder().encodeToString((key + ":").getBytes(StandardCharsets.UTF_8));
    }

    protected Answer json(String method, String path, String body, String... headers) {
        return send(method, path, "application/json", body.getBytes(StandardCharsets.UTF_8), headers);
    }

    protected Answer form(String path, String body) {
        return send("POST", path, "application/x-www-form-urlencoded", body.getBytes(StandardCharsets.UTF_8));
    }

    protected Answer delete(String path, String... headers) {
        return send("DELETE", path, "", new byte[0], headers);
    }

    /** The key of a user, as the database has it. */
    protected static UserKey keyOf(JdbcClient jdbc, String userId) {
        String wrapped = jdbc.sql("SELECT wrapped FROM user_key WHERE user_id = ?")
                .param(UUID.fromString(userId))
                .query(String.class)
                .single();
        return MASTERS.unwrap(userId, wrapped).orElseThrow();
    }

    /** The ids of those users who are there and in whose creation something stands. */
    protected static List<String> createdWith(JdbcClient jdbc, String text) {
        List<String> ids = new ArrayList<>();
        jdbc.sql("SELECT aggregate_id, payload FROM domain_event JOIN user_key ON user_id::text = aggregate_id"
                        + " WHERE payload_type = 'user.created'")
                .query(row -> {
                    String id = row.getString(1);
                    String personal =
                            JSON.readTree(row.getString(2)).path("personal").stringValue();
                    if (keyOf(jdbc, id).open(personal).orElseThrow().contains(text)) {
                        ids.add(id);
                    }
                });
        return ids;
    }

    /** A user name that no other test has. */
    protected static String aName() {
        return "u" + UUID.randomUUID().toString().replace("-", "");
    }

    /** Creates a user with the password {@code abcd1234} and answers its id. */
    protected String aUserNamed(String username) {
        Answer created = json("POST", "/1/users", "{\"username\":\"" + username + "\",\"password\":\"abcd1234\"}");
        assertThat(created.status()).as(created.response().body()).isEqualTo(201);
        return created.text("id");
    }
}
