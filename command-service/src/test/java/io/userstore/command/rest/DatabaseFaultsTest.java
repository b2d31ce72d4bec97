package io.userstore.command.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.command.RunningCommandService;
import io.userstore.command.rest.FaultyDatabase.Fault;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;

/**
 * Lets the database fail at each place that a request comes to, in each way: the answer is 503 or as if nothing had been, and the
 * same request comes through afterwards, with nothing half done. After SQLite's tests of I/O errors.
 */
@Import(FaultyDatabase.class)
@TestPropertySource(
        properties = {
            "userstore.idempotency.lease=1s",
            // A thousand faults, each with its trace.
            "logging.level.io.userstore.command.rest=off",
            "logging.level.org.axonframework=off",
            "logging.level.com.zaxxer.hikari=off"
        })
class DatabaseFaultsTest extends RunningCommandService {
    @Autowired
    private FaultyDatabase database;

    /** A kind of request; {@code again} is the status when what it asks for is done already. */
    private enum Kind {
        CREATE(201, 409),
        PUT(200, 200),
        PATCH_NAMES(200, 200),
        PATCH_PASSWORD(200, 200),
        DELETE(200, 404),
        SIGN_IN(200, 200),
        CONFIRM(200, 200),
        SIGN_OUT(200, 200),
        LINK_PROVIDER(201, 409),
        PROVIDER_SIGN_IN(200, 200),
        UNLINK_PROVIDER(200, 404),
        CREATE_APPLICATION(201, 409),
        READ_APPLICATIONS(200, 200),
        READ_ERASURE(404, 404);

        private final int done;
        private final int again;

        Kind(int done, int again) {
            this.done = done;
            this.again = again;
        }
    }

    static Stream<Arguments> everything() {
        return Arrays.stream(Kind.values())
                .flatMap(kind -> Arrays.stream(Fault.values()).map(fault -> Arguments.of(kind, fault)));
    }

    @ParameterizedTest
    @MethodSource("everything")
    void aFaultAtAnyPlaceIsAnsweredWith503AndLeavesNothingHalfDone(Kind kind, Fault fault) {
        Optional<String> failed = Optional.of("");
        for (int place = 1; failed.isPresent(); place++) {
            Supplier<Answer> request = prepare(kind);
            database.failAt(place, fault);
            Answer first = request.get();
            failed = database.heal();
            String where = where(fault, place, failed, first);
            if (failed.isEmpty()) {
                assertThat(place).as(where).isGreaterThan(1);
            }
            boolean done = first.status() == kind.done;
            if (!done) {
                assertThat(failed).as(where).isPresent();
                assertThat(first.status()).as(where).isEqualTo(503);
                assertThat(first.text("error")).as(where).isIn("unavailable", "overloaded");
                assertThat(first.header("Retry-After")).as(where).isNotEmpty();
            }
            boolean unknown = !done && fault == Fault.CONNECTION_LOST_AFTER && failed.equals(Optional.of("commit"));
            int status = request.get().status();
            if (unknown) {
                assertThat(status).as(where).isIn(kind.done, kind.again);
            } else {
                assertThat(status).as(where).isEqualTo(done ? kind.again : kind.done);
            }
        }
    }

    private static String where(Fault fault, int place, Optional<String> failed, Answer answer) {
        return "%s at call %d, %s: %s"
                .formatted(
                        fault, place, failed.orElse("none"), answer.response().body());
    }

    private Supplier<Answer> prepare(Kind kind) {
        String name = aName();
        String user = "{\"username\":\"" + name + "\",\"password\":\"abcd1234\"}";
        if (kind == Kind.CREATE) {
            return () -> json("POST", "/1/users", user);
        }
        if (kind == Kind.CREATE_APPLICATION) {
            return () -> json("POST", "/1/applications", "{\"name\":\"" + name.substring(0, 20) + "\"}");
        }
        String id = aUserNamed(name);
        String path = "/1/users/" + id;
        String identity = "{\"client_id\":\"" + name + "\"}";
        return switch (kind) {
            case PUT -> () -> json("PUT", path, "{\"first_name\":\"" + UUID.randomUUID() + "\"}");
            case PATCH_NAMES -> {
                String email = aName() + "@example.com";
                yield () -> json("PATCH", path, "{\"email\":\"" + email + "\",\"username\":null}");
            }
            case PATCH_PASSWORD -> () -> json("PATCH", path, "{\"password\":\"efgh5678\"}");
            case DELETE -> () -> delete(path);
            case SIGN_IN ->
                () -> json("POST", "/1/auth/signin", "{\"username\":\"" + name + "\",\"password\":\"abcd1234\"}");
            case CONFIRM -> () -> json("POST", "/1/auth/confirm", "{\"id\":\"" + id + "\",\"password\":\"abcd1234\"}");
            case SIGN_OUT -> () -> json("POST", "/1/auth/signout", "{\"id\":\"" + id + "\"}");
            case LINK_PROVIDER -> () -> json("POST", path + "/auth-providers/facebook", identity);
            case PROVIDER_SIGN_IN -> {
                json("POST", path + "/auth-providers/facebook", identity);
                yield () ->
                        json("POST", "/1/auth/signin", "{\"provider\":\"facebook\",\"client_id\":\"" + name + "\"}");
            }
            case UNLINK_PROVIDER -> {
                json("POST", path + "/auth-providers/facebook", identity);
                yield () -> delete(path + "/auth-providers/facebook");
            }
            case READ_APPLICATIONS -> () -> send("GET", "/1/applications", "", new byte[0]);
            case READ_ERASURE -> () -> send("GET", "/1/erasures/" + id, "", new byte[0]);
            case CREATE, CREATE_APPLICATION -> throw new IllegalArgumentException("has no user");
        };
    }

    /** One that comes again with its key is carried out once, whatever has become of the first. */
    @ParameterizedTest
    @EnumSource(names = {"CONNECTION_LOST_BEFORE", "CONNECTION_LOST_AFTER", "DISK_FULL"})
    void aRequestWithAKeyComesThroughInTheEndOnce(Fault fault) {
        Optional<String> failed = Optional.of("");
        for (int place = 1; failed.isPresent(); place++) {
            String body = "{\"username\":\"" + aName() + "\",\"password\":\"abcd1234\"}";
            String key = UUID.randomUUID().toString();
            database.failAt(place, fault);
            Answer first = json("POST", "/1/users", body, "Idempotency-Key", key);
            failed = database.heal();
            String where = where(fault, place, failed, first);
            assertThat(first.status()).as(where).isIn(201, 503);
            Answer again = await(where)
                    .atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(100))
                    .until(
                            () -> json("POST", "/1/users", body, "Idempotency-Key", key),
                            answer -> !answer.text("error").equals("idempotency_key_in_use"));
            if (again.status() != 201) {
                assertThat(again.text("error")).as(where).isEqualTo("idempotent_answer_lost");
                assertThat(json("POST", "/1/users", body).status()).as(where).isEqualTo(409);
            }
            assertThat(failed.isPresent() || place > 1).isTrue();
        }
    }
}
