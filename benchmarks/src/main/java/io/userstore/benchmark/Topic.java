package io.userstore.benchmark;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What {@code --only} chooses from, in the order in which it is measured. */
enum Topic {
    GET,
    LIST,
    CREATE,
    UPDATE,
    SIGN_IN,
    LAG,
    DELETE,
    REBUILD,
    HASHING;

    static final Set<Topic> ALL = Set.copyOf(EnumSet.allOf(Topic.class));
    /** On a server of their own each. */
    static final Set<Topic> APART = Set.of(REBUILD, HASHING);

    static final Set<Topic> WRITING = Set.of(CREATE, UPDATE, SIGN_IN, LAG, DELETE);

    static final Set<Topic> READING = Set.of(GET, LIST, LAG);

    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String texts() {
        return Arrays.stream(values()).map(Topic::text).collect(Collectors.joining(","));
    }

    /** @throws UsageException when there is no such topic */
    static Topic parse(String text) {
        return Arrays.stream(values())
                .filter(topic -> topic.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new UsageException("--only takes " + texts() + ", not " + text));
    }
}
