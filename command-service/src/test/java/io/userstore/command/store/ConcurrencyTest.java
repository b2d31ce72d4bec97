package io.userstore.command.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.command.RunningCommandService;
import io.userstore.command.store.Reservations.Kind;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class ConcurrencyTest extends RunningCommandService {
    @Autowired
    private PlatformTransactionManager transactions;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private Names names;

    @Test
    void aCreationThatHasToWaitHoldsUpNoOther() {
        String contested = aName();
        CompletableFuture<Integer> waiting = new TransactionTemplate(transactions).execute(open -> {
            jdbc.sql("INSERT INTO reservation (application, kind, value, user_id) VALUES ('default', 'username', ?, ?)")
                    .params(names.of("default", Kind.USERNAME, contested), UUID.randomUUID())
                    .update();
            CompletableFuture<Integer> claim = CompletableFuture.supplyAsync(
                    () -> json("POST", "/1/users", "{\"username\":\"" + contested + "\",\"password\":\"abcd1234\"}")
                            .status());
            await().atMost(Duration.ofSeconds(60)).until(this::somebodyWaitsForALock);
            aUserNamed(aName());
            assertThat(claim).isNotDone();
            open.setRollbackOnly();
            return claim;
        });
        assertThat(waiting).isNotNull();
        assertThat(waiting.join()).as("the name was free after all").isEqualTo(201);
    }

    @Test
    void nobodyWaitsForEverForALockOrForAHostThatIsGone() {
        assertThat(jdbc.sql("SHOW lock_timeout").query(String.class).single()).isEqualTo("10s");
        assertThat(jdbc.sql("SHOW idle_in_transaction_session_timeout")
                        .query(String.class)
                        .single())
                .isEqualTo("10min");
        assertThat(jdbc.sql("SHOW tcp_keepalives_idle").query(String.class).single())
                .isEqualTo("10");
    }

    @Test
    void aSignInIsNotLostWhenTheOnlyNameChangesMeanwhile() {
        String id = aUserNamed(aName());
        CompletableFuture<Integer> signOut = new TransactionTemplate(transactions).execute(open -> {
            jdbc.sql("UPDATE reservation SET value = ? WHERE user_id = ?")
                    .params(aName(), UUID.fromString(id))
                    .update();
            CompletableFuture<Integer> request = CompletableFuture.supplyAsync(() ->
                    json("POST", "/1/auth/signout", "{\"id\":\"" + id + "\"}").status());
            await().atMost(Duration.ofSeconds(60)).until(this::somebodyWaitsForALock);
            return request;
        });
        assertThat(signOut).isNotNull();
        assertThat(signOut.join()).isEqualTo(200);
    }

    private boolean somebodyWaitsForALock() {
        return jdbc.sql("SELECT count(*) FROM pg_locks WHERE NOT granted")
                        .query(Long.class)
                        .single()
                > 0;
    }
}
