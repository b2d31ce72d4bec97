package io.userstore.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the Lua client brings along because Lua has none: JSON and SHA-256; and how it is set up. */
class LuaLanguageTest {
    private final LuaProgram lua = new LuaProgram();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"a\":[],\"b\":{}}",
                "[1,-2,0.5,0,123456789012345]",
                "{\"a\":\"ä€😀\",\"b\":\"\\u0000\\u001f\\n\\\"\\\\/\"}",
                "[null,true,false,{\"x\":[[1]]}]"
            })
    void jsonComesBackAsItWas(String json) {
        assertThat(written(json)).isEqualTo(json);
    }

    @Test
    void anyJsonIsUnderstood() {
        assertThat(written(
                        " { \"b\" : [ 1.0 , 2E2 ,\t-3 ] ,\r\n \"a\" : \"\\u00e4\\ud83d\\ude00\\/\\b\" , \"n\":null} "))
                .isEqualTo("{\"a\":\"ä😀/\\b\",\"b\":[1,200,-3]}");
    }

    @Test
    void aNumberKeepsItsValue() {
        assertThat(Double.parseDouble(written("1.7976931348623157e+308"))).isEqualTo(Double.MAX_VALUE);
        assertThat(Double.parseDouble(written("0.1"))).isEqualTo(0.1);
        assertThat(Double.parseDouble(written("-1e-7"))).isEqualTo(-1e-7);
    }

    private String written(String json) {
        lua.set("text", json.getBytes(StandardCharsets.UTF_8));
        return lua.value("core.json.encode(core.json.decode(text))");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "{\"a\" 1}",
                "{a:1}",
                "01",
                "1.",
                ".5",
                "+1",
                "1e",
                "-",
                "NaN",
                "tru",
                "'a'",
                "\"a",
                "\"\n\"",
                "\"\\x\"",
                "\"\\ud800\"",
                "\"\\udc00\"",
                "\"\\u12g4\"",
                "[1] 2",
                "[1}"
            })
    void brokenJsonIsRefusedWithItsPlace(String json) {
        lua.set("text", json.getBytes(StandardCharsets.UTF_8));
        assertThat(lua.value("select(2, core.json.decode(text))")).startsWith("broken JSON at character ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'\\255'",
                "'\\237\\160\\128'",
                "'\\192\\128'",
                "0/0",
                "1/0",
                "print",
                "{1, a = 2}",
                "{[2] = 1}",
                "(function() local t = {} t.t = t return t end)()"
            })
    void whatHasNoJsonIsRefused(String value) {
        assertThat(lua.value("tostring(core.json.encode(" + value + "))")).isEqualTo("nil");
    }

    @Test
    void nestingHasABound() {
        lua.set("text", "[".repeat(100_000).getBytes(StandardCharsets.UTF_8));
        assertThat(lua.value("select(2, core.json.decode(text))")).startsWith("broken JSON");
    }

    @Test
    void sha256IsThatOfThePlatform() throws Exception {
        MessageDigest platform = MessageDigest.getInstance("SHA-256");
        for (int length = 0; length <= 130; length++) {
            byte[] text = new byte[length];
            for (int i = 0; i < length; i++) {
                text[i] = (byte) (i * 37 + length);
            }
            lua.set("text", text);
            assertThat(lua.value("core.sha256(text)"))
                    .as("%d bytes", length)
                    .isEqualTo(HexFormat.of().formatHex(platform.digest(text)));
        }
    }

    @Test
    void aCallBeforeInitIsTold() {
        assertThatThrownBy(() -> lua.run("core.users.get({user_id='x'}, print)"))
                .hasMessageContaining("core.init must come first");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{server='users.example', key='k'}",
                "{server='http://users.example'}",
                "{server='http://users.example', key='a b', transport=print}",
                "{server='http://users.example', key='k', transport=print, timeout=0}",
                "{server='http://users.example', key='k', transport=print, hash_password=true}",
                "{server='http://users.example', key='k'}"
            })
    void whatCannotWorkIsRefusedAtInit(String options) {
        assertThatThrownBy(() -> lua.run("core.init" + options)).hasMessageContaining("core.init: ");
    }

    @Test
    void solar2dIsUsedWhereItIs() {
        assertThat(lua.run("network = { request = function(url, method, listener, params)"
                        + " print(method, url, params.headers.Authorization, params.timeout, params.handleRedirects)"
                        + " listener({ isError = true, response = 'Timed out' }) end }"
                        + " system = { getTimer = function() return 12 end }"
                        + " core.init{ server = 'https://users.example/', key = 'k', timeout = 5 }"
                        + " core.users.get({user_id = 'x'}, function(evt) print(evt.error, evt.status, evt.tt) end)"))
                .containsExactly("GET\thttps://users.example/1/users/x\tBearer k\t5\tfalse", "Timed out\t815\t0");
    }

    @Test
    void answersThatAreNoneOfOursAreTold() {
        lua.run(
                "function answering(status, body) core.init{ server = 'http://users.example', key = 'k',"
                        + " transport = function(request, callback) callback({ status = status, body = body }) end }"
                        + " core.users.get({user_id = 'x'}, function(evt) print(evt.error, evt.status, evt.http_status) end) end");
        assertThat(lua.run("answering(502, '<html>Bad gateway</html>')"))
                .containsExactly("the server answered with HTTP status 502\t-1\t502");
        assertThat(lua.run("answering(200, '<html>Log in to the hotel</html>')"))
                .containsExactly("broken JSON at character 1\t830\tnil");
    }
}
