package io.userstore.command.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.command.RunningCommandService;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/**
 * Whether time tells an unknown user, a wrong password and a locked user apart, with the default settings of Argon2. To
 * be run by hand on a machine that does nothing else, hence its name: {@code -Dtest=SignInTiming}.
 */
@TestPropertySource(properties = {"userstore.password.memory-kib=19456", "userstore.password.iterations=2"})
class SignInTiming extends RunningCommandService {
    private static final int SAMPLES = 200;
    private static final int GUESSES_PER_USER = 4;
    private static final int ATTEMPTS = 3;
    private static final double TOLERANCE = 0.05;

    private enum Who {
        UNKNOWN,
        WRONG,
        LOCKED
    }

    @Test
    void theMediansAreWithinFivePerCent() {
        String locked = aName();
        aUserNamed(locked);
        for (int i = 0; i < 5; i++) {
            signIn(locked);
        }
        double apart = Double.MAX_VALUE;
        for (int attempt = 1; attempt <= ATTEMPTS && apart > TOLERANCE; attempt++) {
            Map<Who, Double> medians = measure(locked);
            apart = Collections.max(medians.values()) / Collections.min(medians.values()) - 1;
            System.out.printf("medians in ms %s, apart by %.1f %%%n", medians, 100 * apart);
        }
        assertThat(apart).isLessThanOrEqualTo(TOLERANCE);
    }

    /** In mixed order, so that whatever else the machine does falls on all alike. */
    private Map<Who, Double> measure(String locked) {
        List<String> guessed = new ArrayList<>();
        for (int i = 0; i < SAMPLES / GUESSES_PER_USER; i++) {
            String name = aName();
            aUserNamed(name);
            guessed.addAll(Collections.nCopies(GUESSES_PER_USER, name));
        }
        Map<Who, List<Double>> times = new EnumMap<>(Who.class);
        Random random = new Random(1);
        for (String name : guessed) {
            List<Who> order = new ArrayList<>(List.of(Who.values()));
            Collections.shuffle(order, random);
            for (Who who : order) {
                String signInName = switch (who) {
                    case UNKNOWN -> aName();
                    case WRONG -> name;
                    case LOCKED -> locked;
                };
                times.computeIfAbsent(who, w -> new ArrayList<>()).add(signIn(signInName));
            }
        }
        Map<Who, Double> medians = new EnumMap<>(Who.class);
        times.forEach(
                (who, all) -> medians.put(who, all.stream().sorted().toList().get(all.size() / 2)));
        return medians;
    }

    private double signIn(String name) {
        long start = System.nanoTime();
        Answer answer = json("POST", "/1/auth/signin", "{\"username\":\"" + name + "\",\"password\":\"wrong\"}");
        double millis = (System.nanoTime() - start) / 1e6;
        assertThat(answer.status()).isEqualTo(401);
        return millis;
    }
}
