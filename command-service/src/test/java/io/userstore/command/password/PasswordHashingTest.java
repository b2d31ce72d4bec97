package io.userstore.command.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.userstore.command.password.PasswordHashing.OverloadedException;
import io.userstore.command.password.PasswordHashing.Verdict;
import io.userstore.command.user.PasswordHash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.password.PasswordEncoder;

/** Which hash is computed where; what computes them here stands still at large ones. */
class PasswordHashingTest {
    private static final int MEMORY_KIB = 19_456;
    private static final int MOST_WAITING = 8;
    private static final RawPassword RIGHT = RawPassword.of("right");
    private static final RawPassword WRONG = RawPassword.of("wrong");
    private static final PasswordHash OURS = argon2(MEMORY_KIB);
    private static final PasswordHash LARGE = argon2(MEMORY_KIB + 1);
    private static final PasswordHash BCRYPT = new PasswordHash("{bcrypt}$2a$04$x");

    private final Computing computing = new Computing();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final PasswordHashing hashing = new PasswordHashing(
            new PasswordSettings(4, 1_024, MEMORY_KIB, 2, 1, 1, DeniedPasswords.of("")), metrics, computing);

    @AfterEach
    void close() {
        computing.goOn.countDown();
        hashing.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{argon2}$argon2id$v=19$m=19457,t=1,p=1$c2FsdA$aGFzaA",
                "{argon2}$argon2i$v=16$m=131072,t=1,p=1$c2FsdA$aGFzaA",
                "{scrypt}$100801$c2FsdA==$aGFzaA=="
            })
    void whileALargeHashIsComputedAnOrdinaryOneGoesThrough(String encoded) throws InterruptedException {
        CompletableFuture<Verdict> large = checking(new PasswordHash(encoded));
        computing.begun.await();

        assertThat(hashing.check(RIGHT, OURS).matches()).isTrue();
        assertThat(hashing.check(RIGHT, BCRYPT).matches()).isTrue();
        assertThat(hashing.hash(RIGHT)).isEqualTo(OURS);
        assertThat(large).isNotDone();

        computing.goOn.countDown();
        assertThat(large.join().matches()).isTrue();
    }

    @Test
    void ofLargeHashesOneIsComputedAtATimeAFewWaitAndTheRestIsRefused() throws InterruptedException {
        List<CompletableFuture<Verdict>> checks = new ArrayList<>(List.of(checking(LARGE)));
        computing.begun.await();
        for (int i = 0; i < MOST_WAITING; i++) {
            checks.add(checking(LARGE));
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        metrics.get("userstore.password.large.queue").gauge().value() == MOST_WAITING);

        assertThatThrownBy(() -> hashing.check(RIGHT, LARGE)).isInstanceOf(OverloadedException.class);
        assertThat(hashing.check(RIGHT, OURS).matches()).isTrue();

        computing.goOn.countDown();
        assertThat(checks).allMatch(check -> check.join().matches());
        assertThat(computing.most).hasValue(1);
        assertThat(metrics.get("userstore.password.large.hash").timer().count()).isEqualTo(checks.size());
    }

    @Test
    void aWrongPasswordOfAnybodyCostsAHashOfOurs() {
        computing.goOn.countDown();
        assertThat(hashing.check(WRONG, null)).isEqualTo(new Verdict(false, false));
        assertThat(computing.takeComputed()).containsExactly(OURS.encoded());
        assertThat(hashing.check(WRONG, OURS)).isEqualTo(new Verdict(false, false));
        assertThat(computing.takeComputed()).containsExactly(OURS.encoded());
        assertThat(hashing.check(WRONG, BCRYPT)).isEqualTo(new Verdict(false, false));
        assertThat(computing.takeComputed()).containsExactly(BCRYPT.encoded(), OURS.encoded());
        assertThat(hashing.check(WRONG, LARGE)).isEqualTo(new Verdict(false, false));
        assertThat(computing.takeComputed()).containsExactly(LARGE.encoded(), OURS.encoded());
    }

    @Test
    void aRightPasswordCostsItsOwnHashAndTellsWhetherThatIsOneOfOurs() {
        assertThat(hashing.check(RIGHT, OURS)).isEqualTo(new Verdict(true, false));
        assertThat(hashing.check(RIGHT, BCRYPT)).isEqualTo(new Verdict(true, true));
        assertThat(computing.takeComputed()).containsExactly(OURS.encoded(), BCRYPT.encoded());
        assertThat(hashing.check(RIGHT, null)).as("nobody's").isEqualTo(new Verdict(false, false));
    }

    private CompletableFuture<Verdict> checking(PasswordHash hash) {
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                verdict.complete(hashing.check(RIGHT, hash));
            } catch (RuntimeException e) {
                verdict.completeExceptionally(e);
            }
        });
        return verdict;
    }

    private static PasswordHash argon2(int memoryKib) {
        return new PasswordHash("{argon2}" + ForeignHash.argon2("id", memoryKib, 2, 1, new byte[16], new byte[32]));
    }

    /** Computes nothing: takes one password for right, and stands still at large hashes until it may go on. */
    private static final class Computing implements PasswordEncoder {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final AtomicInteger now = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();
        private final List<String> computed = new CopyOnWriteArrayList<>();

        /** What was checked since this was asked before. */
        List<String> takeComputed() {
            List<String> taken = List.copyOf(computed);
            computed.clear();
            return taken;
        }

        @Override
        public String encode(@Nullable CharSequence password) {
            return OURS.encoded();
        }

        @Override
        public boolean matches(@Nullable CharSequence password, @Nullable String encoded) {
            if (encoded != null && ForeignHash.memoryKib(new PasswordHash(encoded)) > MEMORY_KIB) {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                begun.countDown();
                await().atMost(Duration.ofSeconds(60)).until(() -> goOn.getCount() == 0);
                now.decrementAndGet();
            }
            computed.add(String.valueOf(encoded));
            return RIGHT.value().contentEquals(password == null ? "" : password);
        }

        @Override
        public boolean upgradeEncoding(@Nullable String encoded) {
            return !OURS.encoded().equals(encoded);
        }
    }
}
