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

/** {@code userstore-audit dead-letters list} and {@code discard}. */
@Command(
        name = "dead-letters",
        description = "Records that a view could not take, and that were put aside.",
        synopsisSubcommandLabel = "list | discard",
        subcommands = {DeadLettersCommand.ListCommand.class, DeadLettersCommand.DiscardCommand.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  userstore-audit dead-letters list",
            "  userstore-audit dead-letters discard 3:17 3:18",
            "",
            "A record is never sent a second time: it is in the log still. Once its cause is mended, rebuild the view,",
            "which reads it again in its place, and discard the letter."
        })
final class DeadLettersCommand implements Runnable {
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
        throw new ParameterException(spec.commandLine(), "which command? list or discard");
    }

    /** Those that nobody has discarded, by their place on the topic of dead letters; they are few. */
    private static Map<String, LogRecord> open(EventTopic topic) throws IOException, SQLException {
        Map<String, LogRecord> letters = new LinkedHashMap<>();
        List<String> discarded = new ArrayList<>();
        topic.read(topic.ranges(), batch -> {
            for (LogRecord record : batch) {
                if (record.header(DISCARDED) == null) {
                    letters.put(record.partition() + ":" + record.offset(), record);
                } else {
                    discarded.add(record.text(DISCARDED));
                }
            }
        });
        discarded.forEach(letters::remove);
        return letters;
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
        private static final List<Output.Column> COLUMNS = List.of(
                new Output.Column("letter", 8),
                new Output.Column("projection", 12),
                new Output.Column("log", 10),
                new Output.Column("type", 36),
                new Output.Column("user", 36),
                new Output.Column("cause", 0));

        @Mixin
        private final Servers servers = new Servers();

        @Mixin
        private final Output output = new Output();

        @Spec
        @SuppressWarnings("NullAway.Init") // by picocli
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException, SQLException {
            PrintWriter out = spec.commandLine().getOut();
            try (EventTopic topic = servers.topic(Topics.DEAD_LETTERS)) {
                output.head(out, COLUMNS);
                open(topic).forEach((place, letter) -> output.row(out, COLUMNS, fields(place, letter)));
            }
            return UserstoreAudit.OK;
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

        @Parameters(arity = "0..*", paramLabel = "LETTER", description = "As list names them, for example 3:17.")
        private List<String> letters = new ArrayList<>();

        @Option(names = "--all", description = "All that list shows.")
        private boolean all;

        @Spec
        @SuppressWarnings("NullAway.Init") // by picocli
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException, SQLException, InterruptedException {
            if (letters.isEmpty() != all) {
                throw CommandFailedException.usage("name letters, or give --all");
            }
            Map<String, LogRecord> open;
            try (EventTopic topic = servers.topic(Topics.DEAD_LETTERS)) {
                open = open(topic);
            }
            List<String> chosen = all ? List.copyOf(open.keySet()) : letters;
            for (String letter : chosen) {
                if (!open.containsKey(letter)) {
                    throw CommandFailedException.usage("there is no dead letter " + letter + "; list names them");
                }
            }
            discard(chosen, open);
            if (output.isJson()) {
                output.row(spec.commandLine().getOut(), List.of(), Map.of("discarded", chosen));
            } else {
                spec.commandLine().getOut().println("discarded " + chosen.size());
            }
            return UserstoreAudit.OK;
        }

        private void discard(List<String> chosen, Map<String, LogRecord> open) throws InterruptedException {
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
    }
}
