package io.userstore.standalone.contract;

import static io.userstore.standalone.contract.Api.expect;
import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.standalone.Client.Answer;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.Pbkdf2PasswordEncoder;
import org.springframework.security.crypto.scrypt.SCryptPasswordEncoder;
import tools.jackson.databind.JsonNode;

/** The line {@code POST /1/users/import}, {@code GET /1/users/export} of the chapter "Users" of the REST contract. */
@ExtendWith(OneStore.class)
class BulkTest {
    private static final String PASSWORD = "correct horse";

    private final Api api;

    BulkTest(Api api) {
        this.api = api;
    }

    /** The lines of the answer to an import. */
    private List<JsonNode> imported(String options, String... lines) {
        Answer answer = expect(
                200,
                api.send(
                        "POST",
                        "/1/users/import" + options,
                        String.join("\n", lines) + "\n",
                        "Content-Type",
                        "application/x-ndjson"));
        assertThat(answer.header("Content-Type")).startsWith("application/x-ndjson");
        return lines(answer);
    }

    private static List<JsonNode> lines(Answer answer) {
        return answer.body().lines().map(Api::json).toList();
    }

    @Test
    @DisplayName("POST /1/users/import, GET /1/users/export: NDJSON streams")
    void usersComeInAndGoOutAsNdjson() {
        imported(
                "",
                "{'username':'a','password':'abcd1234','group':'g'}",
                "{'email':'b@example.com','password':'abcd'}");
        Answer export = expect(200, api.get("/1/users/export"));
        assertThat(export.header("Content-Type")).startsWith("application/x-ndjson");
        List<JsonNode> users = lines(export);
        assertThat(users).hasSize(2);
        assertThat(users.get(0).get("username").asString()).isEqualTo("a");
        assertThat(users.get(0).get("group").asString()).isEqualTo("g");
        assertThat(users.get(1).get("email").asString()).isEqualTo("b@example.com");
        expect(200, api.signIn("'username':'a','password':'abcd1234'"));
    }

    /** As other systems hash {@code correct horse}, at small costs. */
    static List<String> hashes() {
        return List.of(
                "{bcrypt}" + new BCryptPasswordEncoder(4).encode(PASSWORD),
                "{argon2}" + new Argon2PasswordEncoder(16, 32, 1, 64, 1).encode(PASSWORD),
                "{pbkdf2}"
                        + Pbkdf2PasswordEncoder.defaultsForSpringSecurity_v5_5().encode(PASSWORD),
                "{scrypt}" + new SCryptPasswordEncoder(1_024, 8, 1, 32, 16).encode(PASSWORD));
    }

    @ParameterizedTest
    @MethodSource("hashes")
    @DisplayName("Import takes password hashes of other systems ({bcrypt} {argon2} {pbkdf2} {scrypt})")
    void importTakesPasswordHashesOfOtherSystems(String hash) {
        List<JsonNode> results = imported("", "{'username':'tiny','password_hash':'" + hash + "'}");
        assertThat(results.getFirst().get("status").asString())
                .as(results.toString())
                .isEqualTo("created");
        expect(401, api.signInTiny("incorrect horse"));
        expect(200, api.signInTiny(PASSWORD));
    }

    @Test
    @DisplayName("answers one result line per input line, never aborts on a bad line")
    void importAnswersOneLineForEachAndNeverAbortsOnABadLine() {
        List<JsonNode> results = imported(
                "",
                "{'username':'a','password':'abcd1234'}",
                "this is not JSON",
                "{'username':'A','password':'abcd1234'}",
                "{'username':'c','password':'x','colour':1}",
                "{'username':'d','password':'abcd1234'}");
        assertThat(results).hasSize(6);
        assertThat(results.stream().limit(5).map(line -> line.get("line").asInt()))
                .containsExactly(1, 2, 3, 4, 5);
        assertThat(results.stream().limit(5).map(line -> line.get("status").asString()))
                .containsExactly("created", "failed", "failed", "failed", "created");
        assertThat(results.get(1).get("error").asString()).isEqualTo("malformed_request");
        assertThat(results.get(2).get("error").asString()).isEqualTo("username_taken");
        assertThat(results.get(3).get("validation_error").size()).isEqualTo(2);
        assertThat(results.get(5)).isEqualTo(Api.json("{'done':true,'lines':5,'created':2,'failed':3}"));
        assertThat(api.user("d?query_by=username").text("id"))
                .isEqualTo(results.get(4).get("id").asString());
    }

    @Test
    @DisplayName("is resumable")
    void anImportIsResumedAtALineOrByBeingSentAgain() {
        String a = "{'username':'a','password':'abcd1234'}";
        String b = "{'username':'b','password':'abcd1234'}";
        imported("", a);
        List<JsonNode> resumed = imported("?from_line=2", a, b);
        assertThat(resumed.getFirst().get("line").asInt()).isEqualTo(2);
        assertThat(resumed.getFirst().get("status").asString()).isEqualTo("created");
        List<JsonNode> again = imported("", a, b);
        assertThat(again.get(0).get("error").asString()).isEqualTo("username_taken");
        assertThat(again.get(1).get("error").asString()).isEqualTo("username_taken");
        assertThat(api.total("users")).isEqualTo(2);
    }
}
