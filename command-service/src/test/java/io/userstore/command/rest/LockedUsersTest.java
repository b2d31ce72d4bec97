package io.userstore.command.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.command.RunningCommandService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** Without states in memory, as an instance that has just started sees a user, and without snapshots: an event is as it is stored. */
@DirtiesContext // gives its connections back
@TestPropertySource(
        properties = {
            "userstore.event-store.cached-states=0",
            "userstore.event-store.snapshot-every=1000",
            "userstore.lockout.first=1h",
            "userstore.lockout.longest=1h"
        })
class LockedUsersTest extends RunningCommandService {
    @Autowired
    private JdbcClient jdbc;

    private final String name = aName();

    @Test
    void fiveWrongPasswordsLockAndTheRightOneIsThenRefusedInTheSameWords() {
        String id = aUserNamed(name);
        Answer wrong = signIn("wrong");
        for (int i = 0; i < 4; i++) {
            signIn("wrong");
        }
        Answer right = signIn("abcd1234");
        assertThat(right.status()).isEqualTo(401);
        assertThat(right.text("error")).isEqualTo(wrong.text("error")).isEqualTo("invalid_credentials");
        assertThat(right.text("detail")).isEqualTo(wrong.text("detail"));
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(storedTypes(id)).endsWith("user.login-failed user.locked"));
        assertThat(json("POST", "/1/auth/confirm", "{\"id\":\"" + id + "\",\"password\":\"abcd1234\"}")
                        .status())
                .as("also to confirm")
                .isEqualTo(401);

        endLock(id);
        assertThat(signIn("abcd1234").status()).isEqualTo(200);
        assertThat(storedTypes(id)).as("while locked nothing is recorded").containsOnlyOnce("user.locked");
        assertThat(signIn("wrong").status()).isEqualTo(401);
        assertThat(signIn("abcd1234").status())
                .as("the login began the count anew")
                .isEqualTo(200);
    }

    @Test
    void aWrongPasswordToConfirmCountsToo() {
        String id = aUserNamed(name);
        for (int i = 0; i < 5; i++) {
            json("POST", "/1/auth/confirm", "{\"id\":\"" + id + "\",\"password\":\"wrong\"}");
        }
        assertThat(signIn("abcd1234").status()).isEqualTo(401);
    }

    @Test
    void aNewPasswordUnlocks() {
        String id = aUserNamed(name);
        for (int i = 0; i < 5; i++) {
            signIn("wrong");
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(storedTypes(id)).endsWith("user.locked"));
        json("PATCH", "/1/users/" + id, "{\"password\":\"another one\"}");
        assertThat(signIn("another one").status()).isEqualTo(200);
        assertThat(signIn("abcd1234").status()).isEqualTo(401);
    }

    @Test
    void aLockedUserStillComesInByAProvider() {
        String id = aUserNamed(name);
        json("POST", "/1/users/" + id + "/auth-providers/google", "{\"client_id\":\"" + id + "\"}");
        for (int i = 0; i < 5; i++) {
            signIn("wrong");
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(storedTypes(id)).endsWith("user.locked"));
        assertThat(json("POST", "/1/auth/signin", "{\"provider\":\"google\",\"client_id\":\"" + id + "\"}")
                        .status())
                .isEqualTo(200);
        assertThat(storedTypes(id)).endsWith("user.locked user.login-recorded");
    }

    /** Each wrong password that counts is recorded; the others were refused whatever they were. */
    @Test
    void ofTwoHundredGuessesAtOnceFiveAreLookedAt() throws Exception {
        String id = aUserNamed(name);
        List<Callable<Integer>> guesses = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String guess = "guess" + i;
            guesses.add(() -> signIn(guess).status());
        }
        try (ExecutorService callers = Executors.newFixedThreadPool(64)) {
            for (Future<Integer> answer : callers.invokeAll(guesses)) {
                assertThat(answer.get()).isEqualTo(401);
            }
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(storedTypes(id)).contains("user.locked"));
        assertThat(storedTypes(id).split("user.login-failed", -1)).hasSizeLessThanOrEqualTo(6);
    }

    /** As if the time had passed. */
    private void endLock(String userId) {
        int ended = jdbc.sql("UPDATE domain_event SET payload ="
                        + " jsonb_set(payload::jsonb, '{until}', to_jsonb('2026-01-04T23:48:34Z'::text))::text"
                        + " WHERE aggregate_id = ? AND payload_type = 'user.locked'")
                .param(userId + "/sign-ins")
                .update();
        assertThat(ended).isEqualTo(1);
    }

    private Answer signIn(String password) {
        return json("POST", "/1/auth/signin", "{\"username\":\"" + name + "\",\"password\":\"" + password + "\"}");
    }

    private String storedTypes(String userId) {
        return String.join(
                " ",
                jdbc.sql("SELECT payload_type FROM domain_event WHERE aggregate_id = ? ORDER BY seq")
                        .param(userId + "/sign-ins")
                        .query(String.class)
                        .list());
    }
}
