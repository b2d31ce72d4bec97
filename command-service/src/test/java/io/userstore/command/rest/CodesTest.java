package io.userstore.command.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.command.RunningCommandService;
import io.userstore.command.code.Code;
import java.util.ArrayList;
import java.util.Collections;
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

/** Codes that callers mail by themselves; there is no mail server. */
class CodesTest extends RunningCommandService {
    @Autowired
    private JdbcClient jdbc;

    private final String address = aName() + "@example.com";

    @Test
    void aVerificationCodeIsInOneAnswerAndVerifiesTheAddress() {
        Answer created = aUserToVerify();
        String code = created.text("verification_code");
        assertThat(code).matches("[A-Za-z0-9_-]{43}");
        assertThat(created.json().get("is_active").asBoolean()).isTrue();
        assertThat(created.header("Cache-Control")).isEqualTo("no-store");
        assertThat(json("PATCH", "/1/users/" + created.text("id"), "{}")
                        .response()
                        .body())
                .doesNotContain(code)
                .doesNotContain("verification_code");

        Answer verified = json("POST", "/1/auth/verify", "{\"code\":\"" + code + "\"}");
        assertThat(verified.status()).isEqualTo(200);
        assertThat(verified.text("id")).isEqualTo(created.text("id"));
        assertThat(verified.json().get("is_email_verified").asBoolean()).isTrue();
        assertThat(verified.header("Consistency-Token")).isNotEmpty();
        assertThat(storedTypes(created.text("id")))
                .isEqualTo("user.created user.verification-requested user.email-verified");
    }

    @Test
    void aCodeThatWasUsedIsGoneAndOneThatNeverWasIsNotThere() {
        String code = aUserToVerify().text("verification_code");
        assertThat(form("/1/auth/verify", "code=" + code).status()).isEqualTo(200);
        assertExpired(form("/1/auth/verify", "code=" + code));
        assertThat(token(code).status()).isEqualTo(404);
        Answer unknown = form("/1/auth/verify", "code=" + aName());
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.text("error")).isEqualTo("not_found");
        assertThat(token(aName()).status()).isEqualTo(404);
        assertThat(form("/1/auth/verify", "").text("error")).isEqualTo("validation_error");
    }

    @Test
    void aCodeThatIsTooOldHasExpired() {
        String code = aUserToVerify().text("verification_code");
        jdbc.sql("UPDATE code SET expires_at = now() - interval '1 second' WHERE code_hash = ?")
                .param(Code.of(code).hash())
                .update();
        assertExpired(form("/1/auth/verify", "code=" + code));
        assertThat(token(code).status()).isEqualTo(404);
        assertThat(page("/confirm?code=" + code).status()).isEqualTo(410);
    }

    @Test
    void aTokenTellsWhatACodeIsFor() {
        Answer created = aUserToVerify();
        Answer token = token(created.text("verification_code"));
        assertThat(token.status()).isEqualTo(200);
        assertThat(token.text("type")).isEqualTo("verification");
        assertThat(token.text("user_id")).isEqualTo(created.text("id"));
        assertThat(token.text("expires_at")).matches("\\d{4}-.*Z");
        assertThat(token.response().body()).doesNotContain(created.text("verification_code"));
    }

    @Test
    void ofTwentyUsesAtOnceOneWins() throws Exception {
        String code = aUserToVerify().text("verification_code");
        List<Callable<Integer>> uses = new ArrayList<>(Collections.nCopies(
                20, () -> form("/1/auth/verify", "code=" + code).status()));
        assertThat(atOnce(uses)).containsOnlyOnce(200).containsOnly(200, 410);

        String reset = aResetCode();
        List<Callable<Integer>> resets = new ArrayList<>(Collections.nCopies(
                20,
                () -> form("/1/auth/reset-password", "code=" + reset + "&password=efgh5678")
                        .status()));
        assertThat(atOnce(resets)).containsOnlyOnce(200).containsOnly(200, 410);
    }

    private static List<Integer> atOnce(List<Callable<Integer>> calls) throws Exception {
        List<Integer> answers = new ArrayList<>();
        try (ExecutorService callers = Executors.newFixedThreadPool(20)) {
            for (Future<Integer> call : callers.invokeAll(calls)) {
                answers.add(call.get());
            }
        }
        return answers;
    }

    @Test
    void aNewAddressGetsANewCodeAndVoidsTheOldOne() {
        Answer created = aUserToVerify();
        String path = "/1/users/" + created.text("id");
        String options = "?verify_user=true&verify_url=http%3A%2F%2Fexample.com%2Fverify";
        assertThat(json("PUT", path + options, "{\"first_name\":\"Josh\"}")
                        .response()
                        .body())
                .doesNotContain("verification_code");
        Answer moved = json("PUT", path + options, "{\"email\":\"" + aName() + "@example.com\"}");
        assertThat(moved.text("verification_code")).matches("[A-Za-z0-9_-]{43}");
        assertExpired(form("/1/auth/verify", "code=" + created.text("verification_code")));
        assertThat(form("/1/auth/verify", "code=" + moved.text("verification_code"))
                        .status())
                .isEqualTo(200);
        Answer movedAgain = json("PATCH", path, "{\"email\":\"" + aName() + "@example.com\"}");
        assertThat(movedAgain.json().get("is_email_verified").asBoolean()).isFalse();
    }

    @Test
    void aForgottenPasswordIsSetWithTheCodeThatTheCallerMails() {
        aUserToVerify();
        String first = aResetCode();
        String second = aResetCode();
        assertExpired(form("/1/auth/reset-password", "code=" + first + "&password=efgh5678"));
        assertThat(form("/1/auth/reset-password", "code=" + second + "&password=x")
                        .text("error"))
                .isEqualTo("validation_error");
        assertThat(token(second).text("type")).isEqualTo("password_reset");
        assertThat(form("/1/auth/verify", "code=" + second).status()).isEqualTo(404);
        Answer reset = form("/1/auth/reset-password", "code=" + second + "&password=efgh5678");
        assertThat(reset.status()).isEqualTo(200);
        assertThat(reset.text("email")).isEqualTo(address);
        assertThat(signIn("efgh5678").status()).isEqualTo(200);
        assertThat(signIn("abcd1234").status()).isEqualTo(401);
        assertExpired(form("/1/auth/reset-password", "code=" + second + "&password=efgh5678"));
    }

    @Test
    void aResetCodeForNobodyIsRefused() {
        Answer unknown = form("/1/auth/forgot-password?send_email=false", "email=" + aName() + "%40example.com");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.text("error")).isEqualTo("user_not_found");
    }

    @Test
    void ofADeletedUserNoCodeIsLeft() {
        Answer created = aUserToVerify();
        delete("/1/users/" + created.text("id"));
        assertThat(form("/1/auth/verify", "code=" + created.text("verification_code"))
                        .status())
                .isEqualTo(404);
        assertThat(jdbc.sql("SELECT count(*) FROM code WHERE user_id = ?")
                        .param(UUID.fromString(created.text("id")))
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void noCodeIsStoredInTheClear() {
        String code = aUserToVerify().text("verification_code");
        for (String table : List.of("domain_event", "code", "snapshot_event", "mail")) {
            assertThat(jdbc.sql("SELECT count(*) FROM " + table + " AS r WHERE r::text LIKE ?")
                            .param("%" + code + "%")
                            .query(Long.class)
                            .single())
                    .as(table)
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/1/users?verify_user=perhaps",
                "/1/users?verify_user=true&verify_url=%2Fverify",
                "/1/users?verify_user=true&verify_url=javascript%3Aalert(1)",
                "/1/users?verify_user=true&verify_url=http%3A%2F%2Fa%0D%0Ab",
                "/1/users?verify_usr=true"
            })
    void anOptionThatMakesNoSenseIsAFault(String path) {
        Answer refused = form(path, "email=" + address + "&password=abcd1234");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("error")).isEqualTo("validation_error");
    }

    @Test
    void aCodeNeedsAnAddress() {
        Answer refused = form("/1/users?verify_user=true", "username=" + aName() + "&password=abcd1234");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().get("validation_error").get(0).get("field").asString())
                .isEqualTo("email");
    }

    @Test
    void withoutAMailServerARequestForAMailIsRefusedClearly() {
        String id = aUserNamed(aName());
        for (Answer refused : List.of(
                form("/1/users?send_email=true", "email=" + address + "&password=abcd1234"),
                form("/1/auth/forgot-password", "email=" + address),
                form("/1/users/" + id + "/confirmation", ""),
                form("/1/users/" + id + "/password-reset", ""))) {
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.text("detail")).isEqualTo("send_email: no mail server is configured");
        }
        assertThat(json(
                                "POST",
                                "/1/users",
                                "{\"email\":\"" + address + "\",\"password\":\"abcd1234\",\"confirmation\":{}}")
                        .text("detail"))
                .isEqualTo("confirmation: no mail server is configured");
    }

    @Test
    void openingAPageSpendsNothingAndItsFormDoes() {
        Answer created = aUserToVerify();
        String code = created.text("verification_code");
        for (int i = 0; i < 3; i++) {
            Answer opened = page("/confirm?code=" + code + "&utm_source=mail");
            assertThat(opened.status()).isEqualTo(200);
            assertThat(opened.response().body())
                    .contains("<html lang=\"en\">")
                    .contains("method=\"post\"")
                    .contains(code);
        }
        Answer confirmed = form("/confirm", "code=" + code);
        assertThat(confirmed.status()).isEqualTo(200);
        assertThat(confirmed.response().body()).contains("confirmed").doesNotContain(code);
        assertThat(form("/confirm", "code=" + code).status()).isEqualTo(410);
        assertThat(page("/confirm?code=" + code).status()).isEqualTo(410);
        assertThat(json("PATCH", "/1/users/" + created.text("id"), "{}")
                        .json()
                        .get("is_email_verified")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void pagesLoadNothingAndTellNobodyTheirAddress() {
        Answer opened = page("/reset-password?code=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E");
        assertThat(opened.status()).isEqualTo(410);
        assertThat(opened.response().body()).doesNotContain("<script");
        assertThat(opened.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
        assertThat(opened.header("Content-Security-Policy")).startsWith("default-src 'none'; style-src 'nonce-");
        assertThat(opened.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(opened.header("Cache-Control")).isEqualTo("no-store");
        for (String path : List.of("/confirm", "/confirm?code=", "/reset-password?code=x&code=y")) {
            assertThat(page(path).status()).as(path).isEqualTo(410);
        }
    }

    @Test
    void theResetPageSaysWhatIsWrongAndSetsThePasswordOnce() {
        aUserToVerify();
        String code = aResetCode();
        assertThat(page("/reset-password?code=" + code).response().body())
                .contains("at least 4 characters")
                .contains("<label for=\"password\">");
        assertThat(form("/reset-password", "code=" + code + "&password=abc&repeat=abc")
                        .response()
                        .body())
                .contains("must have at least 4 characters");
        Answer different = form("/reset-password", "code=" + code + "&password=efgh5678&repeat=efgh5679");
        assertThat(different.status()).isEqualTo(400);
        assertThat(different.response().body()).contains("not the same").doesNotContain("efgh");
        assertThat(form("/reset-password", "code=" + code).status()).isEqualTo(400);
        assertThat(form("/reset-password", "code=" + code + "&password=efgh5678&repeat=efgh5678")
                        .status())
                .isEqualTo(200);
        assertThat(signIn("efgh5678").status()).isEqualTo(200);
        assertThat(form("/reset-password", "code=" + code + "&password=efgh5678&repeat=efgh5678")
                        .status())
                .isEqualTo(410);
    }

    private Answer aUserToVerify() {
        Answer created = form("/1/users?verify_user=true", "email=" + address + "&password=abcd1234");
        assertThat(created.status()).as(created.response().body()).isEqualTo(201);
        return created;
    }

    /** Of the user with the test's address. */
    private String aResetCode() {
        Answer reset = form("/1/auth/forgot-password?send_email=false", "email=" + address);
        assertThat(reset.status()).as(reset.response().body()).isEqualTo(200);
        return reset.text("reset_code");
    }

    private Answer signIn(String password) {
        return form("/1/auth/signin", "email=" + address + "&password=" + password);
    }

    private Answer token(String code) {
        return page("/1/tokens/" + code);
    }

    private Answer page(String path) {
        return send("GET", path, "", new byte[0]);
    }

    private static void assertExpired(Answer answer) {
        assertThat(answer.status()).isEqualTo(410);
        assertThat(answer.text("error")).isEqualTo("code_expired");
        assertThat(answer.json().get("code").asInt()).isEqualTo(800);
    }

    private String storedTypes(String aggregateId) {
        return String.join(
                " ",
                jdbc.sql("SELECT payload_type FROM domain_event WHERE aggregate_id = ? ORDER BY seq")
                        .param(aggregateId)
                        .query(String.class)
                        .list());
    }
}
