package io.userstore.command.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.command.RunningCommandService;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.test.context.TestPropertySource;

/** Without states in memory, so that every state is read from the database and its snapshots. */
@TestPropertySource(properties = "userstore.event-store.cached-states=0")
class SigningInTest extends RunningCommandService {
    @Autowired
    private JdbcClient jdbc;

    @Test
    void aUserSignsInByNameOrAddressInAnySpelling() {
        String name = aName();
        Answer created = json(
                "POST",
                "/1/users",
                "{\"username\":\"%s\",\"email\":\"%s@example.com\",\"password\":\"abcd1234\"}".formatted(name, name));
        String upper = name.toUpperCase(Locale.ROOT);
        for (String who : new String[] {
            "\"username\":\"" + upper + "\"",
            "\"email\":\"" + upper + "@EXAMPLE.com\"",
            "\"signin_id\":\"" + name + "\"",
            "\"signin_id\":\"" + upper + "@example.com\""
        }) {
            Answer signedIn = json("POST", "/1/auth/signin", "{" + who + ",\"password\":\"abcd1234\"}");
            assertThat(signedIn.status()).isEqualTo(200);
            assertThat(signedIn.text("id")).isEqualTo(created.text("id"));
            assertThat(signedIn.json().get("last_signin").isNull()).isFalse();
            assertThat(signedIn.header("Consistency-Token")).isNotEmpty();
        }
    }

    @Test
    void aWrongPasswordAndAnUnknownUserGetTheSameAnswer() {
        String name = aName();
        String id = aUserNamed(name);
        Answer wrong = json("POST", "/1/auth/signin", "{\"username\":\"" + name + "\",\"password\":\"abcd12345\"}");
        Answer unknown = json("POST", "/1/auth/signin", "{\"username\":\"" + aName() + "\",\"password\":\"abcd\"}");
        for (Answer refused : new Answer[] {wrong, unknown}) {
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.text("error")).isEqualTo("invalid_credentials");
            assertThat(refused.json().get("code").asInt()).isEqualTo(603);
        }
        assertThat(wrong.text("detail")).isEqualTo(unknown.text("detail"));
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(storedTypes(id + "/sign-ins")).isEqualTo("user.login-failed"));
    }

    @Test
    void anInactiveUserSignsInWithoutARecordedLogin() {
        String name = aName();
        String id = aUserNamed(name);
        json("PATCH", "/1/users/" + id, "{\"is_active\":false}");
        Answer signedIn = json("POST", "/1/auth/signin", "{\"username\":\"" + name + "\",\"password\":\"abcd1234\"}");
        assertThat(signedIn.status()).isEqualTo(200);
        assertThat(signedIn.json().get("is_active").asBoolean()).isFalse();
        assertThat(signedIn.json().get("validated").asBoolean()).isFalse();
        assertThat(signedIn.json().get("last_signin").isNull()).isTrue();
    }

    @Test
    void aPasswordIsTheSameFromEveryKeyboard() {
        String name = aName();
        json("POST", "/1/users", "{\"username\":\"" + name + "\",\"password\":\"Jo\\u0308rg \uD83D\uDE00\"}");
        assertThat(json("POST", "/1/auth/signin", "{\"username\":\"" + name + "\",\"password\":\"Jörg 😀\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void confirmingAPasswordRecordsNoLogin() {
        String id = aUserNamed(aName());
        assertThat(json("POST", "/1/auth/confirm", "{\"id\":\"" + id + "\",\"password\":\"abcd1234\"}")
                        .status())
                .isEqualTo(200);
        assertThat(json("POST", "/1/auth/confirm", "{\"id\":\"" + id + "\",\"password\":\"x\"}")
                        .status())
                .isEqualTo(401);
        assertThat(json("POST", "/1/auth/confirm", "{\"id\":\"nobody\",\"password\":\"x\"}")
                        .status())
                .isEqualTo(401);
        assertThat(storedTypes(id + "/sign-ins")).doesNotContain("user.login-recorded");
    }

    @Test
    void signingOutIsRecorded() {
        String id = aUserNamed(aName());
        assertThat(json("POST", "/1/auth/signout", "{\"id\":\"" + id + "\"}").text("id"))
                .isEqualTo(id);
        assertThat(storedTypes(id + "/sign-ins")).isEqualTo("user.signed-out");
        assertThat(json("POST", "/1/auth/signout", "{\"id\":\"" + aName() + "\"}")
                        .status())
                .isEqualTo(404);
        assertThat(json("POST", "/1/auth/signout", "{}").status()).isEqualTo(400);
    }

    @Test
    void aWeakerHashIsUpgradedAtSignInAndTheNextSignInStillWorks() {
        String name = aName();
        String id = aUserNamed(name);
        String hash = "{bcrypt}" + new BCryptPasswordEncoder(4).encode("old one");
        jdbc.sql("UPDATE domain_event SET payload ="
                        + " jsonb_set(payload::jsonb, '{password_hash}', to_jsonb(:hash::text))::text"
                        + " WHERE aggregate_id = :id")
                .param("hash", keyOf(jdbc, id).seal(hash))
                .param("id", id)
                .update();
        String body = "{\"username\":\"" + name + "\",\"password\":\"old one\"}";
        assertThat(json("POST", "/1/auth/signin", body).status()).isEqualTo(200);
        assertThat(storedTypes(id)).isEqualTo("user.created user.password-rehashed");
        assertThat(json("POST", "/1/auth/signin", body).status()).isEqualTo(200);
        assertThat(storedTypes(id)).isEqualTo("user.created user.password-rehashed");
    }

    @Test
    void snapshotsAreTakenAndAUserWithManyLoginsStillSignsIn() {
        String name = aName();
        String id = aUserNamed(name);
        String body = "{\"username\":\"" + name + "\",\"password\":\"abcd1234\"}";
        for (int i = 0; i < 12; i++) {
            assertThat(json("POST", "/1/auth/signin", body).status()).isEqualTo(200);
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(
                                jdbc.sql("SELECT coalesce(max(seq), -1) FROM snapshot_event WHERE aggregate_id = :id")
                                        .param("id", id + "/sign-ins")
                                        .query(Long.class)
                                        .single())
                        .isEqualTo(9));
        assertThat(json("POST", "/1/auth/signin", body).status()).isEqualTo(200);
        assertThat(jdbc.sql("SELECT max(seq) FROM domain_event WHERE aggregate_id = :id")
                        .param("id", id + "/sign-ins")
                        .query(Long.class)
                        .single())
                .isEqualTo(12);
        delete("/1/users/" + id);
        assertThat(jdbc.sql("SELECT count(*) FROM snapshot_event WHERE aggregate_id LIKE :id")
                        .param("id", id + "%")
                        .query(Long.class)
                        .single())
                .as("a deleted user leaves no snapshot")
                .isZero();
    }

    private String storedTypes(String aggregateId) {
        return String.join(
                " ",
                jdbc.sql("SELECT payload_type FROM domain_event WHERE aggregate_id = :id ORDER BY seq")
                        .param("id", aggregateId)
                        .query(String.class)
                        .list());
    }
}
