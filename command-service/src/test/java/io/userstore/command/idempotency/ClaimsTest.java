package io.userstore.command.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.userstore.command.RunningCommandService;
import io.userstore.command.idempotency.Claims.Claim;
import io.userstore.command.idempotency.Claims.ClaimLostException;
import io.userstore.command.idempotency.Claims.Outcome;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

class ClaimsTest extends RunningCommandService {
    private final String id = UUID.randomUUID().toString();

    @Autowired
    private Claims claims;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void aRequestIsClaimedOnceAndItsAnswerFound() {
        Claim claim = won();
        assertThat(claims.claim(id, "f")).isInstanceOf(Outcome.Running.class);
        assertThat(claims.claim(id, "g")).isInstanceOf(Outcome.Reused.class);
        claims.remember(claim, new byte[] {1, 2});
        assertThat(claims.claim(id, "f"))
                .isInstanceOfSatisfying(
                        Outcome.Answered.class,
                        answered -> assertThat(answered.sealed()).containsExactly(1, 2));
    }

    @Test
    void aReleasedClaimMayBeHadAgain() {
        claims.release(won());
        assertThat(claims.claim(id, "another")).isInstanceOf(Outcome.Won.class);
    }

    /** The slow first request must not commit beside the one that has taken it over. */
    @Test
    void whoeverHasLostTheClaimCannotConfirm() {
        Claim slow = won();
        jdbc.sql("UPDATE idempotency SET lease_until = now() WHERE id = ?")
                .param(id)
                .update();
        Claim quick = won();
        try (Claims.Scope scope = claims.carryOut(slow)) {
            assertThatThrownBy(claims::confirm).isInstanceOf(ClaimLostException.class);
        }
        try (Claims.Scope scope = claims.carryOut(quick)) {
            claims.confirm();
            claims.confirm();
        }
        claims.confirm();
        claims.remember(slow, new byte[] {9});
        claims.release(slow);
        assertThat(claims.claim(id, "f"))
                .as("the answer of the quick one is to come")
                .isInstanceOf(Outcome.Running.class);
    }

    @Test
    void whatWasCarriedOutIsNeverHadAgainWithoutItsAnswer() {
        Claim claim = won();
        try (Claims.Scope scope = claims.carryOut(claim)) {
            claims.confirm();
        }
        claims.release(claim);
        assertThat(claims.claim(id, "f")).isInstanceOf(Outcome.Lost.class);
    }

    @Test
    void whatHasExpiredIsSweptInBatchesAndTheRestStays() {
        won();
        jdbc.sql("INSERT INTO idempotency (id, fingerprint, owner, lease_until, expires_at)"
                        + " SELECT 'old-' || n || ?, 'f', gen_random_uuid(), now(), now() FROM generate_series(1, ?) n")
                .params(id, Claims.SWEEP + 1)
                .update();
        // What the sweep in the background has in hand is passed over, and is there no longer soon after.
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            claims.sweep();
            assertThat(jdbc.sql("SELECT id FROM idempotency WHERE id LIKE 'old-%' OR id = ?")
                            .param(id)
                            .query(String.class)
                            .list())
                    .containsExactly(id);
        });
    }

    private Claim won() {
        return ((Outcome.Won) claims.claim(id, "f")).claim();
    }
}
