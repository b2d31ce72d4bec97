package io.userstore.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * All that a run came to.
 *
 * @param server what was measured, in a few words
 * @param bareHashes passwords that all processors check per second with nothing else to do, before and after the others
 */
record Report(
        Machine machine,
        String server,
        Measures.Load load,
        List<Result> results,
        List<Double> bareHashes,
        MemoryUse memory,
        List<Floor> floors) {
    private static final String HEADING = "%-26s %11s %12s %9s %9s %9s %8s"
            .formatted("operation", "concurrency", "requests/s", "p50 ms", "p95 ms", "p99 ms", "errors");

    /** A row of the table. */
    static String line(Result result) {
        Latencies latency = result.latency();
        String rate =
                result.perSecond() < 100 ? "%.1f".formatted(result.perSecond()) : "%,.0f".formatted(result.perSecond());
        return "%-26s %11s %12s %9.2f %9.2f %9.2f %8d"
                .formatted(
                        result.operation(),
                        result.load(),
                        rate,
                        latency.p50(),
                        latency.p95(),
                        latency.p99(),
                        result.errors());
    }

    String text() {
        StringBuilder text = new StringBuilder("\n");
        text.append(machine.line()).append('\n');
        text.append(server).append("; ").append(load.text()).append("\n\n");
        text.append(HEADING).append('\n');
        text.append("-".repeat(HEADING.length())).append('\n');
        results.forEach(result -> text.append(line(result)).append('\n'));
        appendNotes(text);
        text.append("\nFloors (for 2 processors, load generator included)\n");
        floors.forEach(
                floor -> text.append("  %-48s %-13s %s%n".formatted(floor.what(), floor.verdict(), floor.figure())));
        return text.toString();
    }

    private void appendNotes(StringBuilder text) {
        text.append('\n');
        if (!bareHashes.isEmpty()) {
            String rates =
                    bareHashes.stream().map("%.1f/s"::formatted).collect(Collectors.joining(" before, ", "", " after"));
            text.append("Bare Argon2id on %d threads: %s%n".formatted(machine.processors(), rates));
        }
        for (Result result : results) {
            if (result.note() != null) {
                text.append(result.operation())
                        .append(": ")
                        .append(result.note())
                        .append('\n');
            }
            if (result.pending() > 0 && !result.operation().equals(Measures.CREATE_ASYNC)) {
                text.append("%s, %s: %,d answers did not wait until reads showed the write%n"
                        .formatted(result.operation(), result.load(), result.pending()));
            }
        }
    }

    long errors() {
        return results.stream().mapToLong(Result::errors).sum();
    }

    void writeJson(Path file) throws IOException {
        JsonMapper mapper = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build();
        Files.writeString(file, mapper.writeValueAsString(this) + "\n");
    }
}
