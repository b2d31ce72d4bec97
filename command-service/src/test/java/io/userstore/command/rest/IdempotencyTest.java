package io.userstore.command.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.command.RunningCommandService;
import io.userstore.command.idempotency.RequestSecrets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

class IdempotencyTest extends RunningCommandService {
    private static final String HEADER = "Idempotency-Key";

    @Autowired
    private JdbcClient jdbc;

    private final String key = "order " + UUID.randomUUID();
    private final String name = aName();
    private final String body = "{\"username\":\"" + name + "\",\"password\":\"abcd1234\"}";

    @Test
    void aRequestThatComesAgainIsAnsweredAsTheFirstTime() {
        Answer first = json("POST", "/1/users", body, HEADER, key);
        Answer again = json("POST", "/1/users", body, HEADER, key);
        assertThat(first.status()).isEqualTo(201);
        assertThat(first.header("Idempotency-Replayed")).isEmpty();
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.response().body()).isEqualTo(first.response().body());
        for (String header : List.of("Location", "ETag", "Consistency-Token", "Content-Type")) {
            assertThat(again.header(header))
                    .as(header)
                    .isEqualTo(first.header(header))
                    .isNotEmpty();
        }
        assertThat(again.header("X-Request-Id")).isNotEqualTo(first.header("X-Request-Id"));
    }

    @Test
    void everyKindOfWriteIsRememberedRefusalsIncluded() {
        String id = aUserNamed(name);
        assertThat(json("PUT", "/1/users/" + id, "{\"first_name\":\"a\"}", HEADER, key + 1)
                        .status())
                .isEqualTo(200);
        assertThat(json("PATCH", "/1/users/" + id, "{\"first_name\":\"b\"}", HEADER, key + 2)
                        .status())
                .isEqualTo(200);
        Answer put = json("PUT", "/1/users/" + id, "{\"first_name\":\"a\"}", HEADER, key + 1);
        assertThat(put.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(json("PATCH", "/1/users/" + id, "{}").text("first_name")).isEqualTo("b");

        Answer refused = json("POST", "/1/users", body, HEADER, key + 3);
        Answer deleted = delete("/1/users/" + id, HEADER, key + 4);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(delete("/1/users/" + id, HEADER, key + 4).response().body())
                .isEqualTo(deleted.response().body());
        assertThat(json("POST", "/1/users", body, HEADER, key + 3).status())
                .as("the name is free by now, and the answer as it was")
                .isEqualTo(409);
    }

    @Test
    void anAnswerWithoutABodyIsRepeatedWithoutOne() {
        String[] headers = {HEADER, key, "Prefer", "return=minimal"};
        assertThat(json("POST", "/1/users", body, headers).response().body()).isEmpty();
        Answer again = json("POST", "/1/users", body, headers);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.response().body()).isEmpty();
    }

    @Test
    void aKeyThatWasUsedForAnotherRequestIsRefused() {
        assertThat(json("POST", "/1/users", body, HEADER, key).status()).isEqualTo(201);
        List<Answer> others = List.of(
                json("POST", "/1/users", body + " ", HEADER, key),
                json("PUT", "/1/users", body, HEADER, key),
                json("POST", "/1/auth/signin", body, HEADER, key),
                json("POST", "/1/users?verify_user=true", body, HEADER, key));
        assertThat(others).allSatisfy(other -> {
            assertThat(other.status()).isEqualTo(422);
            assertThat(other.text("error")).isEqualTo("idempotency_key_reused");
        });
    }

    @Test
    void anotherApiKeysIdempotencyKeysAreItsOwn() {
        Answer other = json("POST", "/1/applications/default/keys", "{\"permissions\":[\"users:write\"]}");
        assertThat(json("POST", "/1/users", body, HEADER, key).status()).isEqualTo(201);
        Answer theirs = json("POST", "/1/users", body, HEADER, key, "Authorization", basic(other.text("key")));
        assertThat(theirs.status())
                .as("carried out for itself: the name is taken")
                .isEqualTo(409);
    }

    @Test
    void ofTwentyAtOnceOneIsCarriedOut() throws Exception {
        List<Callable<Answer>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(() -> json("POST", "/1/applications/default/keys", "{\"permissions\":[\"auth\"]}", HEADER, key));
        }
        List<Answer> answers = new ArrayList<>();
        try (ExecutorService callers = Executors.newFixedThreadPool(20)) {
            for (Future<Answer> answer : callers.invokeAll(calls)) {
                answers.add(answer.get());
            }
        }
        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isIn(201, 409));
        assertThat(answers.stream().filter(answer -> answer.status() == 201).map(answer -> answer.text("key")))
                .as("an issued key is another one each time it is carried out")
                .isNotEmpty()
                .containsOnly(answers.stream()
                        .filter(answer -> answer.status() == 201)
                        .findFirst()
                        .orElseThrow()
                        .text("key"));
        assertThat(answers.stream().filter(answer -> answer.status() == 409))
                .allSatisfy(answer -> assertThat(answer.text("error")).isEqualTo("idempotency_key_in_use"));
    }

    @Test
    void theTableHoldsNeitherKeysNorAnswersThatCanBeRead() {
        Answer made = json("POST", "/1/applications/default/keys", "{\"permissions\":[\"auth\"]}", HEADER, key);
        String rows = String.join(
                "\n",
                jdbc.sql("SELECT id || fingerprint || encode(answer, 'escape') FROM idempotency"
                                + " WHERE answer IS NOT NULL")
                        .query(String.class)
                        .list());
        assertThat(rows)
                .isNotEmpty()
                .doesNotContain(made.text("key"))
                .doesNotContain(made.text("id"))
                .doesNotContain(key)
                .doesNotContain(KEY);
    }

    @Test
    void aRequestThatCrashedIsCarriedOutByTheNextOnceItsLeaseIsOver() {
        insertUnfinished(false, "now() + interval '1 minute'");
        Answer early = json("POST", "/1/users", body, HEADER, key);
        assertThat(early.status()).isEqualTo(409);
        assertThat(early.text("error")).isEqualTo("idempotency_key_in_use");
        assertThat(early.header("Retry-After")).isNotEmpty();
        lapse();
        Answer later = json("POST", "/1/users", body, HEADER, key);
        assertThat(later.status()).isEqualTo(201);
        assertThat(json("POST", "/1/users", body, HEADER, key).header("Idempotency-Replayed"))
                .isEqualTo("true");
    }

    /** It cannot be told what was answered, only that it must not be done again. */
    @Test
    void aRequestThatCrashedAfterItsCommitIsNotCarriedOutAgain() {
        insertUnfinished(true, "now() - interval '1 second'");
        Answer again = json("POST", "/1/users", body, HEADER, key);
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.text("error")).isEqualTo("idempotent_answer_lost");
        assertThat(json("POST", "/1/users", body).status())
                .as("nothing was made by the second request")
                .isEqualTo(201);
    }

    @Test
    void anAnswerIsForgottenAfterADay() {
        Answer first = json("POST", "/1/users", body, HEADER, key);
        jdbc.sql("UPDATE idempotency SET expires_at = now() WHERE id = ?")
                .param(id())
                .update();
        Answer later = json("POST", "/1/users", body, HEADER, key);
        assertThat(first.status()).isEqualTo(201);
        assertThat(later.status()).as("carried out anew").isEqualTo(409);
        assertThat(later.header("Idempotency-Replayed")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\tb"})
    void aKeyHasOneToTwoHundredAndFiftyFivePrintableCharacters(String bad) {
        assertThat(json("POST", "/1/users", body, HEADER, bad).status()).isEqualTo(400);
        Answer tooLong = json("POST", "/1/users", body, HEADER, "k".repeat(256));
        assertThat(tooLong.text("error")).isEqualTo("validation_error");
        assertThat(json("POST", "/1/auth/signout", "{\"id\":\"x\"}", HEADER, "k".repeat(255))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedAsEver() {
        String large = "{\"first_name\":\"" + "x".repeat(70_000) + "\"}";
        assertThat(json("POST", "/1/users", large, HEADER, key).status()).isEqualTo(413);
    }

    private void insertUnfinished(boolean executed, String leaseUntil) {
        jdbc.sql("INSERT INTO idempotency (id, fingerprint, owner, lease_until, executed, expires_at)"
                        + " VALUES (?, ?, gen_random_uuid(), " + leaseUntil + ", ?, now() + interval '1 day')")
                .params(id(), fingerprint(), executed)
                .update();
    }

    private void lapse() {
        jdbc.sql("UPDATE idempotency SET lease_until = now() WHERE id = ?")
                .param(id())
                .update();
    }

    private String id() {
        return secrets().id();
    }

    private String fingerprint() {
        return secrets().fingerprint("POST", "/1/users", body.getBytes(StandardCharsets.UTF_8));
    }

    private RequestSecrets secrets() {
        return RequestSecrets.of(KEY, key);
    }
}
