package io.userstore.standalone.contract;

import static io.userstore.standalone.contract.Api.expect;
import static io.userstore.standalone.contract.Api.faulty;
import static io.userstore.standalone.contract.Api.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.standalone.Client.Answer;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chapter "Errors" of the REST contract, line by line. */
@ExtendWith(OneStore.class)
class ErrorsTest {
    private static final String TINY = "{'username':'tiny','password':'abcd1234'}";

    private final Api api;

    ErrorsTest(Api api) {
        this.api = api;
    }

    @Test
    @DisplayName("application/problem+json (RFC 9457) and, in the same object, what both products' clients look at")
    void anErrorIsAProblemWithWhatBothProductsClientsLookAt() {
        Answer error = api.post("/1/users", "{'email':'x','password':'abcd1234'}", "X-Request-Id", "checkout-7f3a");
        assertThat(error.header("Content-Type")).startsWith("application/problem+json");
        assertThat(error.json()).isEqualTo(Api.json("""
                {'type':'https://userstore.dev/problems/validation-error','title':'Validation failed','status':400,
                 'detail':'email: not an e-mail address','error':'validation_error','code':800,
                 'validation_error':[{'field':'email','code':'invalid','message':'not an e-mail address'}],
                 'request_id':'checkout-7f3a'}"""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "804 | {'username':'tiny'}                                              | password:missing",
                "801 | {'username':'tiny','password':1}                                 | password:wrong_type",
                "801 | {'username':'tiny','password':'abcd1234','is_active':'perhaps'}  | is_active:wrong_type",
                "800 | {'email':'x','password':'abcd1234'}                              | email:invalid",
                "800 | {'username':'tiny','password':'abc'}                             | password:too_short",
                "800 | {'username':'tiny','password':'abcd1234','colour':'blue'}        | colour:unknown",
            })
    @DisplayName("400 validation_error: 804 missing, 801 wrong type, 800 else; unknown fields are faults")
    void aValidationErrorIs804WhenMissing801WhenOfAWrongTypeAnd800Else(int code, String body, String fault) {
        Answer refused = faulty(api.post("/1/users", body), fault);
        assertThat(refused.json().get("code").asInt()).isEqualTo(code);
        assertThat(api.total("users")).isZero();
    }

    @Test
    @DisplayName("400 validation_error: all faults of the request at once, not the first only")
    void allFaultsOfARequestAreToldAtOnce() {
        faulty(
                api.post(
                        "/1/users?verify_user=maybe&colour=blue",
                        "{'email':'x','username':'a@b','password':'a','first_name':7,'extra':{'a':[]},'shoe':43}"),
                "verify_user:wrong_type",
                "colour:unknown",
                "email:invalid",
                "username:invalid",
                "password:too_short",
                "first_name:wrong_type",
                "extra.a:wrong_type",
                "shoe:unknown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[1]", "'tiny'", "{'username':'a','username':'b','password':'abcd1234'}", "{'a':1} x"})
    @DisplayName("400 malformed_request 830")
    void aBodyThatIsNoJsonObjectIsAMalformedRequest(String body) {
        refused(api.post("/1/users", body), 400, "malformed_request", 830);
    }

    @Test
    @DisplayName("401 unauthorized / invalid_credentials 810 / 603")
    void unauthorizedIs810AndInvalidCredentialsIs603() {
        refused(api.withoutKey().get("/1/users"), 401, "unauthorized", 810);
        refused(api.signInTiny("abcd1234"), 401, "invalid_credentials", 603);
    }

    @Test
    @DisplayName("403 forbidden 810")
    void forbiddenIs810() {
        refused(api.withAKeyFor("users:read").post("/1/users", TINY), 403, "forbidden", 810);
    }

    @Test
    @DisplayName("404 user_not_found / provider_not_linked / no_pending_confirmation 604 / 624 / 614")
    void notFoundIs604ForAUser624ForAProviderAnd614ForAConfirmation() {
        String path = "/1/users/" + api.tiny();
        refused(api.get("/1/users/" + UUID.randomUUID()), 404, "user_not_found", 604);
        refused(api.get(path + "/auth-providers/google"), 404, "provider_not_linked", 624);
        refused(api.post(path + "/confirmation", ""), 404, "no_pending_confirmation", 614);
    }

    @Test
    @DisplayName("409 username_taken / email_taken / provider_already_linked 600 / 600 / 620")
    void whatIsTakenIs600AndAProviderThatIsLinkedIs620() {
        String id = api.aUser("'username':'tiny','email':'tiny@example.com'").text("id");
        refused(api.post("/1/users", TINY), 409, "username_taken", 600);
        refused(api.post("/1/users", "{'email':'tiny@example.com','password':'abcd1234'}"), 409, "email_taken", 600);
        String other = "/1/users/" + api.aUser("'username':'tina'").text("id");
        refused(api.patch(other, "{'username':'Tiny'}"), 409, "username_taken", 600);
        refused(api.put(other, "{'email':'Tiny@example.com'}"), 409, "email_taken", 600);
        String link = "{'provider':'google','client_id':'c'}";
        expect(201, api.post("/1/users/" + id + "/auth-providers", link));
        refused(api.post("/1/users/" + id + "/auth-providers", link), 409, "provider_already_linked", 620);
    }

    @Test
    @DisplayName("409: one winner under any concurrency")
    void aNameHasOneWinnerUnderAnyConcurrency() throws Exception {
        Callable<Answer> claim = () -> api.post("/1/users", TINY);
        try (ExecutorService clients = Executors.newFixedThreadPool(16)) {
            List<Answer> answers = clients.invokeAll(Collections.nCopies(48, claim)).stream()
                    .map(Future::resultNow)
                    .toList();
            assertThat(answers.stream().filter(answer -> answer.status() == 201))
                    .hasSize(1);
            answers.stream()
                    .filter(answer -> answer.status() != 201)
                    .forEach(answer -> refused(answer, 409, "username_taken", 600));
        }
        assertThat(api.total("users")).isOne();
    }

    @Test
    @DisplayName("410 code_expired 800: also a code already used")
    void aCodeAlreadyUsedIs410() {
        Answer created = api.post("/1/users?verify_user=true", "{'email':'t@example.com','password':'abcd1234'}");
        String code = "{'code':'" + created.text("verification_code") + "'}";
        expect(200, api.post("/1/auth/verify", code));
        refused(api.post("/1/auth/verify", code), 410, "code_expired", 800);
    }

    @Test
    @DisplayName("412 version_conflict 810")
    void anOldVersionIs412() {
        refused(
                api.patch("/1/users/" + api.tiny(), "{'group':'g'}", "If-Match", "\"7\""),
                412,
                "version_conflict",
                810);
    }

    @Test
    @DisplayName("413, 415, 422, 429, 503 as above: 810, never a stack trace, never an HTML page")
    void noErrorIsAStackTraceOrAnHtmlPage() {
        api.post("/1/users", TINY, "Idempotency-Key", "k");
        for (Answer answer : List.of(
                refused(api.post("/1/users", " ".repeat(70_000)), 413, "payload_too_large", 810),
                refused(
                        api.send("POST", "/1/users", TINY, "Content-Type", "text/html"),
                        415,
                        "unsupported_media_type",
                        810),
                refused(
                        api.post("/1/users", "{'username':'b','password':'abcd1234'}", "Idempotency-Key", "k"),
                        422,
                        "idempotency_key_reused",
                        810),
                refused(api.get("/nothing", "Accept", "text/html"), 404, "not_found", 810),
                refused(api.delete("/1/users", "Accept", "text/html"), 405, "method_not_allowed", 810),
                expect(400, api.get("/1/users?q=%ff", "Accept", "text/html")),
                expect(400, api.get("/1/users/%00", "Accept", "text/html")))) {
            assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
            assertThat(answer.body()).doesNotContain("<html", "<!DOCTYPE", "Exception", "at io.", "\tat ");
            assertThat(answer.text("request_id")).isEqualTo(answer.header("X-Request-Id"));
        }
    }
}
