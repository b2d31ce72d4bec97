package io.userstore.standalone.contract;

import static io.userstore.standalone.contract.Api.code;
import static io.userstore.standalone.contract.Api.expect;
import static io.userstore.standalone.contract.Api.faulty;
import static io.userstore.standalone.contract.Api.link;
import static io.userstore.standalone.contract.Api.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.standalone.Client.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * The chapter "Users" of the REST contract, line by line: creation, reading, change and end of one user. Of the same chapter
 * are {@link UserListTest}, {@link AuthProvidersTest} and {@link BulkTest}.
 */
@ExtendWith(OneStore.class)
class UsersTest {
    private final Api api;

    UsersTest(Api api) {
        this.api = api;
    }

    private String anEmail() {
        return "tina@" + api.application() + ".example";
    }

    @Test
    @DisplayName("POST /1/users: create. password and at least one of email, username. 201, Location, the user")
    void createTakesAPasswordAndAtLeastOneOfEmailAndUsernameAndAnswers201LocationAndTheUser() {
        Answer tiny = expect(201, api.post("/1/users", "{'username':'tiny','password':'abcd1234'}"));
        assertThat(tiny.header("Location")).endsWith("/1/users/" + tiny.text("id"));
        assertThat(tiny.json()).isEqualTo(api.user(tiny.text("id")).json());
        Answer john = expect(201, api.post("/1/users", "{'email':'john@example.com','password':'abcd1234'}"));
        assertThat(john.text("email")).isEqualTo("john@example.com");
        faulty(api.post("/1/users", "{'username':'t'}"), "password:missing");
        assertThat(expect(400, api.post("/1/users", "{'password':'abcd1234'}")).text("validation_error"))
                .isEmpty();
    }

    @Test
    @DisplayName(
            "POST /1/users: or, in place of a password, auth_provider{provider,client_id,…}; user name generated when absent")
    void createTakesAnAuthProviderInPlaceOfAPasswordAndGeneratesAUserName() {
        Answer device = expect(
                201,
                api.post("/1/users", "{'auth_provider':{'provider':'openudid','client_id':'d-7','access_token':'t'}}"));
        assertThat(device.text("username")).isNotEmpty();
        assertThat(api.get("/1/users/" + device.text("id") + "/auth-providers/openudid")
                        .text("client_id"))
                .isEqualTo("d-7");
        assertThat(expect(200, api.signIn("'provider':'openudid','client_id':'d-7'"))
                        .text("id"))
                .isEqualTo(device.text("id"));
        Answer named = expect(
                201,
                api.post("/1/users", "{'username':'tv','auth_provider':{'provider':'openudid','client_id':'d-8'}}"));
        assertThat(named.text("username")).isEqualTo("tv");
        refused(api.signIn("'username':'tv','password':'abcd1234'"), 401, "invalid_credentials", 603);
    }

    @Test
    @DisplayName("POST /1/users: optional first_name last_name group extra is_active")
    void createTakesNamesGroupExtraAndIsActive() {
        JsonNode user = api.user(api.aUser("""
                'username':'tiny','first_name':'Tiny','last_name':'Tim','group':'cadets','extra':{'age':7},
                'is_active':false""").text("id")).json();
        assertThat(user.get("first_name").asString()).isEqualTo("Tiny");
        assertThat(user.get("last_name").asString()).isEqualTo("Tim");
        assertThat(user.get("group").asString()).isEqualTo("cadets");
        assertThat(user.get("extra")).isEqualTo(Api.json("{'age':7}"));
        assertThat(user.get("is_active").asBoolean()).isFalse();
        assertThat(user.get("validated").asBoolean()).isFalse();
    }

    @Test
    @DisplayName(
            "?verify_user=true adds verification_code to this one answer (stored only as a hash, single use, expires)")
    void verifyUserAddsAVerificationCodeToThisOneAnswer() {
        Answer created = expect(
                201, api.post("/1/users?verify_user=true", "{'email':'tina@example.com','password':'abcd1234'}"));
        String code = created.text("verification_code");
        assertThat(code).hasSizeGreaterThan(20);
        assertThat(api.user(created.text("id")).json().has("verification_code")).isFalse();
        assertThat(api.get("/1/users/" + created.text("id") + "/activity").body())
                .doesNotContain(code);
        assertThat(Instant.parse(api.get("/1/tokens/" + code).text("expires_at")))
                .isAfter(Instant.parse(created.text("created_at")).plus(Duration.ofMinutes(1)));
        assertThat(expect(200, api.post("/1/auth/verify", "{'code':'" + code + "'}"))
                        .json()
                        .get("is_email_verified")
                        .asBoolean())
                .isTrue();
        refused(api.post("/1/auth/verify", "{'code':'" + code + "'}"), 410, "code_expired", 800);
    }

    @Test
    @DisplayName("?send_email=true sends the registration mail")
    void sendEmailSendsTheRegistrationMail() {
        api.assumeMails();
        expect(201, api.post("/1/users?send_email=true", "{'email':'" + anEmail() + "','password':'abcd1234'}"));
        JsonNode mail = api.mailTo(anEmail());
        assertThat(mail.get("subject").asString()).isNotEmpty();
        assertThat(mail.get("text").asString()).doesNotContain("code=");
        faulty(api.post("/1/users?send_email=true", "{'username':'tiny','password':'abcd1234'}"), "email:missing");
    }

    @Test
    @DisplayName(
            "with verify_user the mail links to verify_url?code=…, which is then required and must be absolute http(s)")
    void withVerifyUserTheMailLinksToVerifyUrlWhichIsThenRequiredAndAbsolute() {
        api.assumeMails();
        String body = "{'email':'" + anEmail() + "','password':'abcd1234'}";
        String both = "/1/users?send_email=true&verify_user=true";
        faulty(api.post(both, body), "verify_url:missing");
        for (String url : new String[] {"/verify", "example.com/verify", "ftp%3A%2F%2Fexample.com", "javascript%3Ax"}) {
            faulty(api.post(both + "&verify_url=" + url, body), "verify_url:invalid");
        }
        Answer created = expect(201, api.post(both + "&verify_url=https%3A%2F%2Fexample.com%2Fverify%3Fa%3D1", body));
        JsonNode mail = api.mailTo(anEmail());
        assertThat(link(mail)).startsWith("https://example.com/verify?").contains("a=1");
        assertThat(code(mail)).isEqualTo(created.text("verification_code"));
    }

    @Test
    @DisplayName(
            "body confirmation{…}: needs email; the user starts inactive and pending, the mail holds our own /confirm?code=… page")
    void confirmationNeedsEmailAndStartsInactiveAndPendingWithAMailThatHoldsOurPage() {
        api.assumeMails();
        Answer created = api.aUser("'email':'" + anEmail() + "','confirmation':{}");
        assertThat(created.text("confirmation")).isEqualTo("pending");
        assertThat(created.json().get("is_active").asBoolean()).isFalse();
        assertThat(api.total("pending")).isOne();
        JsonNode mail = api.mailTo(anEmail());
        assertThat(link(mail)).contains("/confirm?code=");
        String page = link(mail).substring(link(mail).indexOf("/confirm"));
        assertThat(expect(200, api.withoutKey().get(page)).header("Content-Type"))
                .startsWith("text/html");
        expect(200, api.withoutKey().form("POST", "/confirm", "code=" + code(mail)));
        JsonNode user = api.user(created.text("id")).json();
        assertThat(user.get("is_active").asBoolean()).isTrue();
        assertThat(user.get("is_email_verified").asBoolean()).isTrue();
        assertThat(user.has("confirmation")).isFalse();
        faulty(api.post("/1/users", "{'username':'t','password':'abcd1234','confirmation':{}}"), "email:missing");
    }

    @Test
    @DisplayName("confirmation{from_email,subject,email_tpl,tpl_keys}, Coronium's style")
    void aConfirmationSaysSenderSubjectTemplateAndWhatItsPlaceholdersStandFor() {
        api.assumeMails();
        api.aUser("'email':'" + anEmail() + "','confirmation':{'from_email':'me@example.com',"
                + "'subject':'Welcome aboard','tpl_keys':{'name':'Skipper'}}");
        JsonNode mail = api.mailTo(anEmail());
        assertThat(mail.get("from").asString()).isEqualTo("me@example.com");
        assertThat(mail.get("subject").asString()).isEqualTo("Welcome aboard");
        String user = "{'email':'e@example.com','password':'abcd1234','confirmation':";
        faulty(api.post("/1/users", user + "{'email_tpl':'nosuch'}}"), "confirmation.email_tpl:invalid");
        faulty(
                api.post("/1/users", user + "{'tpl_keys':{'a':[]},'colour':1}}"),
                "confirmation.tpl_keys.a:wrong_type",
                "confirmation.colour:unknown");
    }

    @Test
    @DisplayName("GET /1/users/{id}?query_by=id|email|username: one user, marks no login")
    void getAnswersOneUserByIdEmailOrUsernameAndMarksNoLogin() {
        Answer created = api.aUser("'email':'Tina@example.com','username':'Tina'");
        for (String path : new String[] {
            created.text("id"),
            created.text("id") + "?query_by=id",
            "tina%40EXAMPLE.com?query_by=email",
            "TINA?query_by=username"
        }) {
            assertThat(api.user(path).json()).isEqualTo(created.json());
        }
        assertThat(created.json().get("last_signin").isNull()).isTrue();
        assertThat(api.activityTypes(created.text("id"))).containsExactly("user.created");
        refused(api.get("/1/users/Tina"), 404, "user_not_found", 604);
        refused(api.get("/1/users/Tina?query_by=email"), 404, "user_not_found", 604);
        faulty(api.get("/1/users/Tina?query_by=group"), "query_by:invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"export", "import"})
    @DisplayName("GET /1/users/{id}?query_by=username: also where a call has the same address")
    void aUserMayBeCalledAsACallIs(String name) {
        Answer created = api.aUser("'username':'" + name + "'");
        assertThat(api.user(name + "?query_by=username").json()).isEqualTo(created.json());
        refused(api.get("/1/users/" + name + "?query_by=email"), 404, "user_not_found", 604);
    }

    @Test
    @DisplayName("as_of=<time> or version=<n>: the user as of then")
    void asOfATimeOrAVersionAnswersTheUserAsOfThen() throws InterruptedException {
        Answer created = api.aUser("'username':'tiny','first_name':'First'");
        String path = "/1/users/" + created.text("id");
        Thread.sleep(5);
        Answer second = api.patch(path, "{'first_name':'Second','group':'cadets'}");
        assertThat(expect(200, api.get(path + "?version=1")).json()).isEqualTo(created.json());
        assertThat(expect(200, api.get(path + "?version=2")).json()).isEqualTo(second.json());
        assertThat(expect(200, api.get(path + "?as_of=" + created.text("created_at")))
                        .text("first_name"))
                .isEqualTo("First");
        assertThat(expect(200, api.get(path + "?as_of=" + second.text("updated_at")))
                        .text("first_name"))
                .isEqualTo("Second");
        assertThat(expect(200, api.get("/1/users/tiny?query_by=username&version=1"))
                        .text("first_name"))
                .isEqualTo("First");
        refused(api.get(path + "?as_of=2001-01-01"), 404, "user_not_found", 604);
        faulty(api.get(path + "?version=3"), "version:invalid");
    }

    @Test
    @DisplayName("PUT: change the fields given; answers only what changed plus updated_at")
    void putChangesTheFieldsGivenAndAnswersOnlyWhatChangedAndUpdatedAt() {
        String path = "/1/users/"
                + api.aUser("'username':'tiny','first_name':'Tiny','group':'cadets'")
                        .text("id");
        JsonNode changed = expect(200, api.put(path, "{'last_name':'Tim','first_name':'Tiny','group':null}"))
                .json();
        JsonNode user = api.get(path).json();
        assertThat(changed.propertyNames()).containsExactlyInAnyOrder("last_name", "group", "updated_at");
        assertThat(changed.get("last_name").asString()).isEqualTo("Tim");
        assertThat(changed.get("group").isNull()).isTrue();
        assertThat(changed.get("updated_at")).isEqualTo(user.get("updated_at"));
        assertThat(user.get("first_name").asString()).isEqualTo("Tiny");
        assertThat(user.has("group")).isFalse();
    }

    @Test
    @DisplayName("PUT with Prefer: return=representation: all")
    void putWithPreferReturnRepresentationAnswersTheWholeUser() {
        String path = "/1/users/" + api.tiny();
        Answer changed = expect(200, api.put(path, "{'last_name':'Tim'}", "Prefer", "return=representation"));
        assertThat(changed.json()).isEqualTo(api.get(path).json());
        assertThat(changed.text("last_name")).isEqualTo("Tim");
        assertThat(changed.header("Preference-Applied")).isEqualTo("return=representation");
    }

    @Test
    @DisplayName("PUT ?verify_user=true&verify_url=…: a new code if the e-mail changed")
    void putWithVerifyUserAnswersANewCodeIfTheEmailChanged() {
        String path = "/1/users/" + api.aUser("'email':'tina@example.com'").text("id");
        String options = "?verify_user=true&verify_url=https%3A%2F%2Fexample.com%2Fverify";
        assertThat(expect(200, api.put(path + options, "{'first_name':'Tina'}"))
                        .json()
                        .has("verification_code"))
                .isFalse();
        Answer changed = expect(200, api.put(path + options, "{'email':'tina@home.com'}"));
        assertThat(changed.json().propertyNames())
                .contains("email", "updated_at", "verification_code")
                .doesNotContain("first_name");
        expect(200, api.post("/1/auth/verify", "{'code':'" + changed.text("verification_code") + "'}"));
        assertThat(api.get(path).json().get("is_email_verified").asBoolean()).isTrue();
    }

    @Test
    @DisplayName(
            "PATCH: JSON Merge Patch (RFC 7396), answers the full user; {\"extra\":{\"color\":null}} removes a key")
    void patchIsAJsonMergePatchThatAnswersTheFullUserAndNullRemovesAKeyOfExtra() {
        String path = "/1/users/"
                + api.aUser("'username':'tiny','last_name':'T','extra':{'color':'blue','age':7}")
                        .text("id");
        Answer patched = expect(
                200,
                api.patch(
                        path,
                        "{'extra':{'color':null,'size':'XL'},'last_name':null}",
                        "Content-Type",
                        "application/merge-patch+json"));
        assertThat(patched.json().get("extra")).isEqualTo(Api.json("{'age':7,'size':'XL'}"));
        assertThat(patched.json().get("last_name").isNull()).isTrue();
        assertThat(patched.json()).isEqualTo(api.get(path).json());
        assertThat(patched.json().propertyNames()).contains("id", "username", "created_at", "version");
        assertThat(api.patch(path, "{'extra':null}").json().has("extra")).isFalse();
    }

    @Test
    @DisplayName("PUT and PATCH, same fields: username password email first_name last_name group extra is_active")
    void putAndPatchTakeTheSameFields() {
        String all = """
                {'username':'n','password':'new pass','email':'n@example.com','first_name':'F','last_name':'L',
                 'group':'g','extra':{'e':1},'is_active':true}""";
        for (String method : new String[] {"PUT", "PATCH"}) {
            Api own = api.ofAnotherApplication();
            String path = "/1/users/"
                    + own.aUser("'username':'tiny','is_active':false").text("id");
            expect(200, own.send(method, path, all));
            JsonNode user = own.get(path).json();
            assertThat(user.get("username").asString()).isEqualTo("n");
            assertThat(user.get("email").asString()).isEqualTo("n@example.com");
            assertThat(user.get("first_name").asString()).isEqualTo("F");
            assertThat(user.get("last_name").asString()).isEqualTo("L");
            assertThat(user.get("group").asString()).isEqualTo("g");
            assertThat(user.get("extra")).isEqualTo(Api.json("{'e':1}"));
            assertThat(user.get("is_active").asBoolean()).isTrue();
            expect(200, own.signIn("'username':'n','password':'new pass'"));
        }
    }

    @Test
    @DisplayName("DELETE: gone for good, name and address free again; answers the user as last seen")
    void deleteAnswersTheUserAsLastSeenAndFreesNameAndAddress() {
        String fields = "'username':'tiny','email':'tiny@example.com','first_name':'Tiny'";
        Answer created = api.aUser(fields);
        String path = "/1/users/" + created.text("id");
        assertThat(expect(200, api.delete(path)).json()).isEqualTo(created.json());
        refused(api.get(path), 404, "user_not_found", 604);
        refused(api.delete(path), 404, "user_not_found", 604);
        refused(api.patch(path, "{'first_name':'x'}"), 404, "user_not_found", 604);
        refused(api.signInTiny("abcd1234"), 401, "invalid_credentials", 603);
        assertThat(api.total("users")).isZero();
        assertThat(api.aUser(fields).text("id")).isNotEqualTo(created.text("id"));
    }

    @Test
    @DisplayName("DELETE: personal data unreadable everywhere")
    void deleteLeavesNothingPersonalToRead() {
        String id =
                api.aUser("'username':'tiny','first_name':'Rumpelstiltskin'").text("id");
        expect(200, api.delete("/1/users/" + id));
        refused(api.get("/1/users/" + id + "/activity"), 404, "user_not_found", 604);
        refused(api.get("/1/users/" + id + "?version=1"), 404, "user_not_found", 604);
        refused(api.get("/1/users/" + id + "/export"), 404, "user_not_found", 604);
        assertThat(api.get("/1/users?q=rumpel").body()).doesNotContain("Rumpel");
        Answer certificate = expect(200, api.get("/1/erasures/" + id));
        assertThat(certificate.text("user_id")).isEqualTo(id);
        assertThat(certificate.body()).doesNotContain("Rumpel").doesNotContain("tiny");
    }

    @Test
    @DisplayName(
            "POST /1/users/{id}/confirmation: resend the confirmation mail; answers {\"user_id\":…}; 614 when none is pending")
    void confirmationIsSentAgainAndAnswered614WhenNoneIsPending() {
        api.assumeMails();
        String id = api.aUser("'email':'" + anEmail() + "','confirmation':{}").text("id");
        String first = code(api.mailTo(anEmail()));
        Answer again = expect(200, api.post("/1/users/" + id + "/confirmation", ""));
        assertThat(again.json()).isEqualTo(Api.json("{'user_id':'" + id + "'}"));
        String second = code(api.mailTo(anEmail(), mail -> !code(mail).equals(first)));
        expect(410, api.form("POST", "/confirm", "code=" + first));
        expect(200, api.form("POST", "/confirm", "code=" + second));
        refused(api.post("/1/users/" + id + "/confirmation", ""), 404, "no_pending_confirmation", 614);
    }

    @Test
    @DisplayName("POST /1/users/{id}/password-reset: send the reset mail (Coronium's sendPasswordResetLink)")
    void passwordResetSendsTheResetMail() {
        api.assumeMails();
        String id = api.aUser("'email':'" + anEmail() + "','username':'tiny'").text("id");
        Answer sent = expect(
                200,
                api.post(
                        "/1/users/" + id + "/password-reset?reset_url=https%3A%2F%2Fexample.com%2Freset",
                        "{'subject':'A new password'}"));
        assertThat(sent.text("user_id")).isEqualTo(id);
        JsonNode mail = api.mailTo(anEmail());
        assertThat(mail.get("subject").asString()).isEqualTo("A new password");
        assertThat(link(mail)).startsWith("https://example.com/reset?code=");
        expect(200, api.post("/1/auth/reset-password", "{'code':'" + code(mail) + "','password':'new pass'}"));
        expect(200, api.signInTiny("new pass"));
    }

    @Test
    @DisplayName("GET /1/users/{id}/activity: the user's own event history, newest first, paged")
    void activityIsTheUsersOwnHistoryNewestFirstAndPaged() {
        String path = "/1/users/" + api.tiny();
        api.aUser("'username':'somebody else'");
        api.patch(path, "{'first_name':'Tina'}");
        api.signInTiny("abcd1234");
        Answer first = expect(200, api.get(path + "/activity?limit=2"));
        assertThat(Api.each("type", first)).containsExactly("user.login-recorded", "user.profile-updated");
        assertThat(first.json().at("/paging/total_count").asInt()).isEqualTo(3);
        String next = first.json().at("/paging/next").asString();
        Answer second = api.get(next.substring(next.indexOf("/1/")));
        assertThat(Api.each("type", second)).containsExactly("user.created");
        assertThat(second.json().get("paging").has("next")).isFalse();
        assertThat(second.json().at("/paging/previous").asString()).contains("before=");
    }

    @Test
    @DisplayName("activity: type, time, what changed (old → new), by which key, from which address")
    void activityTellsTypeTimeWhatChangedByWhichKeyAndFromWhichAddress() {
        String path =
                "/1/users/" + api.aUser("'username':'tiny','first_name':'Old'").text("id");
        Answer patched = api.patch(path, "{'first_name':'New'}");
        api.patch(path, "{'password':'another'}");
        api.signInTiny("another");
        String keyId = api.get("/1/key").text("id");
        List<JsonNode> activity = api.activity(path.substring("/1/users/".length()));
        assertThat(activity)
                .extracting(entry -> entry.get("type").asString())
                .containsExactly(
                        "user.login-recorded", "user.password-changed", "user.profile-updated", "user.created");
        JsonNode login = activity.getFirst();
        assertThat(login.get("address").asString()).isEqualTo(api.address());
        assertThat(login.get("key_id").asString()).isEqualTo(keyId);
        JsonNode update = activity.get(2);
        assertThat(update.get("changes")).isEqualTo(Api.json("[{'field':'first_name','old':'Old','new':'New'}]"));
        assertThat(update.get("time").asString()).isEqualTo(patched.text("updated_at"));
        assertThat(update.get("key_id").asString()).isEqualTo(keyId);
        assertThat(api.get(path + "/activity").body()).doesNotContain("another");
    }
}
