package io.userstore.api.consistency;

import io.userstore.api.json.Json;
import java.util.List;

/**
 * What a projection says after it has applied a batch of one partition, and now and then while nothing is left to apply;
 * a record on the progress topic.
 *
 * @param projection the projection's name, for example {@code users}
 * @param partition of the events topic; -1 when all is applied
 * @param offset the last offset applied, and with it every offset before; -1 when all is applied
 * @param lagMillis age of the batch's last event when it had been applied, in milliseconds, at least 0
 * @param applied how far each user of the batch has come
 */
public record ProgressReport(String projection, int partition, long offset, long lagMillis, List<Applied> applied) {

    /**
     * One user of the batch; both numbers only grow.
     *
     * @param version the last applied of the user's stream in the batch, 0 when there was none
     * @param loginSequence likewise of the sign-ins
     */
    public record Applied(String userId, long version, long loginSequence) {}

    public ProgressReport {
        applied = List.copyOf(applied);
    }

    /** Says that a projection has applied everything there is. */
    public static ProgressReport caughtUp(String projection) {
        return new ProgressReport(projection, -1, -1, 0, List.of());
    }

    /** JSON in UTF-8. */
    public byte[] toJson() {
        return Json.MAPPER.writeValueAsBytes(this);
    }

    /**
     * Reads a report back.
     *
     * @throws tools.jackson.core.JacksonException when it is none
     */
    public static ProgressReport fromJson(byte[] json) {
        return Json.MAPPER.readValue(json, ProgressReport.class);
    }
}
