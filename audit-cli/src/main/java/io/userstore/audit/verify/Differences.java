package io.userstore.audit.verify;

import io.userstore.audit.verify.Difference.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** All differences are counted, the first of them kept. Not thread-safe. */
public final class Differences {
    private final int limit;
    private final List<Difference> kept = new ArrayList<>();
    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);

    /** @param limit most to keep, from 1 */
    public Differences(int limit) {
        this.limit = limit;
    }

    public void add(Difference difference) {
        counts.merge(difference.kind(), 1L, Long::sum);
        if (hasRoom()) {
            kept.add(difference);
        }
    }

    /** Whether one more would be kept. */
    boolean hasRoom() {
        return kept.size() < limit;
    }

    /** One that is only counted. */
    void count(Kind kind) {
        counts.merge(kind, 1L, Long::sum);
    }

    public List<Difference> kept() {
        return List.copyOf(kept);
    }

    public Map<Kind, Long> counts() {
        return counts;
    }

    public long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
