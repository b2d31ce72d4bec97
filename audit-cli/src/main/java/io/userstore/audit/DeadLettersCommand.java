package io.userstore.audit;

import io.userstore.api.event.Topics;
import io.userstore.audit.source.EventTopic;
import io.userstore.audit.source.LogRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code userstore-audit dead-letters list}, {@code retry} and {@code discard}. */
@Command(
        name = "dead-letters",
        description = "Records that a view could not take, and that were put aside.",
        synopsisSubcommandLabel = "list | retry | discard",
        subcommands = {
            DeadLettersCommand.ListCommand.class,
            DeadLettersCommand.RetryCommand.class,
            DeadLettersCommand.DiscardCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  userstore-audit dead-letters list",
            "  userstore-audit dead-letters retry --all",
            "  userstore-audit dead-letters discard 3:17 3:18",
            "",
            "A record is never sent a second time: it is in the log still. Once its cause is mended, retry rebuilds the",
            "view, which reads the record again in its place, and discards the letter."
        })
final class DeadLettersCommand implements Runnable {
    private static final List<Output.Column> COLUMNS = List.of(
            new Output.Column("letter", 8),
            new Output.Column("projection", 12),
            new Output.Column("log", 10),
            new Output.Column("type", 36),
            new Output.Column("user", 36),
            new Output.Column("cause", 0));

    /** On a record that says of another that somebody has seen to it. */
    private static final String DISCARDED = "dlt_discarded";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? list, retry or discard");
    }

    /** Those that nobody has discarded, by their place on the topic of dead letters; they are few. */
    private static Map<String, LogRecord> open(Servers servers) throws IOException, SQLException {
        Map<String, LogRecord> letters = new LinkedHashMap<>();
        List<String> discarded = new ArrayList<>();
        try (EventTopic topic = servers.topic(Topics.DEAD_LETTERS)) {
            topic.read(topic.ranges(), batch -> {
                for (LogRecord record : batch) {
                    if (record.header(DISCARDED) == null) {
                        letters.put(record.partition() + ":" + record.offset(), record);
                    } else {
                        discarded.add(record.text(DISCARDED));
                    }
                }
            });
        }
        discarded.forEach(letters::remove);
        return letters;
    }

    /** Which letters a command is about. */
    private static final class Choice {
        @Parameters(arity = "0..*", paramLabel = "LETTER", description = "As list names them, for example 3:17.")
        private List<String> letters = new ArrayList<>();

        @Option(names = "--all", description = "All that list shows.")
        private boolean all;

        /** Those that were named, or all. */
        List<String> of(Map<String, LogRecord> open) {
            if (letters.isEmpty() != all) {
                throw CommandFailedException.usage("name letters, or give --all");
            }
            for (String letter : letters) {
                if (!open.containsKey(letter)) {
                    throw CommandFailedException.usage("there is no dead letter " + letter + "; list names them");
                }
            }
            return all ? List.copyOf(open.keySet()) : letters;
        }
    }

    /** Notes on the topic that somebody has seen to these. */
    private static void discard(Servers servers, List<String> chosen, Map<String, LogRecord> open)
            throws InterruptedException {
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers.kafka(), ProducerConfig.ACKS_CONFIG, "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (String place : chosen) {
                LogRecord letter = open.get(place);
                ProducerRecord<byte[], byte[]> note = new ProducerRecord<>(
                        Topics.DEAD_LETTERS,
                        letter == null ? null : letter.partition(),
                        letter == null ? null : letter.raw().key(),
                        null);
                note.headers().add(DISCARDED, place.getBytes(StandardCharsets.UTF_8));
                producer.send(note).get();
            }
        } catch (ExecutionException e) {
            throw new KafkaException("it was not taken", e.getCause());
        }
    }

    private static void show(Map<String, LogRecord> letters, Output output, PrintWriter out) {
        output.head(out, COLUMNS);
        letters.forEach((place, letter) -> output.row(out, COLUMNS, fields(place, letter)));
    }

    private static Map<String, @Nullable Object> fields(String place, LogRecord letter) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("letter", place);
        fields.put("projection", letter.text("dlt_projection"));
        fields.put("log", letter.text("dlt_partition") + ":" + letter.text("dlt_offset"));
        fields.put("event", letter.text("ce_id"));
        fields.put("type", letter.text("ce_type"));
        fields.put("user", letter.key());
        fields.put("cause", letter.text("dlt_cause"));
        return fields;
    }

    /** {@code userstore-audit dead-letters list}. */
    @Command(
            name = "list",
            description = "Those that nobody has discarded: which view could not take which record, and why.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  userstore-audit dead-letters list",
                "  userstore-audit dead-letters list --output json | jq -r .cause | sort | uniq -c"
            })
    static final class ListCommand implements Callable<Integer> {
        @Mixin
        private final Servers servers = new Servers();

        @Mixin
        private final Output output = new Output();

        @Spec
        @SuppressWarnings("NullAway.Init") // by picocli
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException, SQLException {
            show(open(servers), output, spec.commandLine().getOut());
            return UserstoreAudit.OK;
        }
    }

    /** {@code userstore-audit dead-letters retry}. */
    @Command(
            name = "retry",
            description =
                    "Rebuilds the views that could not take these records, one after the other, while the present ones"
                            + " are read, and discards the letters of each view that then has every record of the log.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  userstore-audit dead-letters retry 3:17        its view reads the whole log again",
                "  userstore-audit dead-letters retry --all",
                "",
                "No record is sent again. A rebuild puts no letters aside, so where a view still refuses a record, all",
                "letters of that view stay, and those that are left are shown as list does. Mend the cause and retry; or,",
                "where nothing can be mended, discard them. verify tells whose documents lack something.",
                "",
                "Exit code: 0 nothing is left; 1 something is; 3 the user store refuses, for instance while another rebuild",
                "is under way."
            })
    static final class RetryCommand implements Callable<Integer> {
        @Mixin
        private final Servers servers = new Servers();

        @Mixin
        private final Service service = new Service();

        @Mixin
        private final Output output = new Output();

        @Mixin
        private final Choice choice = new Choice();

        @Spec
        @SuppressWarnings("NullAway.Init") // by picocli
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException, SQLException, InterruptedException {
            Map<String, LogRecord> open = open(servers);
            Map<ViewRebuild, List<String>> byView = new LinkedHashMap<>();
            for (String letter : choice.of(open)) {
                String view = Objects.requireNonNull(open.get(letter)).text("dlt_projection");
                byView.computeIfAbsent(new ViewRebuild(service, view), one -> new ArrayList<>())
                        .add(letter);
            }
            for (Map.Entry<ViewRebuild, List<String>> one : byView.entrySet()) {
                if (isWholeAfter(one.getKey())) {
                    discard(servers, one.getValue(), open);
                }
            }
            Map<String, LogRecord> left = open(servers);
            left.values()
                    .removeIf(letter -> byView.keySet().stream()
                            .noneMatch(view -> view.name().equals(letter.text("dlt_projection"))));
            if (!left.isEmpty()) {
                show(left, output, spec.commandLine().getOut());
            }
            return left.isEmpty() ? UserstoreAudit.OK : UserstoreAudit.DIFFERENCES;
        }

        /** Rebuilds a view, and answers whether it is read now and has every record. */
        private boolean isWholeAfter(ViewRebuild view) throws IOException, InterruptedException {
            JsonNode rebuild = view.awaited(
                            view.begin("when-complete", "log"),
                            Progress.on(spec.commandLine().getErr()))
                    .path("rebuild");
            String state = rebuild.path("state").asString("none");
            long refused = rebuild.path("refused").asLong(0);
            if (output.isJson()) {
                Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                fields.put("rebuilt", view.name());
                fields.put("state", state);
                fields.put("refused", refused);
                fields.put("reason", rebuild.path("reason").asString(""));
                output.row(spec.commandLine().getOut(), List.of(), fields);
            } else {
                String reason = rebuild.path("reason").asString("");
                spec.commandLine()
                        .getOut()
                        .println("%s: %s, %d records refused%s"
                                .formatted(view.name(), state, refused, reason.isEmpty() ? "" : "; " + reason));
            }
            return state.equals("switched") && refused == 0;
        }
    }

    /** {@code userstore-audit dead-letters discard}. */
    @Command(
            name = "discard",
            description =
                    "Notes that somebody has seen to a dead letter: it is listed no more. The record stays on its topic.",
            footerHeading = "%nExamples:%n",
            footer = {"  userstore-audit dead-letters discard 3:17", "  userstore-audit dead-letters discard --all"})
    static final class DiscardCommand implements Callable<Integer> {
        @Mixin
        private final Servers servers = new Servers();

        @Mixin
        private final Output output = new Output();

        @Mixin
        private final Choice choice = new Choice();

        @Spec
        @SuppressWarnings("NullAway.Init") // by picocli
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException, SQLException, InterruptedException {
            Map<String, LogRecord> open = open(servers);
            List<String> chosen = choice.of(open);
            discard(servers, chosen, open);
            if (output.isJson()) {
                output.row(spec.commandLine().getOut(), List.of(), Map.of("discarded", chosen));
            } else {
                spec.commandLine().getOut().println("discarded " + chosen.size());
            }
            return UserstoreAudit.OK;
        }
    }
}
