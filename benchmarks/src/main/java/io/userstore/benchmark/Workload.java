package io.userstore.benchmark;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Something to be measured.
 *
 * @param name as the report names it
 * @param expectedStatus the one HTTP status that is no error
 * @param perWorker makes each worker's own operation
 */
record Workload(String name, int expectedStatus, Supplier<Operation> perWorker) {

    /** Reads, which need nothing of the answer but its status. */
    static Workload reading(String name, Operation stateless) {
        return new Workload(name, 200, () -> stateless);
    }

    static Workload creating(String name, Api api, Population population, boolean async) {
        return new Workload(name, 201, () -> new Creation(api, population, async, false));
    }

    /** Creates the users that everything else works on, and then ends. */
    static Workload loading(Api api, Population population) {
        return new Workload("load", 201, () -> new Creation(api, population, true, true));
    }

    static Workload renaming(String name, Api api, Population population) {
        return reading(name, random -> api.rename(population.anyId(random), "Name" + random.nextInt(1_000_000_000)));
    }

    static Workload signingIn(String name, Api api, Population population) {
        return reading(name, random -> api.signIn(population.anyPerson(random)));
    }

    /** Creates the users who come in without a password, and then ends. */
    static Workload loadingDevices(Api api, Population population, int devices) {
        AtomicInteger last = new AtomicInteger();
        return new Workload("load devices", 201, () -> new Operation() {
            @Override
            public byte @Nullable [] next(RandomGenerator random) {
                int number = last.incrementAndGet();
                return number > devices ? null : api.createDevice(population.device(number));
            }

            @Override
            public void answered(Answer answer) throws IOException {
                population.createdBeside(answer.createdId());
            }
        });
    }

    /** Signing in without what hashing costs. */
    static Workload signingInDevices(String name, Api api, Population population, int devices) {
        return reading(name, random -> api.signInDevice(population.device(1 + random.nextInt(devices))));
    }

    /** Ends when nobody is left. */
    static Workload deleting(String name, Api api, Population population, boolean async) {
        return reading(name, random -> {
            String id = population.takeForDeletion();
            return id == null ? null : api.delete(id, async);
        });
    }

    private static final class Creation implements Operation {
        private final Api api;
        private final Population population;
        private final boolean async;
        private final boolean loads;
        private @Nullable Person person;

        Creation(Api api, Population population, boolean async, boolean loads) {
            this.api = api;
            this.population = population;
            this.async = async;
            this.loads = loads;
        }

        @Override
        public byte @Nullable [] next(RandomGenerator random) {
            Person next = loads ? population.nextToLoad() : population.nextPerson();
            person = next;
            return next == null ? null : api.create(next, async);
        }

        @Override
        public void answered(Answer answer) throws IOException {
            if (person != null) {
                population.created(person, answer.createdId());
            }
        }
    }
}
