package io.userstore.command.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.command.RunningCommandService;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes in, the answer is a clear refusal in the one shape of errors, never a 5xx. */
class HostileInputTest extends RunningCommandService {

    static Stream<String> bodies() {
        return Stream.of(
                "",
                "{",
                "[]",
                "null",
                "1",
                "\"x\"",
                "{\"a\":1}{",
                "{\"username\":\"a\",\"username\":\"b\"}",
                "{\"username\":{\"$ne\":null},\"password\":{\"$gt\":\"\"}}",
                "{\"username\":[\"a\"],\"password\":[\"abcd\"]}",
                "{\"username\":true,\"password\":12345678}",
                "{\"username\":\"a\\u0000b\",\"password\":\"abcd\\u0000\"}",
                "{\"username\":\"\\ud800\",\"password\":\"\\udfff1234\"}",
                "{\"username\":\"" + "x".repeat(10_000) + "\",\"password\":\"abcd\"}",
                "{\"username\":\"%s\",\"password\":\"%s\"}".formatted("x", "p".repeat(10_000)),
                "{\"username\":\"q\",\"password\":\"abcd\",\"extra\":{\"n\":1e999}}",
                "{\"username\":\"q\",\"password\":\"abcd\",\"extra\":{\"n\":123456789012345678901234567890}}",
                "{\"username\":\"q\",\"password\":\"abcd\",\"extra\":{\"n\":{\"$set\":1}}}",
                "{\"username\":\"q\",\"password\":\"abcd\",\"extra\":[]}",
                "{\"username\":\"q\",\"password\":\"abcd\",\"extra\":{\"" + "k".repeat(65) + "\":1}}",
                "{\"username\":\"q\",\"password\":\"abcd\",\"extra\":{\"k\":\"" + "v".repeat(1_025) + "\"}}",
                "[".repeat(10_000),
                "{\"extra\":".repeat(1_000),
                "{\"\\u0000\":1}");
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void aBodyThatCannotBeTakenIsRefused(String body) {
        for (String path : new String[] {
            "/1/users",
            "/1/auth/signin",
            "/1/auth/confirm",
            "/1/auth/signout",
            "/1/auth/verify",
            "/1/auth/reset-password",
            "/1/auth/forgot-password?send_email=false"
        }) {
            Answer answer = json("POST", path, body);
            // A password that is too long to be anybody's is simply wrong.
            assertRefused(answer, answer.status() == 401 ? 401 : 400);
        }
    }

    @Test
    void oddCustomKeysAreTaken() {
        Answer created = json(
                "POST",
                "/1/users",
                "{\"username\":\"" + aName() + "\",\"password\":\"abcd\","
                        + "\"extra\":{\"a.b\":1,\"$set\":\"x\",\"__proto__\":true,\"😀\":\"\",\"_id\":2.5}}");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json().get("extra").size()).isEqualTo(5);
    }

    @Test
    void aBodyOverTheLimitIsTooLargeAndOneAtTheLimitIsNot() {
        byte[] large = ("{\"username\":\"" + "x".repeat(1_000_000) + "\"}").getBytes(StandardCharsets.UTF_8);
        assertRefused(send("POST", "/1/users", "application/json", large), 413);
        byte[] atLimit = "{}".repeat(1).concat(" ".repeat(Body.MAX_BYTES - 2)).getBytes(StandardCharsets.UTF_8);
        assertRefused(send("POST", "/1/users", "application/json", atLimit), 400);
    }

    @Test
    void brokenUtf8AndBrokenFormsAreMalformed() {
        byte[] latin1 = "{\"username\":\"J\u00f6rg\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(assertRefused(send("POST", "/1/users", "application/json", latin1), 400)
                        .text("error"))
                .isEqualTo("malformed_request");
        assertRefused(form("/1/users", "username=%zz&password=abcd"), 400);
        assertRefused(form("/1/users", "username=%ff%fe&password=abcd"), 400);
        assertRefused(form("/1/users", "username=a&username=b&password=abcd"), 400);
        assertRefused(form("/1/users", "username=a&password=abcd&extra=x&extra[y]=z"), 400);
    }

    @Test
    void brokenJsonIsToldWithItsPlace() {
        Answer refused = json("POST", "/1/users", "{\n  \"username\": oops\n}");
        assertThat(refused.text("error")).isEqualTo("malformed_request");
        assertThat(refused.json().get("code").asInt()).isEqualTo(830);
        assertThat(refused.text("detail")).contains("line 2").doesNotContain("oops");
    }

    @Test
    void aContentTypeThatIsNotKnownIsRefused() {
        assertRefused(send("POST", "/1/users", "text/xml", "<a/>".getBytes(StandardCharsets.UTF_8)), 415);
        assertRefused(send("POST", "/1/users", "multipart/form-data", "x".getBytes(StandardCharsets.UTF_8)), 415);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/1/users/nobody",
                "/1/users/%00",
                "/1/users/%ff",
                "/1/users/a%2Fb",
                "/1/users/%2e%2e",
                "/1/users/0198c0de-0000-7000-8000-000000000001",
                "/1/nothing",
                "/1/users/x/y/z",
                "/1/users/%24ne"
            })
    void aPathThatLeadsNowhereIsNotFound(String path) {
        for (String method : new String[] {"PUT", "PATCH", "DELETE"}) {
            Answer answer = json(method, path, "{\"group\":\"x\"}");
            assertThat(answer.status()).as(method + " " + path).isBetween(400, 405);
            assertThat(answer.response().body()).doesNotContain("<html");
        }
    }

    @Test
    void anOptionThatIsNotKnownIsAFault() {
        assertThat(assertRefused(json("POST", "/1/users?colour=1", "{}"), 400).text("detail"))
                .contains("colour");
    }

    @Test
    void aMethodThatIsNotOfferedIsToldWhichAre() {
        Answer refused = assertRefused(json("PATCH", "/1/users", "{}"), 405);
        assertThat(refused.header("Allow")).contains("POST");
    }

    private static Answer assertRefused(Answer answer, int status) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().get("status").asInt()).isEqualTo(status);
        return answer;
    }
}
