package io.userstore.command.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.command.RunningCommandService;
import io.userstore.command.store.Reservations.Kind;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** Nothing is remembered in memory, so that each load comes from the database. */
@DirtiesContext // gives its connections back
@TestPropertySource(properties = "userstore.event-store.cached-states=0")
class SealedStoreTest extends RunningCommandService {
    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private Names names;

    @Test
    void aSnapshotIsSealedAsAWholeAndIsWhatTheNextLoadBeginsWith() {
        String name = aName();
        String id = aUserNamed(name);
        for (int i = 0; i < 4; i++) {
            json("PATCH", "/1/users/" + id, "{\"first_name\":\"First" + i + "\"}");
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> snapshotsOf(id) == 1);
        assertThat(jdbc.sql("SELECT payload FROM snapshot_event WHERE aggregate_id = ?")
                        .param(id)
                        .query(String.class)
                        .single())
                .startsWith("{\"personal\":\"eyJ")
                .doesNotContain(name)
                .doesNotContain("First");

        jdbc.sql("UPDATE domain_event SET payload ="
                        + " jsonb_set(payload::jsonb, '{personal}', to_jsonb(:other::text))::text"
                        + " WHERE aggregate_id = :id AND seq < 4")
                .param("other", keyOf(jdbc, id).seal("{\"username\":\"another\"}"))
                .param("id", id)
                .update();
        Answer answer = json("PATCH", "/1/users/" + id, "{\"last_name\":\"Last\"}");
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        assertThat(answer.text("username")).isEqualTo(name);
        assertThat(answer.text("first_name")).isEqualTo("First3");
    }

    @Test
    void aReservationTellsNothingOfTheNameAndIsAnotherInAnotherApplication() {
        String name = aName();
        String id = aUserNamed(name);
        String reserved = jdbc.sql("SELECT value FROM reservation WHERE user_id = ?")
                .param(UUID.fromString(id))
                .query(String.class)
                .single();
        assertThat(reserved)
                .matches("[0-9a-f]{64}")
                .isEqualTo(names.of("default", Kind.USERNAME, name.toUpperCase(Locale.ROOT)))
                .isNotEqualTo(names.of("shop", Kind.USERNAME, name))
                .isNotEqualTo(names.of("default", Kind.EMAIL, name));
    }

    /** As on an instance that does not know yet that another one has deleted the user. */
    @Test
    void aUserWhoseKeyIsGoneIsNeitherReadNorWritten() {
        String name = aName();
        String id = aUserNamed(name);
        jdbc.sql("DELETE FROM user_key WHERE user_id = ?")
                .param(UUID.fromString(id))
                .update();
        Answer answer = json("PATCH", "/1/users/" + id, "{\"first_name\":\"First\"}");
        assertThat(answer.status()).isBetween(400, 503);
        assertThat(answer.response().body()).doesNotContain(name);
        assertThat(jdbc.sql("SELECT count(*) FROM domain_event WHERE aggregate_id = ?")
                        .param(id)
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    private long snapshotsOf(String id) {
        return jdbc.sql("SELECT count(*) FROM snapshot_event WHERE aggregate_id = ?")
                .param(id)
                .query(Long.class)
                .single();
    }
}
