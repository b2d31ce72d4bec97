package io.userstore.command.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.command.CommandInstance;
import io.userstore.command.RunningCommandService;
import io.userstore.command.signin.LockoutPolicy;
import io.userstore.command.signin.SignInCommand.Check;
import io.userstore.command.signin.SignInCommand.RecordLogin;
import io.userstore.command.signin.SignIns;
import io.userstore.command.store.Commands;
import io.userstore.command.store.EventContext;
import io.userstore.embedded.TestServers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;

/** A second instance over the same database: a client that changes between them must not notice. */
@DirtiesContext
class TwoInstancesTest extends RunningCommandService {
    private static CommandInstance second;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private Commands commands;

    @BeforeAll
    static void startTheSecond() {
        second = anotherWithKafkaAt(TestServers.kafkaBootstrapServers());
    }

    private static CommandInstance anotherWithKafkaAt(String servers) {
        return CommandInstance.start(
                "spring.datasource.url=" + TestServers.jdbcUrl(),
                "spring.datasource.username=" + TestServers.jdbcUsername(),
                "spring.datasource.password=" + TestServers.jdbcPassword(),
                "spring.kafka.bootstrap-servers=" + servers,
                "userstore.master-key=" + MASTER_KEY,
                "userstore.limits.sign-in-failures-burst=0");
    }

    @AfterAll
    static void stopTheSecond() {
        second.close();
    }

    @Test
    void failuresInARowAreCountedOverBothAndTheLockHoldsOnBoth() {
        String name = aName();
        String id = aUserNamed(name);
        for (int i = 0; i < 5; i++) {
            String wrong = signIn(name, "wrong" + i);
            assertThat(i % 2 == 0 ? json("POST", "/1/auth/signin", wrong).status() : atTheSecond(wrong))
                    .isEqualTo(401);
            int failures = i + 1;
            // Recorded after the answer.
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () -> assertThat(stored(id, "user.login-failed")).isEqualTo(failures));
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(stored(id, "user.locked")).isEqualTo(1));
        assertThat(json("POST", "/1/auth/signin", signIn(name, "abcd1234")).status())
                .isEqualTo(401);
        assertThat(atTheSecond(signIn(name, "abcd1234"))).isEqualTo(401);
    }

    @Test
    void ofTwoCreationsOfOneApplicationAtOnceOneIsTold() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                String body = "{\"name\":\"" + aName().substring(0, 20) + "\"}";
                Future<Integer> here = executor.submit(
                        () -> json("POST", "/1/applications", body).status());
                Future<Integer> there = executor.submit(
                        () -> second.send("POST", "/1/applications", body).statusCode());
                assertThat(List.of(here.get(), there.get())).containsExactlyInAnyOrder(201, 409);
            }
        }
    }

    /** As after a restart where names come and go with containers. */
    @Test
    void anInstanceStartsAndWritesWhileNobodyKnowsTheNameOfKafka() {
        try (CommandInstance third = anotherWithKafkaAt("nowhere.invalid:9092")) {
            String user = "{\"username\":\"" + aName() + "\",\"password\":\"abcd1234\"}";
            assertThat(third.send("POST", "/1/users", user).statusCode()).isEqualTo(201);
            assertThat(third.send("GET", "/actuator/health/readiness", "").statusCode())
                    .isEqualTo(200);
            assertThat(third.send("GET", "/actuator/health", "").body()).contains("Kafka is away");
        }
    }

    /** Between the check of a password and its login another instance may lock the user. */
    @Test
    void aLoginThatALockHasOvertakenIsNotRecorded() {
        String name = aName();
        String id = aUserNamed(name);
        assertThat(json("POST", "/1/auth/signin", signIn(name, "abcd1234")).status())
                .as("and is remembered here")
                .isEqualTo(200);
        for (int i = 0; i < 5; i++) {
            assertThat(atTheSecond(signIn(name, "wrong"))).isEqualTo(401);
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(stored(id, "user.locked")).isEqualTo(1));
        LockoutPolicy policy = new LockoutPolicy(5, Duration.ofMinutes(1), Duration.ofHours(1));
        RecordLogin late = new RecordLogin(SignIns.idOf(id), null, null, null, new Check(1, Instant.now(), policy));
        assertThat(commands.send(late, new EventContext("default", null, null)).recorded())
                .isFalse();
        assertThat(stored(id, "user.login-recorded")).isEqualTo(1);
    }

    /** Each remembers the user's sign-ins, and is behind whenever the other has recorded one. */
    @Test
    void signInsAtBothInTurnAndAtOnceAreAllRecorded() throws Exception {
        String name = aName();
        String id = aUserNamed(name);
        String right = signIn(name, "abcd1234");
        for (int i = 0; i < 3; i++) {
            assertThat(json("POST", "/1/auth/signin", right).status()).isEqualTo(200);
            assertThat(atTheSecond(right)).isEqualTo(200);
        }
        try (ExecutorService clients = Executors.newCachedThreadPool()) {
            signInAtBothAtOnce(right, clients);
        }
        assertThat(stored(id, "user.login-recorded")).isEqualTo(12);
    }

    /** Whoever loses would make a stream that is there already, and finds it then. */
    @Test
    void firstSignInsAtOnceAreAllRecorded() throws Exception {
        try (ExecutorService clients = Executors.newCachedThreadPool()) {
            for (int i = 0; i < 20; i++) {
                String name = aName();
                String id = aUserNamed(name);
                signInAtBothAtOnce(signIn(name, "abcd1234"), clients);
                assertThat(stored(id, "user.login-recorded")).isEqualTo(6);
            }
        }
    }

    private void signInAtBothAtOnce(String right, ExecutorService clients) throws Exception {
        List<Callable<Integer>> both = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            both.add(() -> json("POST", "/1/auth/signin", right).status());
            both.add(() -> atTheSecond(right));
        }
        for (Future<Integer> answer : clients.invokeAll(both)) {
            assertThat(answer.get()).isEqualTo(200);
        }
    }

    @Test
    void aWriteWithAnIdempotencyKeyIsCarriedOutByOneOfThem() throws Exception {
        String name = aName();
        String body = "{\"username\":\"" + name + "\",\"password\":\"abcd1234\"}";
        List<Callable<Integer>> both = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            both.add(() ->
                    json("POST", "/1/users", body, "Idempotency-Key", name).status());
            both.add(() -> second.send("POST", "/1/users", body, "Idempotency-Key", name)
                    .statusCode());
        }
        try (ExecutorService clients = Executors.newFixedThreadPool(both.size())) {
            for (Future<Integer> answer : clients.invokeAll(both)) {
                assertThat(answer.get()).as("made, or under way").isIn(201, 409);
            }
        }
        Answer first = json("POST", "/1/users", body, "Idempotency-Key", name);
        HttpResponse<String> other = second.send("POST", "/1/users", body, "Idempotency-Key", name);
        assertThat(first.status()).isEqualTo(201);
        assertThat(other.body()).isEqualTo(first.response().body());
        assertThat(other.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(stored(first.text("id"), "user.created")).isEqualTo(1);
    }

    private static String signIn(String name, String password) {
        return "{\"username\":\"" + name + "\",\"password\":\"" + password + "\"}";
    }

    private int atTheSecond(String signIn) {
        return second.send("POST", "/1/auth/signin", signIn).statusCode();
    }

    private long stored(String userId, String type) {
        return jdbc.sql("SELECT count(*) FROM domain_event WHERE aggregate_id LIKE ? AND payload_type = ?")
                .params(userId + "%", type)
                .query(Long.class)
                .single();
    }
}
