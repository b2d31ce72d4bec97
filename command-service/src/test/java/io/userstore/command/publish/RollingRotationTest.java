package io.userstore.command.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.api.seal.MasterKey;
import io.userstore.api.seal.MasterKeys;
import io.userstore.command.CommandInstance;
import io.userstore.embedded.EmbeddedKafkaBroker;
import io.userstore.embedded.EmbeddedPostgresServer;
import io.userstore.embedded.TestServers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * The master key is replaced while there are two instances, of which one at a time is started again: at each step both create users,
 * and both know the users of the other. On servers of its own, since the key is that of a database.
 */
class RollingRotationTest {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String OLD = "1d".repeat(32);
    private static final String NEW = "2e".repeat(32);
    private static final String[] BOTH = {OLD, NEW};
    private static final String[] BOTH_THE_NEW_FIRST = {NEW, OLD};
    private static final String[] ONLY_THE_NEW = {NEW, ""};

    @TempDir
    private Path folder;

    private final List<String> names = new ArrayList<>();

    @Test
    void twoInstancesServeAllUsersAtEachStepOfAReplacement() {
        try (EmbeddedPostgresServer postgres =
                        EmbeddedPostgresServer.start(folder.resolve("postgres"), LOOPBACK, TestServers.freePort());
                EmbeddedKafkaBroker kafka =
                        EmbeddedKafkaBroker.start(folder.resolve("kafka"), LOOPBACK, TestServers.freePort())) {
            CommandInstance one = start(postgres, kafka, BOTH);
            CommandInstance two = start(postgres, kafka, BOTH);
            JdbcClient jdbc = JdbcClient.create(
                    new DriverManagerDataSource(postgres.jdbcUrl(), postgres.username(), postgres.password()));
            try {
                bothServe(one, two);
                String today = MasterKey.parse(OLD).orElseThrow().id();
                assertThat(masters(jdbc)).containsExactly(today);

                String next = MasterKey.parse(NEW).orElseThrow().id();
                two.close();
                two = start(postgres, kafka, BOTH_THE_NEW_FIRST);
                awaitOnly(next, jdbc);
                awaitEndOfRotation(two);
                bothServe(one, two);
                assertThat(masters(jdbc))
                        .as("the first goes on wrapping with the old key")
                        .containsExactlyInAnyOrder(today, next);

                one.close();
                one = start(postgres, kafka, BOTH_THE_NEW_FIRST);
                awaitOnly(next, jdbc);
                bothServe(one, two);

                one.close();
                one = start(postgres, kafka, ONLY_THE_NEW);
                bothServe(one, two);
                two.close();
                two = start(postgres, kafka, ONLY_THE_NEW);
                bothServe(one, two);
                eachOpensWith(new MasterKeys(MasterKey.parse(NEW).orElseThrow(), null), jdbc);
            } finally {
                one.close();
                two.close();
            }
        }
    }

    private static CommandInstance start(EmbeddedPostgresServer postgres, EmbeddedKafkaBroker kafka, String[] keys) {
        return CommandInstance.start(
                "spring.datasource.url=" + postgres.jdbcUrl(),
                "spring.datasource.username=" + postgres.username(),
                "spring.datasource.password=" + postgres.password(),
                "spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                "userstore.master-key=" + keys[0],
                "userstore.other-master-key=" + keys[1]);
    }

    /** With what the keys of users are wrapped. */
    private static List<String> masters(JdbcClient jdbc) {
        return jdbc.sql("SELECT DISTINCT master FROM user_key")
                .query((row, number) -> row.getString(1))
                .list();
    }

    private static void awaitOnly(String master, JdbcClient jdbc) {
        await().atMost(Duration.ofSeconds(60)).until(() -> masters(jdbc).equals(List.of(master)));
    }

    /** Until it has looked once more and found nothing: what the other wraps from then on it leaves as it is. */
    private static void awaitEndOfRotation(CommandInstance instance) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> instance.send("GET", "/actuator/prometheus", "")
                        .body()
                        .contains("userstore_master_key_rotation_left_keys 0.0"));
    }

    private static void eachOpensWith(MasterKeys masters, JdbcClient jdbc) {
        jdbc.sql("SELECT user_id::text, wrapped FROM user_key").query(row -> {
            assertThat(masters.unwrap(row.getString(1), row.getString(2)))
                    .as(row.getString(1))
                    .isPresent();
        });
    }

    /** A user is made at each, changed at the other, and all there are sign in at both. */
    private void bothServe(CommandInstance one, CommandInstance two) {
        for (List<CommandInstance> pair : List.of(List.of(one, two), List.of(two, one))) {
            String name = "user" + names.size();
            String email = name + "@example.com";
            names.add(name);
            String user = "{\"username\":\"" + name + "\",\"password\":\"abcd1234\"}";
            HttpResponse<String> created = pair.getFirst().send("POST", "/1/users", user);
            assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
            String id = created.body().replaceAll(".*\"id\":\"([^\"]+)\".*", "$1");
            HttpResponse<String> changed =
                    pair.getLast().send("PATCH", "/1/users/" + id, "{\"email\":\"" + email + "\"}");
            assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
            for (String each : names) {
                String credentials = "{\"username\":\"" + each + "\",\"password\":\"abcd1234\"}";
                HttpResponse<String> signedIn = pair.getFirst().send("POST", "/1/auth/signin", credentials);
                assertThat(signedIn.statusCode()).as(each + signedIn.body()).isEqualTo(200);
                assertThat(signedIn.body()).contains(each + "@example.com");
            }
        }
    }
}
