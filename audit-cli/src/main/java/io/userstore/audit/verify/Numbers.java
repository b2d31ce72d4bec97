package io.userstore.audit.verify;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the events of each user come in order and without gaps, within one partition. Memory: two numbers per user of that
 * partition. Not thread-safe.
 */
final class Numbers {
    private final Map<String, long[]> last = new HashMap<>();
    private int partition = -1;

    /**
     * Takes a record's numbers, in the order of the log.
     *
     * @param isRepeated whether the same event came before, which is no fault
     * @return what is wrong, or empty
     */
    Optional<String> take(RecordFacts facts, int ofPartition, boolean isRepeated) {
        if (ofPartition != partition) {
            // A user is in one partition only, so those of the one before never come again.
            last.clear();
            partition = ofPartition;
        }
        int stream = facts.isSignIn() ? 1 : 0;
        long[] numbers = last.computeIfAbsent(facts.userId(), user -> new long[2]);
        long due = numbers[stream] + 1;
        long number = facts.number();
        numbers[stream] = Math.max(numbers[stream], number);
        String name = facts.isSignIn() ? "login_sequence" : "version";
        if (number > due) {
            return Optional.of(name + " " + number + " comes where " + due + " is due");
        }
        return number == due || isRepeated
                ? Optional.empty()
                : Optional.of(name + " " + number + " comes too late, after " + (due - 1));
    }
}
