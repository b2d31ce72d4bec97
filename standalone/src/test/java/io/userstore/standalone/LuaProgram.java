package io.userstore.standalone;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaFunction;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.lib.TwoArgFunction;
import org.luaj.vm2.lib.VarArgFunction;
import org.luaj.vm2.lib.jse.JsePlatform;

/** A Lua program that has loaded {@code clients/lua/userstore.lua} as its global {@code core}; for one thread. */
final class LuaProgram {
    private final Globals globals = JsePlatform.standardGlobals();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    LuaProgram() {
        globals.set("print", print());
        String client = Path.of("../clients/lua").toAbsolutePath().normalize() + "/?.lua";
        globals.get("package").set("path", client);
        run("core = require('userstore')");
    }

    /** The same, with the client set up for a server. */
    LuaProgram(String server, String key, HttpTransport transport, String moreOptions) {
        this();
        globals.set("transport", luaFunction(transport));
        run("core.init{ server = '" + server + "', key = '" + key + "', transport = transport" + moreOptions + " }");
    }

    /** Runs a piece of the program; what it prints is answered, line by line. */
    List<String> run(String lua) {
        printed.reset();
        load(lua).call();
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** What an expression comes to, as text. */
    String value(String expression) {
        return text(load("return " + expression).call());
    }

    /** Both ways as bytes: LuaJ's own conversions break the characters that Java has as two. */
    private LuaValue load(String lua) {
        byte[] source = lua.getBytes(StandardCharsets.UTF_8);
        return globals.load(new ByteArrayInputStream(source), "test", "t", globals);
    }

    private static String text(LuaValue value) {
        LuaString text = value.checkstring();
        return new String(text.m_bytes, text.m_offset, text.m_length, StandardCharsets.UTF_8);
    }

    private LuaFunction print() {
        return new VarArgFunction() {
            @Override
            public Varargs invoke(Varargs values) {
                for (int i = 1; i <= values.narg(); i++) {
                    LuaValue shown = values.arg(i);
                    String text = shown.isstring() ? text(shown) : shown.tojstring();
                    printed.writeBytes(((i == 1 ? "" : "\t") + text).getBytes(StandardCharsets.UTF_8));
                }
                printed.write('\n');
                return NONE;
            }
        };
    }

    void set(String name, byte[] text) {
        globals.set(name, LuaString.valueOf(text));
    }

    private static LuaFunction luaFunction(HttpTransport transport) {
        return new TwoArgFunction() {
            @Override
            public LuaValue call(LuaValue request, LuaValue callback) {
                HttpTransport.Answer answer = transport.send(javaRequest(request));
                LuaTable response = new LuaTable();
                response.set("status", answer.status());
                response.set("body", LuaString.valueOf(answer.body().getBytes(StandardCharsets.UTF_8)));
                callback.call(response);
                return NIL;
            }
        };
    }

    private static HttpTransport.Request javaRequest(LuaValue request) {
        LuaTable headers = request.get("headers").checktable();
        Map<String, String> copied = new TreeMap<>();
        for (LuaValue name : headers.keys()) {
            copied.put(name.checkjstring(), headers.get(name).checkjstring());
        }
        return new HttpTransport.Request(
                request.get("method").checkjstring(),
                URI.create(request.get("url").checkjstring()),
                copied,
                request.get("body").isnil() ? "" : text(request.get("body")));
    }
}
