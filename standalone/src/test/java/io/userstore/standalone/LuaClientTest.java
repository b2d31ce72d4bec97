package io.userstore.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The Lua client: Coronium's page of its Users API, example by example, and its pages of what is linked from there. */
class LuaClientTest {
    /** The id that Coronium's page uses wherever it needs one. */
    private static final String PAGE_ID = "289bc36e-0df7-44df-99b1-a6543c6f45eb";

    private static final Pattern EXAMPLE = Pattern.compile("(?ms)^local function .*?^[^\\n]*, on\\w+\\)$");

    @TempDir
    static Path folder;

    private static RunningStandalone standalone;

    /** What was sent since the test began. */
    private final List<HttpTransport.Request> requests = new ArrayList<>();

    private LuaProgram lua;

    @BeforeAll
    static void start() {
        standalone = new RunningStandalone(folder);
    }

    @AfterAll
    static void stop() {
        standalone.close();
    }

    private final HttpTransport network = HttpTransport.real();

    @BeforeEach
    void startProgram() {
        lua = program("");
    }

    private LuaProgram program(String options) {
        LuaProgram program = new LuaProgram(
                standalone.url(),
                RunningStandalone.KEY,
                request -> {
                    requests.add(request);
                    return network.send(request);
                },
                options);
        program.run("function show(evt) print(evt.error or evt.result, evt.status) end"
                + " function id(evt) print(evt.error or evt.result.user_id) end"
                + " function json(evt) print(evt.error or core.json.encode(evt.result)) end");
        return program;
    }

    @Test
    void everyExampleOfThePageRunsAsItStands() throws IOException {
        List<String> examples = examples();
        assertThat(examples).hasSize(8);
        lua.run("core.users.create({username='tina', email='tina@home.com', password='abcd1234'}, show)");

        String tiny = only(lua.run(examples.get(0)));
        assertThat(UUID.fromString(tiny).version()).isEqualTo(7);
        assertThat(lua.run(examples.get(1))).containsExactly(tiny);
        assertThat(only(lua.run(examples.get(2)))).hasSize(36).isNotEqualTo(tiny);
        assertThat(lua.run(examples.get(3))).as("get").containsExactly("No such user");
        assertThat(lua.run(examples.get(4))).as("update").containsExactly("No such user");
        assertThat(lua.run(examples.get(5))).as("delete").containsExactly("0");
        assertThat(lua.run(examples.get(6))).as("resend").containsExactly("No such user");
        assertThat(lua.run(withoutEllipsis(examples.get(7)))).as("NULL").isEmpty();
    }

    @Test
    void everyExampleServesAUserWhoIsThere() throws IOException {
        List<String> examples = examples();
        String id = created("username='sammy', password='abcd1234', extra={color='Blue', age=24}");
        assertThat(lua.run(examples.get(3).replace(PAGE_ID, id))).containsExactly(id);
        assertThat(lua.run(examples.get(4).replace(PAGE_ID, id))).containsExactly(id);
        assertThat(lua.run("core.users.login({email='some@email.com', password='abcd'}, id)"))
                .containsExactly(id);
        lua.run(withoutEllipsis(examples.get(7)).replace("<user_id>", id));
        assertThat(lua.run("core.users.get({user_id='" + id
                        + "'}, function(evt) print(core.json.encode(evt.result.extra)) end)"))
                .containsExactly("{\"age\":24}");
        String pending = created("username='pending', password='abcd', email='pending@home.com', confirmation={}");
        assertThat(lua.run(examples.get(6).replace(PAGE_ID, pending))).containsExactly(pending);
        assertThat(lua.run(examples.get(5).replace(PAGE_ID, id))).containsExactly("1");
        assertThat(lua.run(examples.get(5).replace(PAGE_ID, id))).containsExactly("0");
    }

    @Test
    void aUserHasCoroniumsNames() {
        created("username='donna', password='1234', email='donna@home.com', group='cadets',"
                + " extra={color='Blä 😀', age=24, ratio=0.1, winner=true}");
        assertThat(lua.run("core.users.login({username='donna', password='1234'}, function(evt)"
                        + " local u = evt.result"
                        + " print(u.username, u.email, u.group, u.scope, u.active, u.validated, u.confirmation)"
                        + " print(u.extra.color, u.extra.age, u.extra.ratio, u.extra.winner, u.user_id == u.id)"
                        + " print(evt.error, evt.status, type(evt.tt)) end)"))
                .containsExactly(
                        "donna\tdonna@home.com\tcadets\tdefault\ttrue\ttrue\tnil",
                        "Blä 😀\t24\t0.1\ttrue\ttrue",
                        "nil\tnil\tnumber");
    }

    @Test
    void anInactiveUserSignsInAndIsNotValidated() {
        String id = created("username='sleepy', password='1234'");
        assertThat(lua.run("core.users.update({user_id='" + id
                        + "', update={active=false}}, function(evt) print(evt.result.active) end)"))
                .containsExactly("false");
        assertThat(lua.run("core.users.login({username='sleepy', password='1234'},"
                        + " function(evt) print(evt.result.active, evt.result.validated) end)"))
                .containsExactly("false\tfalse");
    }

    @Test
    void errorsHaveCoroniumsCodes() {
        created("username='first', password='1234'");
        assertThat(lua.run("core.users.create({username='FIRST', password='1234'}, show)"))
                .containsExactly("another user has this user name\t600");
        assertThat(lua.run("core.users.login({username='first', password='wrong'}, show)"))
                .containsExactly("the name or the password is wrong\t603");
        assertThat(lua.run("core.users.get({user_id='" + PAGE_ID + "'}, show)")).containsExactly("No such user\t604");
        assertThat(lua.run("core.users.create({username='second'}, show)"))
                .containsExactly("password: is required\t804");
        assertThat(lua.run("core.users.create({username=7, password='1234'}, show)"))
                .containsExactly("username: must be a string\t801");
        assertThat(lua.run("core.users.create({username='x', password='1234', age=3}, show)"))
                .containsExactly("age: not a field of this request\t800");
    }

    @Test
    void whatCannotBeSentIsToldWithoutSendingIt() {
        assertThat(lua.run("core.users.get({}, show)")).containsExactly("user_id: is required\t804");
        assertThat(lua.run("core.users.delete({user_id=''}, show)")).containsExactly("user_id: is required\t804");
        assertThat(lua.run("core.users.delete({user_id=1}, show)")).containsExactly("user_id: must be a string\t801");
        assertThat(lua.run("core.users.update({user_id='x', update='y'}, show)"))
                .containsExactly("update: must be a table\t801");
        assertThat(lua.run("core.users.create('tiny', show)"))
                .containsExactly("the data parameters must be a table\t801");
        assertThat(lua.run("core.users.create({username='\\255'}, show)")).containsExactly("a text is not UTF-8\t831");
        assertThat(requests).isEmpty();
    }

    @Test
    void anIdNeverLeavesItsPlaceInThePath() {
        assertThat(lua.run("core.users.get({user_id='../stats?x=#ä'}, show)")).containsExactly("No such user\t604");
        assertThat(requests.getLast().line()).isEqualTo("GET /1/users/..%2Fstats%3Fx%3D%23%C3%A4");
    }

    @Test
    void passwordsAreHashedOnlyWhenThatIsAskedFor() {
        String hash = "e9cee71ab932fde863338d08be4de9dfe39ea049bdafb342ce659ec5450b69ae"; // SHA-256 of abcd1234
        LuaProgram hashing = program(", hash_passwords = true");
        String id = only(hashing.run("core.users.create({username='hashed', password='abcd1234'}, id)"));
        assertThat(requests.getLast().body()).isEqualTo("{\"password\":\"" + hash + "\",\"username\":\"hashed\"}");
        assertThat(hashing.run("core.users.login({username='hashed', password='abcd1234'}, id)"))
                .containsExactly(id);
        assertThat(lua.run("core.users.login({username='hashed', password='abcd1234'}, show)"))
                .containsExactly("the name or the password is wrong\t603");
        assertThat(lua.run("core.users.login({username='hashed', password='" + hash + "'}, id)"))
                .containsExactly(id);
    }

    @Test
    void aProviderIsLinkedReadChangedAndUnlinked() {
        String id = created("username='linked', password='1234'");
        String whose = "user_id='" + id + "', provider=core.FACEBOOK";
        lua.run("core.users.addAuthProvider({" + whose
                + ", auth={client_id='fb-1', access_token='t1', access_token_expiry=1516647155}}, show)");
        assertThat(requests.getLast().line()).isEqualTo("POST /1/users/" + id + "/auth-providers");
        assertThat(requests.getLast().body())
                .isEqualTo("{\"access_token\":\"t1\",\"access_token_expiry\":1516647155,"
                        + "\"client_id\":\"fb-1\",\"provider\":\"facebook\"}");
        assertThat(lua.run("core.users.addAuthProvider({" + whose
                        + ", client_id='fb-1'}, function(evt) print(evt.status) end)"))
                .containsExactly("620");

        assertThat(lua.run("core.users.getAuthProvider({" + whose + "}, function(evt) local r = evt.result"
                        + " print(r.provider, r.client_id, r.access_token_expiry, r.access_token_expired) end)"))
                .containsExactly("facebook\tfb-1\t1516647155\ttrue");
        assertThat(lua.run("core.users.login({client_id='fb-1', provider=core.FACEBOOK},"
                        + " function(evt) print(evt.result.user_id, evt.result.oauth.provider) end)"))
                .containsExactly(id + "\tfacebook");

        String expired = "core.users.accessTokenExpired({" + whose + "}, function(evt) print(evt.result.expired) end)";
        assertThat(lua.run(expired)).containsExactly("true");
        lua.run("core.users.updateTokenExpiry({" + whose + ", expiry=4102444800}, show)");
        assertThat(requests.getLast().line()).isEqualTo("PATCH /1/users/" + id + "/auth-providers/facebook");
        assertThat(requests.getLast().body()).isEqualTo("{\"access_token_expiry\":4102444800}");
        assertThat(lua.run(expired)).containsExactly("false");
        assertThat(lua.run("core.users.updateAuthProvider({" + whose
                        + ", update={access_token='t2'}}, function(evt) print(evt.result.client_id) end)"))
                .containsExactly("fb-1");

        assertThat(lua.run("core.users.removeAuthProvider({" + whose + "}, id)"))
                .containsExactly(id);
        assertThat(requests.getLast().line()).isEqualTo("DELETE /1/users/" + id + "/auth-providers/facebook");
        assertThat(lua.run("core.users.getAuthProvider({" + whose + "}, function(evt) print(evt.status) end)"))
                .containsExactly("624");
        assertThat(lua.run("core.users.removeAuthProvider({user_id='" + id + "'}, show)"))
                .as("all of them are never unlinked by leaving one word out")
                .containsExactly("provider: is required\t804");
    }

    @Test
    void aDeviceIsAUserWithoutAPassword() {
        String device = "client_id='device-1', provider=core.OPENUDID";
        String id = created("auth_provider={" + device + "}");
        assertThat(lua.run("core.users.login({" + device + "}, function(evt)"
                        + " print(evt.result.user_id, evt.result.oauth.client_id, evt.result.username ~= nil) end)"))
                .containsExactly(id + "\tdevice-1\ttrue");
        assertThat(lua.run("core.users.login({client_id='device-2', provider=core.OPENUDID}, show)"))
                .containsExactly("nobody is linked to this identity at the provider\t603");
    }

    @Test
    void whoHasToConfirmIsMailedAgainUntilThen() {
        String asked = "username='unsure', password='1234', email='unsure@home.com',"
                + " confirmation={subject='Welcome aboard', from_email='app@home.com', tpl_keys={name='Ann'}}";
        assertThat(lua.run("core.users.create({" + asked + "}, function(evt) local u = evt.result"
                        + " print(u.active, u.validated, u.confirmation) end)"))
                .containsExactly("false\tfalse\tpending");
        String id = only(lua.run("core.users.login({username='unsure', password='1234'}, id)"));
        // A mail asked for before the first has gone would take its place.
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(mailsTo("unsure@home.com")).hasSize(1));
        assertThat(lua.run("core.users.resendConfirmation({user_id='" + id + "'}, show)"))
                .containsExactly(id + "\tnil");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(mailsTo("unsure@home.com")).hasSize(2).doesNotHaveDuplicates());

        String confirmed = created("username='sure', password='1234'");
        assertThat(lua.run("core.users.resendConfirmation({user_id='" + confirmed + "'}, show)"))
                .containsExactly("No confirmation is pending\t614");
    }

    @Test
    void theMailForANewPasswordIsAskedForByIdAndByAddress() {
        String id = created("username='mailed', password='1234', email='mailed@home.com'");
        assertThat(lua.run("core.users.sendPasswordResetLink({user_id='" + id + "'}, show)"))
                .containsExactly("OK\tnil");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(mailsTo("mailed@home.com")).hasSize(1));
        assertThat(lua.run("core.users.sendPasswordResetLink({email='mailed@home.com',"
                        + " reset_url='https://home.com/reset?from=mail'}, show)"))
                .containsExactly("OK\tnil");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(mailsTo("mailed@home.com"))
                        .hasSize(2)
                        .first(STRING)
                        .contains("https://home.com/reset?from=mail&code="));

        assertThat(lua.run("core.users.sendPasswordResetLink({email='nobody@home.com'}, show)"))
                .as("nobody learns who has an account")
                .containsExactly("OK\tnil");
        assertThat(lua.run("core.users.sendPasswordResetLink({user_id='" + PAGE_ID + "'}, show)"))
                .containsExactly("No such user\t604");
        assertThat(lua.run("core.users.sendPasswordResetLink({user_id='" + id
                        + "', subject='Set it anew', from_email='app@home.com', tpl_name='password-reset'}, show)"))
                .containsExactly("OK\tnil");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(standalone
                                .client()
                                .get("/dev/mailbox")
                                .json()
                                .at("/data/0/subject")
                                .asString())
                        .isEqualTo("Set it anew"));
        assertThat(lua.run("core.users.sendPasswordResetLink({email='mailed@home.com', subject='Reset'}, show)"))
                .containsExactly("subject: not a field of this request\t800");
    }

    /** The texts of the mails to an address, newest first. */
    private static List<String> mailsTo(String address) {
        List<String> texts = new ArrayList<>();
        for (JsonNode mail : standalone.client().get("/dev/mailbox").json().get("data")) {
            if (mail.get("to").asString().equals(address)) {
                texts.add(mail.get("text").asString());
            }
        }
        return texts;
    }

    private String created(String fields) {
        return only(lua.run("core.users.create({" + fields + "}, id)"));
    }

    private static String only(List<String> lines) {
        assertThat(lines).hasSize(1);
        return lines.getFirst();
    }

    private static List<String> examples() throws IOException {
        try (InputStream page = LuaClientTest.class.getResourceAsStream("/coronium-users-api-examples.lua.txt")) {
            if (page == null) {
                throw new IOException("the examples are not among the test's resources");
            }
            String text = new String(page.readAllBytes(), StandardCharsets.UTF_8);
            return EXAMPLE.matcher(text).results().map(MatchResult::group).toList();
        }
    }

    /** The page leaves one listener's body out, with three dots that are no Lua. */
    private static String withoutEllipsis(String example) {
        return example.replaceFirst("(?m)^  \\.\\.\\.$", "");
    }
}
