package io.userstore.command.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.command.RunningCommandService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** Somebody tries codes by the thousand, while their owner has the right one. */
@DirtiesContext
@TestPropertySource(
        properties = {
            "userstore.limits.code-failures-burst=10",
            "userstore.limits.code-failures-per-second=1",
            "userstore.trusted-proxies=127.0.0.0/8,::1"
        })
class GuessedCodesTest extends RunningCommandService {
    private static final int GUESSES = 10_000;
    private static final int CONNECTIONS = 8;

    @ParameterizedTest
    @CsvSource({"/1/auth/verify, 192.0.2.1", "/1/auth/reset-password, 192.0.2.2"})
    void ofTenThousandGuessesNoneIsRightAndTheOwnersCodeStaysGood(String path, String guesser) throws Exception {
        String code = aCode(path);
        Map<Integer, Integer> answers = guess(path, guesser);
        assertThat(answers.keySet()).containsExactlyInAnyOrder(404, 429);
        assertThat(answers.get(404)).as("ten at once and one more each second").isBetween(10, 60);

        String refused = aCodeThatIsRefused(path, guesser);
        for (String right : List.of(code, refused)) {
            assertThat(use(path, right, "192.0.2.9").status())
                    .as("the owner, elsewhere")
                    .isEqualTo(200);
        }
    }

    /** Whoever guesses waits, with a right code as well. */
    private String aCodeThatIsRefused(String path, String guesser) {
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> {
                            String code = aCode(path);
                            // Until one is refused; within the second another may be allowed, and be the right one.
                            int status;
                            do {
                                status = use(path, UUID.randomUUID().toString(), guesser)
                                        .status();
                            } while (status == 404);
                            return use(path, code, guesser).status() == 429 ? code : "";
                        },
                        code -> !code.isEmpty());
    }

    private String aCode(String path) {
        String email = aName() + "@example.com";
        Answer owner = form("/1/users?verify_user=true", "email=" + email + "&password=abcd1234");
        assertThat(owner.status()).isEqualTo(201);
        return path.endsWith("verify")
                ? owner.text("verification_code")
                : form("/1/auth/forgot-password?send_email=false", "email=" + email)
                        .text("reset_code");
    }

    /** How many answers had each status. */
    private Map<Integer, Integer> guess(String path, String guesser) throws Exception {
        Map<Integer, Integer> answers = new ConcurrentHashMap<>();
        List<Callable<Void>> guessers = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            guessers.add(() -> {
                for (int n = 0; n < GUESSES / CONNECTIONS; n++) {
                    Answer answer = use(path, UUID.randomUUID().toString(), guesser);
                    answers.merge(answer.status(), 1, Integer::sum);
                    if (answer.status() == 429) {
                        assertThat(answer.header("Retry-After")).matches("[1-9]\\d*");
                    }
                }
                return null;
            });
        }
        try (ExecutorService all = Executors.newFixedThreadPool(CONNECTIONS)) {
            for (Future<Void> one : all.invokeAll(guessers)) {
                one.get();
            }
        }
        return answers;
    }

    private Answer use(String path, String code, String from) {
        String password = path.endsWith("verify") ? "" : ",\"password\":\"efgh5678\"";
        return json("POST", path, "{\"code\":\"" + code + "\"" + password + "}", "X-Forwarded-For", from);
    }
}
