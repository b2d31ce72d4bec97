package io.userstore.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers requests in the order of its script, and remembers them. */
final class ScriptedServer implements AutoCloseable {
    /** A user as the server answers one. */
    static final String TINY = "{\"id\":\"0198c0de-0000-7000-8000-000000000001\",\"email\":null,\"username\":\"tiny\","
            + "\"first_name\":null,\"last_name\":null,\"application\":\"default\",\"is_active\":true,"
            + "\"is_email_verified\":false,\"validated\":true,\"last_signin\":null,"
            + "\"updated_at\":\"2026-01-04T23:48:34.288Z\",\"created_at\":\"2026-01-04T23:46:19.106Z\",\"version\":1}";

    record Got(String line, Map<String, List<String>> headers, String body) {
        @Nullable
        String header(String name) {
            List<String> values = headers.get(name);
            return values == null ? null : values.getFirst();
        }
    }

    /** @param missing bytes that are announced behind the body and never sent */
    private record Answer(int status, Map<String, String> headers, String body, int missing) {}

    private final HttpServer server;
    private final Deque<Answer> script = new ArrayDeque<>();
    private final List<Got> got = new ArrayList<>();

    ScriptedServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    synchronized ScriptedServer answer(int status, String body) {
        return answer(status, Map.of(), body);
    }

    synchronized ScriptedServer answer(int status, Map<String, String> headers, String body) {
        script.add(new Answer(status, headers, body, 0));
        return this;
    }

    /** An answer in the midst of which the connection breaks. */
    synchronized ScriptedServer breakOffBehind(String body) {
        script.add(new Answer(200, Map.of(), body, 1));
        return this;
    }

    synchronized List<Got> got() {
        return List.copyOf(got);
    }

    Got last() {
        return got().getLast();
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            got.add(new Got(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().toASCIIString(),
                    Map.copyOf(exchange.getRequestHeaders()),
                    body));
            Answer answer = script.remove();
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length + answer.missing());
            exchange.getResponseBody().write(bytes);
            exchange.getResponseBody().flush();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
