package io.userstore.command.publish;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waiting for Kafka. */
final class Acknowledgements {
    private Acknowledgements() {}

    /** @throws IllegalStateException when Kafka does not take one of the records */
    static void await(List<Future<?>> sent) {
        try {
            for (Future<?> one : sent) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka did not take a record", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for Kafka", e);
        }
    }
}
