package io.userstore.benchmark;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What one measure came to.
 *
 * @param operation as in {@link Workload#name()}
 * @param load the concurrency, or the fixed rate of an open loop
 * @param perSecond answers with the expected status
 * @param latency in milliseconds
 * @param requests how many the figures rest on
 * @param errors every other answer and every failed exchange, those while warming up included
 * @param pending answers of writes that did not wait until reads show them, though they were asked to
 * @param note what else to know, in a few words
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Result(
        String operation,
        String load,
        double perSecond,
        Latencies latency,
        long requests,
        long errors,
        long pending,
        @Nullable String note) {}
