package io.userstore.command.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.command.RunningCommandService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.bouncycastle.crypto.generators.SCrypt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.scrypt.SCryptPasswordEncoder;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Small batches, so that short files have several. */
@TestPropertySource(properties = {"userstore.import.batch=10", "userstore.import.at-once=2"})
class ImportTest extends RunningCommandService {
    private static final String PASSWORD = "abcd1234";
    private static final String BCRYPT = new BCryptPasswordEncoder(4).encode(PASSWORD);

    @Autowired
    private JdbcClient jdbc;

    /** Answers to an import: one per line, and the last. */
    private record Results(List<JsonNode> lines) {
        JsonNode last() {
            return lines.getLast();
        }

        JsonNode of(int line) {
            return lines.stream()
                    .filter(result -> result.path("line").asInt(0) == line)
                    .findFirst()
                    .orElseThrow();
        }

        List<String> statuses() {
            return lines.subList(0, lines.size() - 1).stream()
                    .map(result -> result.path("status").asString())
                    .toList();
        }
    }

    private Results importing(String options, String... lines) {
        Answer answer = ndjson(options, String.join("\n", lines));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/x-ndjson");
        return new Results(answer.response().body().lines().map(JSON::readTree).toList());
    }

    private Answer ndjson(String options, String body) {
        return send("POST", "/1/users/import" + options, "application/x-ndjson", body.getBytes(StandardCharsets.UTF_8));
    }

    private static String line(String username) {
        return "{\"username\":\"" + username + "\",\"password_hash\":\"" + BCRYPT + "\"}";
    }

    private long created(String pattern) {
        return createdWith(jdbc, pattern).size();
    }

    private String storedTypes(String id) {
        return String.join(
                " ",
                jdbc.sql("SELECT payload_type FROM domain_event WHERE aggregate_id = :id ORDER BY seq")
                        .param("id", id)
                        .query(String.class)
                        .list());
    }

    private Answer signIn(String name, String password) {
        return json("POST", "/1/auth/signin", "{\"signin_id\":\"" + name + "\",\"password\":\"" + password + "\"}");
    }

    @Test
    void badLinesAmidGoodOnesAreToldAndAbortNothing() {
        String good = aName();
        String other = aName();
        Results results = importing(
                "",
                line(good),
                "{broken",
                "",
                "[]",
                "{\"username\":\"a@b\",\"password\":\"x\",\"shoe_size\":42}",
                "{\"username\":\"" + aName() + "\"}",
                line(good),
                line(other),
                "{\"username\":\"" + aName() + "\",\"password_hash\":null}",
                line(aName()).replace("}", ",\"password\":\"abcd1234\"}"));
        assertThat(results.statuses())
                .containsExactly(
                        "created", "failed", "failed", "failed", "failed", "failed", "created", "failed", "failed");
        assertThat(results.of(2).path("error").asString()).isEqualTo("malformed_request");
        assertThat(results.of(2).path("detail").asString()).contains("column");
        assertThat(results.of(5).path("validation_error").size()).isEqualTo(3);
        assertThat(results.of(6).path("code").asInt()).isEqualTo(804);
        assertThat(results.of(7).path("error").asString()).isEqualTo("username_taken");
        assertThat(results.of(7).path("code").asInt()).isEqualTo(600);
        assertThat(results.last().toString())
                .as("without a query side nothing can be read")
                .isEqualTo("{\"done\":true,\"lines\":9,\"created\":2,\"failed\":7,\"projection\":\"pending\"}");
        assertThat(storedTypes(results.of(1).path("id").asString())).isEqualTo("user.created");
        assertThat(signIn(other, PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void whoFailsTakesNoNameFromThoseBehind() {
        String taken = aName();
        aUserNamed(taken);
        String address = aName() + "@example.com";
        String hash = "\",\"password_hash\":\"" + BCRYPT + "\"}";
        Results results = importing(
                "",
                "{\"username\":\"" + taken + "\",\"email\":\"" + address + hash,
                "{\"username\":\"" + aName() + "\",\"email\":\"" + address.toUpperCase(java.util.Locale.ROOT) + hash,
                "{\"username\":\"" + aName() + "\",\"email\":\"" + address + hash);
        assertThat(results.statuses()).containsExactly("failed", "created", "failed");
        assertThat(results.of(1).path("error").asString()).isEqualTo("username_taken");
        assertThat(results.of(3).path("error").asString()).isEqualTo("email_taken");
    }

    @Test
    void everyFieldIsTakenOver() {
        String name = aName();
        String id = "0190C0DE-0000-7000-8000-" + name.substring(1, 13).toUpperCase(java.util.Locale.ROOT);
        String line = """
                {"id":"%s","username":"%s","email":"%s@example.com","first_name":"John","last_name":"Smith","group":"cadets",\
                "extra":{"color":"blue","age":24},"is_active":false,"is_email_verified":true,"created_at":"2019-03-01T10:00:00+01:00",\
                "password_hash":"%s","version":7,"application":"elsewhere"}""".formatted(id, name, name, BCRYPT);
        Results results = importing(
                "", line, line, "{\"id\":\"" + id + "\"," + line(aName()).substring(1));
        assertThat(results.statuses()).containsExactly("created", "failed", "failed");
        assertThat(results.of(1).path("id").asString()).isEqualTo(id.toLowerCase(java.util.Locale.ROOT));
        assertThat(results.of(2).path("error").asString()).isEqualTo("email_taken");
        assertThat(results.of(3).path("error").asString()).isEqualTo("conflict");
        JsonNode user = signIn(name, PASSWORD).json();
        assertThat(user.path("created_at").asString()).isEqualTo("2019-03-01T09:00:00.000Z");
        assertThat(user.path("is_email_verified").asBoolean()).isTrue();
        assertThat(user.path("is_active").asBoolean()).isFalse();
        assertThat(user.path("extra").path("age").asInt()).isEqualTo(24);
        assertThat(user.path("application").asString()).isEqualTo("default");
        assertThat(user.path("version").asInt()).isEqualTo(2);
        assertThat(delete("/1/users/" + user.path("id").asString()).status()).isEqualTo(200);
        assertThat(importing("", line).of(1).path("error").asString())
                .as("the id of a deleted user is not used again")
                .isEqualTo("conflict");
    }

    @Test
    void anEventKeepsTheTimeOfItsCommitSoThatThePublisherMissesNone() {
        String name = aName();
        importing("", "{\"created_at\":\"2001-01-01T00:00:00Z\"," + line(name).substring(1));
        assertThat(jdbc.sql("SELECT time_stamp FROM domain_event WHERE aggregate_id = :id")
                        .param("id", createdWith(jdbc, name).getFirst())
                        .query(String.class)
                        .single())
                .isGreaterThan("2026");
    }

    static Stream<String[]> usersOfOtherSystems() throws GeneralSecurityException {
        String salt = "c2FsdHNhbHRzYWx0c2FsdA==";
        byte[] saltBytes = Base64.getDecoder().decode(salt);
        String argon2 = new Argon2PasswordEncoder(16, 32, 1, 64, 2).encode(PASSWORD);
        String[] argon2Parts = argon2.split("\\$", -1);
        String scrypt = Base64.getEncoder()
                .encodeToString(SCrypt.generate(PASSWORD.getBytes(StandardCharsets.UTF_8), saltBytes, 1_024, 8, 1, 64));
        return Stream.of(
                new String[] {"userstore", "'username':'NAME','password_hash':'{bcrypt}" + BCRYPT + "'"},
                new String[] {"userstore", "'username':'NAME','password_hash':'{argon2}" + argon2 + "'"},
                new String[] {
                    "userstore",
                    "'username':'NAME','password_hash':'{scrypt}"
                            + new SCryptPasswordEncoder(1_024, 8, 1, 32, 16).encode(PASSWORD) + "'"
                },
                new String[] {"userstore", "'username':'NAME','password':'" + PASSWORD + "'"},
                keycloak("pbkdf2", 1_000, pbkdf2("SHA1", 1_000, saltBytes), salt, ""),
                keycloak("pbkdf2-sha256", 27_500, pbkdf2("SHA256", 27_500, saltBytes), salt, ""),
                keycloak("pbkdf2-sha512", 2_000, pbkdf2("SHA512", 2_000, saltBytes), salt, ""),
                keycloak(
                        "argon2",
                        2,
                        argon2Parts[5],
                        argon2Parts[4],
                        "\\\\\\\"memory\\\\\\\":[\\\\\\\"64\\\\\\\"],\\\\\\\"type\\\\\\\":[\\\\\\\"id\\\\\\\"],\\\\\\\"version\\\\\\\":[\\\\\\\"1.3\\\\\\\"]"
                                .replace("\\\\\\", "\\")),
                new String[] {"auth0", "'username':'NAME','password_hash':'$2b" + BCRYPT.substring(3) + "'"},
                auth0("'algorithm':'bcrypt','hash':{'value':'" + BCRYPT + "'}"),
                auth0("'algorithm':'argon2','hash':{'value':'" + argon2 + "'}"),
                auth0("'algorithm':'pbkdf2','hash':{'value':'$pbkdf2-sha512$i=2000,l=64$"
                        + salt.replace("=", "") + "$"
                        + pbkdf2("SHA512", 2_000, saltBytes).replace("=", "") + "'}"),
                auth0("'algorithm':'scrypt','cost':1024,'blockSize':8,'parallelization':1,'keylen':64,"
                        + "'hash':{'value':'" + scrypt + "','encoding':'base64'},"
                        + "'salt':{'value':'" + salt + "','encoding':'base64'}"));
    }

    private static String[] keycloak(String algorithm, int iterations, String hash, String salt, String parameters) {
        return new String[] {
            "keycloak",
            "'username':'NAME','firstName':'John','enabled':true,'emailVerified':false,'createdTimestamp':1551430800000,"
                    + "'realmRoles':['admin'],'attributes':{'color':['blue','red']},'credentials':[{'type':'password',"
                    + "'secretData':'{\\\"value\\\":\\\"" + hash + "\\\",\\\"salt\\\":\\\"" + salt + "\\\"}',"
                    + "'credentialData':'{\\\"hashIterations\\\":" + iterations + ",\\\"algorithm\\\":\\\"" + algorithm
                    + "\\\",\\\"additionalParameters\\\":{" + parameters + "}}'}]"
        };
    }

    private static String[] auth0(String hash) {
        return new String[] {
            "auth0",
            "'user_id':'auth0|1','username':'NAME','given_name':'John','blocked':false,'user_metadata':{'color':'blue',"
                    + "'nested':{}},'custom_password_hash':{" + hash + "}"
        };
    }

    private static String pbkdf2(String digest, int iterations, byte[] salt) throws GeneralSecurityException {
        return Base64.getEncoder()
                .encodeToString(SecretKeyFactory.getInstance("PBKDF2WithHmac" + digest)
                        .generateSecret(new PBEKeySpec(PASSWORD.toCharArray(), salt, iterations, 512))
                        .getEncoded());
    }

    @ParameterizedTest
    @MethodSource("usersOfOtherSystems")
    void aUserOfAnotherSystemSignsInAndGetsAHashOfOurs(String format, String fields) {
        String name = aName();
        String line = "{" + fields.replace('\'', '"').replace("NAME", name) + "}";
        Results results = importing("?format=" + format, line);
        assertThat(results.statuses()).as(results.toString()).containsExactly("created");
        String id = results.of(1).path("id").asString();
        assertThat(signIn(name, PASSWORD + "x").status()).isEqualTo(401);
        assertThat(signIn(name, PASSWORD).status()).isEqualTo(200);
        boolean ours = fields.contains("'password':");
        assertThat(storedTypes(id)).isEqualTo(ours ? "user.created" : "user.created user.password-rehashed");
        assertThat(signIn(name, PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void theFieldsOfKeycloakAndAuth0BecomeOurs() {
        String name = aName();
        Results keycloak = importing("?format=keycloak", """
                {"username":"%s@example.com","email":"%s@example.com","emailVerified":true,"lastName":"Smith","enabled":false,\
                "createdTimestamp":1551430800000,"attributes":{"color":["blue","red"]},"groups":["/cadets"],"totp":false}""".formatted(name, name));
        JsonNode user = json("PATCH", "/1/users/" + keycloak.of(1).path("id").asString(), "{}")
                .json();
        assertThat(user.path("email").asString()).isEqualTo(name + "@example.com");
        assertThat(user.path("username").isNull()).isTrue();
        assertThat(user.path("is_email_verified").asBoolean()).isTrue();
        assertThat(user.path("is_active").asBoolean()).isFalse();
        assertThat(user.path("created_at").asString()).isEqualTo("2019-03-01T09:00:00.000Z");
        assertThat(user.path("extra").path("color").asString()).isEqualTo("blue,red");
        assertThat(signIn(name + "@example.com", "anything").status())
                .as("without a password nobody comes in")
                .isEqualTo(401);
        Results auth0 = importing(
                "?format=auth0",
                "{\"email\":\"a" + name + "@example.com\",\"blocked\":true,\"user_metadata\":{\"age\":24,\"x\":{}}}",
                "{\"email\":\"b" + name
                        + "@example.com\",\"custom_password_hash\":{\"algorithm\":\"md5\",\"hash\":{\"value\":\"x\"}}}");
        assertThat(auth0.statuses()).containsExactly("created", "failed");
        assertThat(auth0.of(2).path("validation_error").path(0).path("field").asString())
                .isEqualTo("custom_password_hash");
    }

    @Test
    void aDryRunFindsWhatWouldFailAndWritesNothing() {
        String taken = aName();
        aUserNamed(taken);
        String first = aName();
        List<String> lines = new ArrayList<>(
                IntStream.range(0, 25).mapToObj(i -> line(aName())).toList());
        lines.set(3, line(first));
        lines.set(22, line(first));
        lines.set(23, line(taken));
        lines.set(24, "{}");
        for (int round = 0; round < 2; round++) {
            Results results = importing("?dry_run=true", lines.toArray(String[]::new));
            assertThat(results.of(4).path("status").asString()).isEqualTo("valid");
            assertThat(results.of(4).has("id")).isFalse();
            assertThat(results.of(23).path("error").asString()).isEqualTo("username_taken");
            assertThat(results.of(24).path("error").asString()).isEqualTo("username_taken");
            assertThat(results.of(25).path("error").asString()).isEqualTo("validation_error");
            assertThat(results.last().toString())
                    .isEqualTo("{\"done\":true,\"dry_run\":true,\"lines\":25,\"created\":0,\"valid\":22,\"failed\":3}");
        }
        assertThat(created(first)).isZero();
        assertThat(importing("", line(first)).statuses()).containsExactly("created");
    }

    @Test
    void anImportIsTakenUpAtALine() {
        List<String> lines = IntStream.range(0, 25).mapToObj(i -> line(aName())).toList();
        importing("", lines.subList(0, 13).toArray(String[]::new));
        Results resumed = importing("?from_line=12", lines.toArray(String[]::new));
        assertThat(resumed.lines().getFirst().path("line").asInt()).isEqualTo(12);
        assertThat(resumed.of(12).path("error").asString()).isEqualTo("username_taken");
        assertThat(resumed.of(13).path("error").asString()).isEqualTo("username_taken");
        assertThat(resumed.of(14).path("status").asString()).isEqualTo("created");
        assertThat(resumed.last().path("lines").asInt()).isEqualTo(14);
        assertThat(importing("?from_line=100", lines.toArray(String[]::new))
                        .last()
                        .path("lines")
                        .asInt())
                .isZero();
    }

    @Test
    void aLineMayBeAsLongAsABody() {
        String name = aName();
        String padding = " ".repeat(70_000);
        Results results =
                importing("", "{" + padding + line(aName()).substring(1), line(name), padding + line(aName()));
        assertThat(results.statuses()).containsExactly("failed", "created", "failed");
        assertThat(results.of(1).path("error").asString()).isEqualTo("payload_too_large");
        String exact = line(aName());
        assertThat(importing("", " ".repeat(65_536 - exact.length()) + exact).statuses())
                .containsExactly("created");
    }

    @Test
    void whatIsNoImportIsRefusedAtOnce() {
        assertThat(json("POST", "/1/users/import", "{}").status()).isEqualTo(415);
        assertThat(ndjson("?format=ldap", "").status()).isEqualTo(400);
        assertThat(ndjson("?from_line=0", "").status()).isEqualTo(400);
        assertThat(ndjson("?fromline=1", "").status()).isEqualTo(400);
        assertThat(importing("", "").lines()).hasSize(1);
    }

    @Test
    void ofManyWhoImportTheSameIdsAtOnceOneWinsEach() throws Exception {
        List<String> lines = IntStream.range(0, 100)
                .mapToObj(i ->
                        "{\"id\":\"" + UUID.randomUUID() + "\"," + line("%s").substring(1))
                .toList();
        List<Callable<Results>> imports = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            imports.add(() -> importing(
                    "", lines.stream().map(line -> line.formatted(aName())).toArray(String[]::new)));
        }
        int created = 0;
        try (ExecutorService clients = Executors.newFixedThreadPool(2)) {
            for (Future<Results> each : clients.invokeAll(imports)) {
                assertThat(each.get().last().path("done").asBoolean()).isTrue();
                created += each.get().last().path("created").asInt();
            }
        }
        assertThat(created).isEqualTo(100);
    }

    @Test
    void ofManyWhoImportTheSameNamesAtOnceOneWinsEach() throws Exception {
        List<String> names = IntStream.range(0, 100).mapToObj(i -> aName()).toList();
        List<String> backwards = new ArrayList<>(names).reversed();
        try (ExecutorService clients = Executors.newFixedThreadPool(4)) {
            List<Callable<Results>> imports = List.of(
                    () -> importing("", names.stream().map(ImportTest::line).toArray(String[]::new)),
                    () -> importing("", backwards.stream().map(ImportTest::line).toArray(String[]::new)));
            List<Future<Results>> both = new ArrayList<>();
            imports.forEach(each -> both.add(clients.submit(each)));
            for (String name : names) {
                clients.submit(
                        () -> json("POST", "/1/users", "{\"username\":\"" + name + "\",\"password\":\"abcd1234\"}"));
            }
            for (Future<Results> each : both) {
                assertThat(each.get().last().path("done").asBoolean()).isTrue();
                assertThat(each.get().last().path("lines").asInt()).isEqualTo(100);
            }
        }
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            assertThat(created(name)).as(name).isEqualTo(1);
            seen.add(name);
        }
        assertThat(seen).hasSize(100);
    }

    @Test
    void aLongStreamIsImportedAsItComesAndItsProgressIsShown() throws Exception {
        int lines = 50_000;
        String prefix = aName();
        try (RawImport sending = new RawImport("?dry_run=true")) {
            Thread sender = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < lines; i++) {
                    sending.write(line(prefix + i) + "\n");
                    if (i == lines / 2) {
                        await().atMost(Duration.ofSeconds(60))
                                .until(() -> send("GET", "/1/imports", "", new byte[0])
                                                .json()
                                                .path("data")
                                                .path(0)
                                                .path("lines")
                                                .asLong()
                                        > 1_000);
                    }
                }
                sending.end();
            });
            long answered = 0;
            String last = "";
            for (String result = sending.readLine(); !result.contains("\"done\""); result = sending.readLine()) {
                last = result;
                answered++;
            }
            sender.join();
            assertThat(answered).isEqualTo(lines);
            assertThat(last).isEqualTo("{\"line\":" + lines + ",\"status\":\"valid\"}");
        }
        awaitNoImport();
    }

    private void awaitNoImport() {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(send("GET", "/1/imports", "", new byte[0])
                                .json()
                                .path("data")
                                .size())
                        .isZero());
    }

    @Test
    void whatArrivedOfASenderWhoGoesAwayIsImportedAndThePlaceIsFreeAgain() throws Exception {
        for (int i = 0; i < 3; i++) {
            String name = aName();
            try (RawImport sending = new RawImport("")) {
                sending.write(
                        line(name) + "\n" + line(aName()) + "\n" + line(aName()).substring(0, 20));
                assertThat(sending.readLine()).contains("\"line\":1", "created");
            }
            assertThat(created(name)).isEqualTo(1);
            awaitNoImport();
        }
        assertThat(importing("", line(aName())).statuses()).containsExactly("created");
    }

    @Test
    void moreImportsThanMayRunAtOnceAreToldToComeAgain() throws Exception {
        try (RawImport one = new RawImport("");
                RawImport two = new RawImport("")) {
            one.write(line(aName()) + "\n");
            two.write(line(aName()) + "\n");
            assertThat(one.readLine()).contains("created");
            assertThat(two.readLine()).contains("created");
            Answer third = ndjson("", line(aName()));
            assertThat(third.status()).isEqualTo(503);
            assertThat(third.header("Retry-After")).isNotEmpty();
            one.end();
            two.end();
            assertThat(one.readLine()).contains("\"done\":true");
            assertThat(two.readLine()).contains("\"done\":true");
        }
    }

    /** A client that sends and reads at once, over a socket of its own. */
    private final class RawImport implements AutoCloseable {
        private final Socket socket;
        private final OutputStream out;
        private final BufferedReader in;

        RawImport(String options) throws IOException {
            socket = new Socket("127.0.0.1", port());
            out = new java.io.BufferedOutputStream(socket.getOutputStream());
            out.write(("POST /1/users/import" + options + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + basic(KEY)
                            + "\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        void write(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            try {
                out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(bytes);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                if (bytes.length > 200) {
                    out.flush();
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        void end() {
            try {
                out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        /** The next line that is a result: heads and the sizes of chunks are none. */
        String readLine() throws IOException {
            out.flush();
            String line = in.readLine();
            while (line != null && !line.startsWith("{")) {
                line = in.readLine();
            }
            return line == null ? "" : line;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
