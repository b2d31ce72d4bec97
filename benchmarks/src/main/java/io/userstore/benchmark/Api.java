package io.userstore.benchmark;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The requests of the REST API as bytes, for one server and one key. Immutable. */
final class Api {
    private static final String END = "\r\n\r\n";

    private final InetSocketAddress address;
    private final String authorization;
    private final String headers;

    Api(InetSocketAddress address, String secretKey) {
        this.address = address;
        String credentials = Base64.getEncoder().encodeToString((secretKey + ":").getBytes(StandardCharsets.UTF_8));
        this.authorization = "Basic " + credentials;
        this.headers = " HTTP/1.1\r\nHost: " + address.getHostString() + ":" + address.getPort() + "\r\nAuthorization: "
                + authorization;
    }

    Connection connect() {
        return new Connection(address);
    }

    byte[] byId(String id) {
        return get("/1/users/" + id);
    }

    byte[] byEmail(String email) {
        return get("/1/users/" + email + "?query_by=email");
    }

    byte[] byUsername(String username) {
        return get("/1/users/" + username + "?query_by=username");
    }

    byte[] firstPage(int limit) {
        return get("/1/users?limit=" + limit);
    }

    byte[] pageAfter(String cursor, int limit) {
        return get("/1/users?limit=" + limit + "&after=" + cursor);
    }

    /** Creates a user; answered at once and not only when reads show it, where {@code async} says so. */
    byte[] create(Person person, boolean async) {
        return withBody(
                "POST /1/users",
                async,
                "{\"email\":\"" + person.email() + "\",\"username\":\"" + person.username() + "\",\"password\":\""
                        + Person.PASSWORD + "\",\"first_name\":\"" + person.firstName() + "\",\"last_name\":\""
                        + person.lastName() + "\",\"group\":\"" + person.group() + "\"}");
    }

    byte[] rename(String id, String firstName) {
        return withBody("PATCH /1/users/" + id, false, "{\"first_name\":\"" + firstName + "\"}");
    }

    byte[] signIn(Person person) {
        return withBody(
                "POST /1/auth/signin",
                false,
                "{\"signin_id\":\"" + person.username() + "\",\"password\":\"" + Person.PASSWORD + "\"}");
    }

    /** Creates a user without a password, who comes in by an identity at a provider. */
    byte[] createDevice(String clientId) {
        return withBody(
                "POST /1/users",
                true,
                "{\"auth_provider\":{\"provider\":\"openudid\",\"client_id\":\"" + clientId + "\"}}");
    }

    byte[] signInDevice(String clientId) {
        return withBody("POST /1/auth/signin", false, "{\"provider\":\"openudid\",\"client_id\":\"" + clientId + "\"}");
    }

    byte[] delete(String id, boolean async) {
        return bytes("DELETE /1/users/" + id + headers + preference(async) + END);
    }

    /** Likewise, once the write that the token names is visible. */
    byte[] byId(String id, String token) {
        return get("/1/users/" + id, token);
    }

    /** The users who came last. */
    byte[] lastPage(String token) {
        return get("/1/users?limit=10&sort=-created_at", token);
    }

    byte[] activity(String id, String token) {
        return get("/1/users/" + id + "/activity?limit=10", token);
    }

    byte[] statistics(String token) {
        return get("/1/stats", token);
    }

    byte[] projection(String name) {
        return get("/1/projections/" + name);
    }

    byte[] rebuild(String name) {
        return bytes("POST /1/projections/" + name + "/rebuild" + headers + "\r\nContent-Length: 0" + END);
    }

    byte[] rollBack(String name) {
        return bytes("POST /1/projections/" + name + "/rollback" + headers + "\r\nContent-Length: 0" + END);
    }

    /** For what is not sent as bytes. */
    URI uri(String path) {
        return URI.create("http://" + address.getHostString() + ":" + address.getPort() + path);
    }

    String authorization() {
        return authorization;
    }

    private byte[] get(String path) {
        return bytes("GET " + path + headers + END);
    }

    private byte[] get(String path, String token) {
        return bytes("GET " + path + headers + "\r\nPrefer: wait=10\r\nConsistency-Token: " + token + END);
    }

    private byte[] withBody(String start, boolean async, String json) {
        return bytes(start + headers + preference(async) + "\r\nContent-Type: application/json\r\nContent-Length: "
                + json.length() + END + json);
    }

    private static String preference(boolean async) {
        return async ? "\r\nPrefer: respond-async" : "";
    }

    /** All that is sent is ASCII, so that characters are bytes. */
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
