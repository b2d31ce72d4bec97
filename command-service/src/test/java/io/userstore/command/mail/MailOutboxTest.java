package io.userstore.command.mail;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.command.RunningCommandService;
import io.userstore.command.mail.MailOutbox.Due;
import io.userstore.command.seal.Sealing;
import io.userstore.command.seal.StoreKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/** The service runs without a mail server, so that only the test takes mails. */
class MailOutboxTest extends RunningCommandService {
    private static final Duration LEASE = Duration.ofMinutes(5);

    @Autowired
    private JdbcTemplate jdbc;

    private MailOutbox outbox;

    @BeforeEach
    void emptyTheOutbox() {
        jdbc.update("DELETE FROM mail");
        outbox = new MailOutbox(jdbc, new Mailing(null, new Sealing(new StoreKey(new byte[StoreKey.BYTES]), "mail")));
    }

    @AfterEach
    void leaveNothing() {
        jdbc.update("DELETE FROM mail");
    }

    @Test
    void ofManyInstancesAtOnceOneGetsEachMail() throws Exception {
        for (int i = 0; i < 100; i++) {
            waiting("registration");
        }
        List<Callable<List<Due>>> instances = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            instances.add(() -> outbox.claim(4, LEASE));
        }
        List<UUID> taken = new ArrayList<>();
        try (ExecutorService all = Executors.newFixedThreadPool(8)) {
            for (Future<List<Due>> claimed : all.invokeAll(instances)) {
                claimed.get().forEach(due -> taken.add(due.id()));
            }
        }
        assertThat(taken).hasSize(100).doesNotHaveDuplicates();
        assertThat(outbox.claim(4, LEASE)).isEmpty();
    }

    @Test
    void aMailOfAnInstanceThatDiedComesAgainAfterItsLease() {
        UUID id = waiting("registration");
        assertThat(outbox.claim(4, Duration.ZERO)).extracting(Due::id).containsExactly(id);
        assertThat(outbox.claim(4, LEASE)).singleElement().satisfies(due -> {
            assertThat(due.id()).isEqualTo(id);
            assertThat(due.attempts()).isEqualTo(2);
        });
        assertThat(outbox.waiting()).isEqualTo(1);
    }

    @Test
    void whatBecameOfAMailChangesNothingOfTheOneThatTookItsPlace() {
        waiting("password_reset");
        Due old = outbox.claim(1, LEASE).getFirst();
        UUID later = UUID.randomUUID();
        jdbc.update("UPDATE mail SET id = ?, due_at = now() WHERE user_id = ?", later, old.userId());
        outbox.finish(old);
        outbox.retry(old, LEASE);
        assertThat(outbox.claim(1, LEASE)).extracting(Due::id).containsExactly(later);
    }

    @Test
    void theOneThatHasWaitedLongestGoesFirst() {
        UUID second = waiting("registration");
        UUID first = waiting("registration");
        jdbc.update("UPDATE mail SET due_at = due_at - interval '1 hour' WHERE id = ?", first);
        assertThat(outbox.claim(1, LEASE)).extracting(Due::id).containsExactly(first);
        assertThat(outbox.claim(1, LEASE)).extracting(Due::id).containsExactly(second);
    }

    @Test
    void ofAConfirmationThatWasSentOnlyTheCodeGoes() {
        waiting("confirmation");
        Due sent = outbox.claim(1, LEASE).getFirst();
        outbox.finish(sent);
        assertThat(jdbc.queryForObject(
                        "SELECT count(*) FROM mail WHERE content = 'sealed' AND code IS NULL AND due_at IS NULL",
                        Long.class))
                .isEqualTo(1);
        assertThat(outbox.waiting()).isZero();
    }

    private UUID waiting(String kind) {
        UUID id = UUID.randomUUID();
        jdbc.update(
                "INSERT INTO mail (user_id, kind, application, id, content, code, due_at)"
                        + " VALUES (?, ?, 'default', ?, 'sealed', 'sealed', now())",
                UUID.randomUUID(),
                kind,
                id);
        return id;
    }
}
