package io.userstore.audit;

import io.userstore.api.event.EventType;
import io.userstore.audit.source.LogRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which records of the log are wanted; options of several commands. */
final class EventFilter {
    @Option(
            names = "--type",
            paramLabel = "TYPE",
            split = ",",
            description = "Only such events, for example user.created; may be given several times.")
    private List<String> types = new ArrayList<>();

    @Option(names = "--app", paramLabel = "NAME", description = "Only users of that application.")
    private @Nullable String application;

    private Set<String> published = Set.of();

    /** To be called once, before anything is asked: a type that there is not is a mistake rather than no event. */
    void check() {
        Set<String> known =
                Arrays.stream(EventType.values()).map(EventType::catalogName).collect(Collectors.toSet());
        types.stream().filter(type -> !known.contains(type)).findFirst().ifPresent(type -> {
            throw CommandFailedException.usage("--type: there is no '" + type + "'; there are "
                    + known.stream().sorted().collect(Collectors.joining(", ")));
        });
        published = Arrays.stream(EventType.values())
                .filter(type -> types.contains(type.catalogName()))
                .map(EventType::publishedName)
                .collect(Collectors.toSet());
    }

    boolean wants(LogRecord record) {
        return (published.isEmpty() || published.contains(record.text("ce_type")))
                && (application == null || record.text("ce_source").equals("/userstore/applications/" + application));
    }

    /** Whether the record's time is from {@code from} to before {@code to}; null is no bound. */
    static boolean isWithin(LogRecord record, @Nullable Instant from, @Nullable Instant to) {
        Instant time = Instant.ofEpochMilli(record.raw().timestamp());
        return (from == null || !time.isBefore(from)) && (to == null || time.isBefore(to));
    }
}
