package io.userstore.standalone.contract;

import static io.userstore.standalone.contract.Api.code;
import static io.userstore.standalone.contract.Api.expect;
import static io.userstore.standalone.contract.Api.faulty;
import static io.userstore.standalone.contract.Api.link;
import static io.userstore.standalone.contract.Api.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.userstore.standalone.Client.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The chapter "Authentication" of the REST contract, line by line. */
@ExtendWith(OneStore.class)
class AuthenticationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int FAILURES_THAT_LOCK = 5;

    private final Api api;
    private final String email;

    AuthenticationTest(Api api) {
        this.api = api;
        this.email = "tina@" + api.application() + ".example";
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            refused(api.signInTiny("wrong"), 401, "invalid_credentials", 603);
        }
    }

    private void awaitActivity(String id, String type, int count) {
        await().atMost(PATIENCE)
                .until(() -> api.activityTypes(id).stream().filter(type::equals).count() == count);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'signin_id':'TINA@home.com'",
                "'signin_id':'Tiny'",
                "'username':'tiny'",
                "'email':'tina@home.com'",
            })
    @DisplayName("POST /1/auth/signin: signin_id (e-mail or user name) + password; or username/email + password. "
            + "Answers the user and records a login")
    void signInByEitherNameAndPasswordAnswersTheUserAndRecordsALogin(String name) {
        String id = api.aUser("'username':'tiny','email':'tina@home.com'").text("id");
        Answer signedIn = expect(200, api.signIn(name + ",'password':'abcd1234'"));
        assertThat(signedIn.json()).isEqualTo(api.user(id).json());
        assertThat(signedIn.text("last_signin")).isNotEmpty();
        assertThat(signedIn.json().has("oauth")).isFalse();
        assertThat(api.activityTypes(id)).containsExactly("user.login-recorded", "user.created");
        refused(api.signIn(name + ",'password':'ABCD1234'"), 401, "invalid_credentials", 603);
    }

    @Test
    @DisplayName("POST /1/auth/signin: or provider + client_id. Answers the user with oauth{…} and records a login")
    void signInByProviderAndClientIdAnswersTheUserWithOauthAndRecordsALogin() {
        String id = api.tiny();
        expect(201, api.post("/1/users/" + id + "/auth-providers/google", "{'client_id':'c1','access_token':'t0ken'}"));
        Answer signedIn = expect(200, api.signIn("'provider':'google','client_id':'c1'"));
        assertThat(signedIn.text("id")).isEqualTo(id);
        assertThat(signedIn.text("last_signin")).isEqualTo(api.user(id).text("last_signin"));
        JsonNode oauth = signedIn.json().get("oauth");
        assertThat(oauth.get("provider").asString()).isEqualTo("google");
        assertThat(oauth.get("client_id").asString()).isEqualTo("c1");
        assertThat(oauth.get("access_token").asString()).isEqualTo("t0ken");
        assertThat(api.activityTypes(id)).startsWith("user.login-recorded");
        refused(api.signIn("'provider':'google','client_id':'c2'"), 401, "invalid_credentials", 603);
    }

    @Test
    @DisplayName(
            "An inactive user signs in without a recorded login and with is_active:false, validated:false (Coronium)")
    void anInactiveUserSignsInWithoutARecordedLogin() {
        String id = api.aUser("'username':'tiny','is_active':false").text("id");
        JsonNode user = expect(200, api.signInTiny("abcd1234")).json();
        assertThat(user.get("is_active").asBoolean()).isFalse();
        assertThat(user.get("validated").asBoolean()).isFalse();
        assertThat(user.get("last_signin").isNull()).isTrue();
        assertThat(api.activityTypes(id)).containsExactly("user.created");
    }

    @Test
    @DisplayName("an application set to inactive_signin: deny answers 403 instead")
    void anApplicationThatDeniesInactiveUsersAnswers403() {
        expect(200, api.patch("/1/applications/" + api.application(), "{'inactive_signin':'deny'}"));
        String path =
                "/1/users/" + api.aUser("'username':'tiny','is_active':false").text("id");
        refused(api.signInTiny("abcd1234"), 403, "forbidden", 810);
        refused(api.signInTiny("wrong"), 401, "invalid_credentials", 603);
        api.patch(path, "{'is_active':true}");
        expect(200, api.signInTiny("abcd1234"));
    }

    @Test
    @DisplayName("POST /1/auth/signout: id; records it; answers the user")
    void signOutRecordsItAndAnswersTheUser() {
        String id = api.tiny();
        api.signInTiny("abcd1234");
        Answer signedOut = expect(200, api.post("/1/auth/signout", "{'id':'" + id + "'}"));
        assertThat(signedOut.json()).isEqualTo(api.user(id).json());
        assertThat(api.activityTypes(id)).startsWith("user.signed-out", "user.login-recorded");
        faulty(api.post("/1/auth/signout", "{}"), "id:missing");
    }

    @Test
    @DisplayName("POST /1/auth/confirm: id, password: re-checks the password, records no login")
    void confirmChecksThePasswordAgainAndRecordsNoLogin() {
        String id = api.tiny();
        Answer confirmed = expect(200, api.post("/1/auth/confirm", "{'id':'" + id + "','password':'abcd1234'}"));
        assertThat(confirmed.json()).isEqualTo(api.user(id).json());
        assertThat(confirmed.json().get("last_signin").isNull()).isTrue();
        assertThat(api.activityTypes(id)).containsExactly("user.created");
        refused(api.post("/1/auth/confirm", "{'id':'" + id + "','password':'wrong'}"), 401, "invalid_credentials", 603);
    }

    @Test
    @DisplayName("POST /1/auth/verify: code: marks the e-mail verified")
    void verifyMarksTheEmailVerified() {
        Answer created = api.post("/1/users?verify_user=true", "{'email':'" + email + "','password':'abcd1234'}");
        assertThat(created.json().get("is_email_verified").asBoolean()).isFalse();
        Answer verified =
                expect(200, api.post("/1/auth/verify", "{'code':'" + created.text("verification_code") + "'}"));
        assertThat(verified.json().get("is_email_verified").asBoolean()).isTrue();
        assertThat(verified.json()).isEqualTo(api.user(created.text("id")).json());
        assertThat(api.total("verified")).isOne();
        refused(api.post("/1/auth/verify", "{'code':'nosuchcode'}"), 404, "not_found", 810);
    }

    @Test
    @DisplayName(
            "POST /1/auth/forgot-password: email, options send_email (default true), reset_url: sends the reset mail")
    void forgotPasswordSendsTheResetMail() {
        api.assumeMails();
        api.aUser("'username':'tiny','email':'" + email + "'");
        String reset = "/1/auth/forgot-password?send_email=true&reset_url=https%3A%2F%2Fexample.com%2Freset";
        expect(200, api.post(reset, "{'email':'" + email.toUpperCase(Locale.ROOT) + "'}"));
        JsonNode own = api.mailTo(email);
        assertThat(link(own)).startsWith("https://example.com/reset?code=");
        expect(200, api.post("/1/auth/forgot-password", "{'email':'" + email + "'}"));
        JsonNode ours = api.mailTo(email, mail -> link(mail).contains("/reset-password?code="));
        expect(200, api.post("/1/auth/reset-password", "{'code':'" + code(ours) + "','password':'new pass'}"));
        expect(200, api.signInTiny("new pass"));
    }

    @Test
    @DisplayName("forgot-password: same answer and same time whether the address exists or not")
    void forgotPasswordAnswersTheSameInTheSameTimeWhetherTheAddressExistsOrNot() {
        api.assumeMails();
        api.aUser("'email':'" + email + "'");
        AtomicInteger asked = new AtomicInteger();
        Supplier<Answer> known = () -> {
            asked.incrementAndGet();
            return api.post("/1/auth/forgot-password", "{'email':'" + email + "'}");
        };
        Supplier<Answer> unknown = () -> api.post("/1/auth/forgot-password", "{'email':'x" + email + "'}");
        Answer toKnown = expect(200, known.get());
        Answer toUnknown = expect(200, unknown.get());
        assertThat(toKnown.body()).isEqualTo(toUnknown.body());
        assertThat(toKnown.headers().map().keySet())
                .isEqualTo(toUnknown.headers().map().keySet());
        // Else the mail that one has asked for takes of the time of the other.
        Runnable rest = () -> await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> api.mailsTo(email) == asked.get());
        assertTheSameTime(rest, known, unknown);
    }

    /** In turn, so that whatever else the machine does holds up each of them. An answer that skips the work is many times quicker. */
    @SafeVarargs
    private static void assertTheSameTime(Runnable rest, Supplier<Answer>... requests) {
        List<List<Long>> nanos =
                Stream.of(requests).<List<Long>>map(one -> new ArrayList<>()).toList();
        for (int round = 0; round < 25; round++) {
            for (int i = 0; i < requests.length; i++) {
                rest.run();
                long begin = System.nanoTime();
                assertThat(requests[i].get().status()).isIn(200, 401);
                nanos.get(i).add(System.nanoTime() - begin);
            }
        }
        List<Long> medians = nanos.stream()
                .map(times -> times.stream().sorted().toList().get(times.size() / 2))
                .sorted()
                .toList();
        assertThat(medians.getLast()).isLessThan(4 * medians.getFirst());
    }

    @Test
    @DisplayName(
            "send_email=false: the caller mails by itself and gets reset_code in the answer, 404 for an unknown address")
    void withoutSendEmailTheAnswerHoldsTheResetCodeAndAnUnknownAddressIsAnswered404() {
        String id = api.aUser("'username':'tiny','email':'" + email + "'").text("id");
        String forgot = "/1/auth/forgot-password?send_email=false";
        Answer answer = expect(200, api.post(forgot, "{'email':'" + email + "'}"));
        assertThat(answer.text("user_id")).isEqualTo(id);
        assertThat(answer.text("expires_at")).endsWith("Z");
        String reset = "{'code':'" + answer.text("reset_code") + "','password':'new pass'}";
        expect(200, api.post("/1/auth/reset-password", reset));
        expect(200, api.signInTiny("new pass"));
        refused(api.post(forgot, "{'email':'nobody@example.com'}"), 404, "user_not_found", 604);
    }

    @Test
    @DisplayName("POST /1/auth/reset-password: code, password")
    void resetPasswordSetsANewPasswordByACodeThatWorksOnce() {
        String id = api.aUser("'username':'tiny','email':'" + email + "'").text("id");
        String code = api.post("/1/auth/forgot-password?send_email=false", "{'email':'" + email + "'}")
                .text("reset_code");
        faulty(api.post("/1/auth/reset-password", "{'code':'" + code + "','password':'abc'}"), "password:too_short");
        String reset = "{'code':'" + code + "','password':'new pass'}";
        assertThat(expect(200, api.post("/1/auth/reset-password", reset)).text("id"))
                .isEqualTo(id);
        refused(api.post("/1/auth/reset-password", reset), 410, "code_expired", 800);
        refused(api.signInTiny("abcd1234"), 401, "invalid_credentials", 603);
        expect(200, api.signInTiny("new pass"));
    }

    @Test
    @DisplayName(
            "GET /1/tokens/{code}: what a code is for: type, user_id, expires_at; 404 when unknown, used or expired")
    void aTokenTellsWhatACodeIsForAndIsAnswered404WhenUnknownOrUsed() {
        Answer created = api.post("/1/users?verify_user=true", "{'email':'" + email + "','password':'abcd1234'}");
        String code = created.text("verification_code");
        Answer token = expect(200, api.get("/1/tokens/" + code));
        assertThat(token.json().propertyNames()).containsExactlyInAnyOrder("type", "user_id", "expires_at");
        assertThat(token.text("type")).isEqualTo("verification");
        assertThat(token.text("user_id")).isEqualTo(created.text("id"));
        assertThat(Instant.parse(token.text("expires_at"))).isAfter(Instant.parse(created.text("created_at")));
        String reset = api.post("/1/auth/forgot-password?send_email=false", "{'email':'" + email + "'}")
                .text("reset_code");
        assertThat(api.get("/1/tokens/" + reset).text("type")).isEqualTo("password_reset");
        api.post("/1/auth/verify", "{'code':'" + code + "'}");
        refused(api.get("/1/tokens/" + code), 404, "not_found", 810);
        refused(api.get("/1/tokens/nosuchcode"), 404, "not_found", 810);
    }

    @Test
    @DisplayName("Wrong password, unknown user and locked user give the same 401 invalid_credentials in the same time")
    void wrongPasswordUnknownUserAndLockedUserGiveTheSame401InTheSameTime() {
        String locked = api.tiny();
        fail(FAILURES_THAT_LOCK);
        awaitActivity(locked, "user.locked", 1);
        List<Supplier<Answer>> requests = new ArrayList<>();
        for (String name : List.of("tina", "tiny", "nobody")) {
            requests.add(() -> api.from(Api.anAddress()).signIn("'username':'" + name + "','password':'wrong'"));
        }
        api.aUser("'username':'tina'");
        List<Answer> answers = requests.stream().map(Supplier::get).toList();
        for (Answer answer : answers) {
            refused(answer, 401, "invalid_credentials", 603);
            assertThat(answer.text("detail")).isEqualTo(answers.getFirst().text("detail"));
            assertThat(answer.headers().map().keySet())
                    .isEqualTo(answers.getFirst().headers().map().keySet());
        }
        assertTheSameTime(() -> {}, requests.get(0), requests.get(1), requests.get(2));
    }

    @Test
    @DisplayName("Five failures lock a user (recorded as an event)")
    void fiveFailuresLockAUserWhichIsRecordedAsAnEvent() {
        String id = api.tiny();
        fail(FAILURES_THAT_LOCK - 1);
        awaitActivity(id, "user.login-failed", FAILURES_THAT_LOCK - 1);
        expect(200, api.signInTiny("abcd1234"));
        fail(FAILURES_THAT_LOCK);
        refused(api.signInTiny("abcd1234"), 401, "invalid_credentials", 603);
        awaitActivity(id, "user.locked", 1);
    }

    @Test
    @DisplayName("… for a growing while (configurable)")
    void aUserIsLockedForAGrowingWhile() {
        assumeTrue(api.isOurs(), "the first lock is short in a store of ours only");
        String id = api.tiny();
        fail(FAILURES_THAT_LOCK - 1);
        Instant begin = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        fail(1);
        awaitActivity(id, "user.locked", 1);
        await().atMost(PATIENCE).until(() -> {
            fail(1);
            return locks(id).size() == 2;
        });
        await().atMost(PATIENCE).until(() -> api.signInTiny("abcd1234").status() == 200);
        assertThat(locks(id).getFirst())
                .as("after the first lock, of two seconds, which began with the failure")
                .isAfterOrEqualTo(begin.plusSeconds(2));
        assertThat(Instant.parse(api.user(id).text("last_signin")))
                .as("after the second, twice as long")
                .isAfterOrEqualTo(begin.plusSeconds(2 + 4));
    }

    /** When locks of the user were recorded, the last one first. */
    private List<Instant> locks(String id) {
        return api.activity(id).stream()
                .filter(entry -> entry.get("type").asString().equals("user.locked"))
                .map(entry -> Instant.parse(entry.get("time").asString()))
                .toList();
    }

    @Test
    @DisplayName("429 with Retry-After and RateLimit headers per key")
    void tooManyRequestsOfAKeyAreAnswered429WithRetryAfterAndRateLimit() {
        assumeTrue(api.isOurs(), "requests of a key are limited in a store of ours");
        Api limited = api.withAKeyFor("users:read");
        assertThat(limited.get("/1/key").header("RateLimit")).contains("r=");
        assertLimited(() -> limited.get("/1/key"));
        expect(200, api.get("/1/key"));
    }

    @Test
    @DisplayName("429 with Retry-After and RateLimit headers per address")
    void tooManyFailuresFromAnAddressAreAnswered429WithRetryAfterAndRateLimit() {
        Api guessing = api.from(Api.anAddress());
        assertLimited(() -> guessing.get("/1/tokens/nosuchcode"));
        assertThat(api.from(Api.anAddress()).get("/1/tokens/nosuchcode").status())
                .isEqualTo(404);
    }

    private static void assertLimited(Supplier<Answer> request) {
        Answer limited = await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(request::get, answer -> answer.status() == 429);
        refused(limited, 429, "too_many_requests", 810);
        assertThat(Integer.parseInt(limited.header("Retry-After"))).isPositive();
        assertThat(limited.headers().allValues("RateLimit")).anyMatch(left -> left.contains("r=0"));
        assertThat(limited.headers().allValues("RateLimit-Policy")).allMatch(policy -> policy.contains(";q="));
    }
}
