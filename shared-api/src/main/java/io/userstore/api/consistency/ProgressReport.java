package io.userstore.api.consistency;

import io.userstore.api.json.Json;
import java.util.List;

/**
 * What the query side says after it has applied a batch, and now and then while nothing is left to apply; a record on
 * the progress topic.
 *
 * @param projections the names of those that have applied it, for example {@code users}
 * @param lagMillis age of the batch's last event when it had been applied, in milliseconds, at least 0
 * @param applied how far each user of the batch has come; empty when there was nothing to apply
 */
public record ProgressReport(List<String> projections, long lagMillis, List<Applied> applied) {

    /**
     * One user of the batch; both numbers only grow.
     *
     * @param version the last applied of the user's stream in the batch, 0 when there was none
     * @param loginSequence likewise of the sign-ins
     */
    public record Applied(String userId, long version, long loginSequence) {}

    public ProgressReport {
        projections = List.copyOf(projections);
        applied = List.copyOf(applied);
    }

    /** Says that projections have applied everything there is. */
    public static ProgressReport caughtUp(List<String> projections) {
        return new ProgressReport(projections, 0, List.of());
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
