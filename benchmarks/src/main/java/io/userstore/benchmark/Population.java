package io.userstore.benchmark;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The users of one server: those loaded, numbered from 1, which reads and updates pick from; and those created later
 * while measuring, which deletions take first. Thread-safe.
 */
final class Population {
    private final String run;
    private final AtomicReferenceArray<String> ids;
    private final AtomicInteger lastNumber = new AtomicInteger();
    private final AtomicInteger loaded = new AtomicInteger();
    private final AtomicInteger undeleted;
    private final ConcurrentLinkedQueue<String> extras = new ConcurrentLinkedQueue<>();

    /** @param size how many are to be loaded, at least 1 */
    Population(int size, String run) {
        this.run = run;
        this.ids = new AtomicReferenceArray<>(size);
        this.undeleted = new AtomicInteger(size);
    }

    int size() {
        return ids.length();
    }

    /** How many are loaded so far. */
    int loaded() {
        return loaded.get();
    }

    /** Somebody whom nobody has created yet. */
    Person nextPerson() {
        return new Person(lastNumber.incrementAndGet(), run);
    }

    /** Somebody to load, or null when all have been handed out. */
    @Nullable
    Person nextToLoad() {
        Person next = nextPerson();
        return next.number() <= size() ? next : null;
    }

    void created(Person person, String id) {
        if (person.number() <= size()) {
            ids.set(person.number() - 1, id);
            loaded.incrementAndGet();
        } else {
            extras.add(id);
        }
    }

    /** Somebody who is neither read nor changed, but deleted in the end. */
    void createdBeside(String id) {
        extras.add(id);
    }

    /** By what a user without a password is known. */
    String device(int number) {
        return "device-" + number + run;
    }

    Person anyPerson(RandomGenerator random) {
        return new Person(1 + random.nextInt(size()), run);
    }

    String anyId(RandomGenerator random) {
        return ids.get(random.nextInt(size()));
    }

    /** The id of somebody to delete, each one once; null when nobody is left. Afterwards no id may be picked any more. */
    @Nullable
    String takeForDeletion() {
        String extra = extras.poll();
        if (extra != null) {
            return extra;
        }
        for (int index = undeleted.decrementAndGet(); index >= 0; index = undeleted.decrementAndGet()) {
            String id = ids.get(index);
            if (id != null) {
                return id;
            }
        }
        return null;
    }
}
