package io.userstore.audit;

import io.userstore.api.event.Topics;
import io.userstore.audit.readmodel.ReadModelReport;
import io.userstore.audit.readmodel.ReadModelVerification;
import io.userstore.audit.source.EventStore;
import io.userstore.audit.source.EventTopic;
import io.userstore.audit.source.ReadModels;
import io.userstore.audit.verify.Difference;
import io.userstore.audit.verify.Differences;
import io.userstore.audit.verify.FileVerification;
import io.userstore.audit.verify.Report;
import io.userstore.audit.verify.StoreVerification;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code userstore-audit verify}. */
@Command(
        name = "verify",
        description =
                "Checks that the history is what it was: compares each event in the store with its record in the log and its"
                        + " leaf in the tree, makes the tree again, and holds it against the heads that were signed."
                        + " Then compares the read models with what all events come to.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  userstore-audit verify --public-key key.pem",
            "  userstore-audit verify --output json | jq .counts",
            "  userstore-audit verify --file history.ndjson --public-key key.pem     needs nothing but the two files",
            "",
            "The public key is that of GET /1/audit/key; keep it, once, from a source that you trust. Without",
            "--public-key it is fetched from the user store, which then vouches for itself.",
            "What is stored and never published (hashes of passwords and codes) is not in the tree.",
            "",
            "Of the read models each user is compared field by field, the totals, the counters by hour, and each entry of the",
            "activity, as of the events that they have taken. Differences name fields, never what is in them. Without a",
            "master key what is personal is left out.",
            "",
            "Exit code: 0 nothing differs; 1 something does; 2 wrong usage; 3 a server is away; 4 could not run."
        })
final class VerifyCommand implements Callable<Integer> {
    private static final List<Output.Column> COLUMNS = List.of(
            new Output.Column("kind", 15),
            new Output.Column("event", 36),
            new Output.Column("position", 8),
            new Output.Column("log", 8),
            new Output.Column("user", 36),
            new Output.Column("what", 0));

    @Mixin
    private final Servers servers = new Servers();

    @Mixin
    private final Service service = new Service();

    @Mixin
    private final Output output = new Output();

    @Option(
            names = "--public-key",
            paramLabel = "FILE",
            description = "The key that heads have to be signed with, as PEM; several where it was replaced.")
    private List<Path> publicKeys = new ArrayList<>();

    @Option(names = "--unsigned", description = "Looks at no signature: for a store without a signing key.")
    private boolean unsigned;

    @Option(names = "--without-read-models", description = "Leaves the read models out.")
    private boolean withoutReadModels;

    @Mixin
    private final MasterKeyOption masterKey = new MasterKeyOption();

    @Option(names = "--file", paramLabel = "FILE", description = "Verifies an export, and asks no server.")
    private @Nullable Path file;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "Differences that are listed; all are counted (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        if (limit < 1) {
            throw CommandFailedException.usage("--limit must be 1 or more");
        }
        Differences differences = new Differences(limit);
        Progress progress = Progress.on(spec.commandLine().getErr());
        Checked checked = file == null
                ? verifyServers(differences, progress)
                : new Checked(verifyFile(file, differences, progress), null, null);
        progress.clear();
        print(checked, differences);
        return differences.total() == 0 ? UserstoreAudit.OK : UserstoreAudit.DIFFERENCES;
    }

    /**
     * What was looked at.
     *
     * @param readModels null when they were left out
     * @param leftOut why they were, in a sentence; null when nobody expects them
     */
    private record Checked(
            Report history,
            @Nullable ReadModelReport readModels,
            @Nullable String leftOut) {}

    private Checked verifyServers(Differences differences, Progress progress)
            throws IOException, SQLException, InterruptedException {
        List<PublicKey> keys = keys();
        try (EventStore store = servers.store();
                EventTopic events = servers.events();
                EventTopic heads = servers.topic(Topics.AUDIT_HEADS)) {
            Report history = new StoreVerification(store, events, heads, keys, differences, progress).run();
            if (withoutReadModels) {
                return new Checked(history, null, "as asked for");
            }
            if (!servers.eventsTopic().equals(Topics.EVENTS)) {
                return new Checked(history, null, "they are not made of " + servers.eventsTopic());
            }
            Optional<ReadModels> found = servers.readModels();
            if (found.isEmpty()) {
                return new Checked(history, null, "there is no MongoDB where a standalone has it; --mongodb names one");
            }
            try (ReadModels models = found.get()) {
                return new Checked(
                        history,
                        new ReadModelVerification(models, store, events, masterKey.read(), differences, progress).run(),
                        null);
            }
        }
    }

    private List<PublicKey> keys() throws IOException, InterruptedException {
        if (unsigned) {
            return List.of();
        }
        if (!publicKeys.isEmpty()) {
            return PublicKeys.read(publicKeys);
        }
        String pem = service.get("/1/audit/key").path("pem").asString("");
        spec.commandLine()
                .getErr()
                .println(
                        "userstore-audit: the public key comes from the user store itself; --public-key gives one that you"
                                + " have kept");
        return List.of(PublicKeys.parse("what the user store calls its key", pem));
    }

    private Report verifyFile(Path export, Differences differences, Progress progress) throws IOException {
        if (publicKeys.isEmpty() && !unsigned) {
            throw CommandFailedException.usage("--file needs --public-key (or --unsigned)");
        }
        // Bytes that are no text any more are a difference to be found, not an error.
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(export), StandardCharsets.UTF_8))) {
            return new FileVerification(PublicKeys.read(publicKeys), differences, progress).run(lines);
        }
    }

    private void print(Checked checked, Differences differences) {
        Report report = checked.history();
        PrintWriter out = spec.commandLine().getOut();
        if (!differences.kept().isEmpty()) {
            output.head(out, COLUMNS);
            differences.kept().forEach(one -> output.row(out, COLUMNS, fields(one)));
        }
        if (output.isJson()) {
            output.row(out, List.of(), summary(checked, differences));
            return;
        }
        long total = differences.total();
        if (total > differences.kept().size()) {
            out.println("… and more: " + differences.counts());
        }
        out.println(String.format(
                Locale.ROOT,
                "%s  %,d events, %,d records (%,d repeated), %,d signed heads covering %,d events, %,d not published yet",
                total == 0 ? "OK" : String.format(Locale.ROOT, "%,d DIFFERENCES", total),
                report.leaves(),
                report.records(),
                report.repeated(),
                report.heads(),
                report.covered(),
                report.waiting()));
        if (report.heads() == 0) {
            out.println("No head was ever signed, so nothing vouches for the tree but the database itself.");
        }
        print(checked.readModels(), checked.leftOut());
    }

    private void print(@Nullable ReadModelReport readModels, @Nullable String leftOut) {
        PrintWriter out = spec.commandLine().getOut();
        if (leftOut != null) {
            out.println("The read models were not compared: " + leftOut + ".");
        }
        if (readModels != null) {
            out.println(String.format(
                    Locale.ROOT,
                    "Read models: %,d users, %,d totals, %,d entries of the activity; %,d events not taken yet",
                    readModels.users(),
                    readModels.totals(),
                    readModels.entries(),
                    readModels.behind()));
            readModels.notes().forEach(out::println);
        }
    }

    private static Map<String, @Nullable Object> fields(Difference one) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("kind", one.kind().text());
        fields.put("event", one.eventId());
        fields.put("position", one.position());
        fields.put(
                "log",
                one.partition() == null ? null : one.partition() + ":" + (one.offset() == null ? "-" : one.offset()));
        fields.put("user", one.userId());
        fields.put("what", one.what());
        return fields;
    }

    private static Map<String, @Nullable Object> summary(Checked checked, Differences differences) {
        Map<String, Long> counts = new LinkedHashMap<>();
        differences.counts().forEach((kind, count) -> counts.put(kind.text(), count));
        Map<String, @Nullable Object> summary = new LinkedHashMap<>();
        summary.put("ok", differences.total() == 0);
        summary.put("differences", differences.total());
        summary.put("counts", counts);
        summary.put("checked", checked.history());
        summary.put("read_models", checked.readModels());
        summary.put("read_models_left_out", checked.leftOut());
        return summary;
    }
}
