package io.userstore.benchmark;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The program: reads the command line, starts the servers, measures, reports. */
public final class Benchmark {
    static final int CANNOT_RUN = 1;
    static final int UNEXPECTED_ANSWERS = 2;

    private static final int USERS_WITH_REAL_HASHES = 400;
    private static final List<String> CHEAPEST_HASH =
            List.of("--userstore.password.memory-kib=8", "--userstore.password.iterations=1");

    private final Options options;
    private final List<Result> results = new ArrayList<>();
    private MemoryUse memory = MemoryUse.UNKNOWN;
    private final List<Double> bareHashes = new ArrayList<>();

    private Benchmark(Options options) {
        this.options = options;
    }

    public static void main(String[] arguments) {
        List<String> given = List.of(arguments);
        if (given.contains("--help") || given.contains("-h")) {
            Console.print(Options.HELP);
            return;
        }
        System.exit(run(given));
    }

    private static int run(List<String> arguments) {
        try {
            Options options = Options.parse(arguments, System.getenv());
            Report report = new Benchmark(options).measure();
            Console.print(report.text());
            if (options.json() != null) {
                report.writeJson(Path.of(System.getProperty("userstore.benchmark.start-folder", ""))
                        .resolve(options.json()));
            }
            if (report.errors() > 0) {
                Console.say("benchmark: %,d answers were not as expected".formatted(report.errors()));
                return UNEXPECTED_ANSWERS;
            }
            return 0;
        } catch (UsageException e) {
            Console.say("benchmark: " + e.getMessage() + " (see ./benchmark --help)");
            return CANNOT_RUN;
        } catch (BenchmarkFailedException e) {
            Console.say("benchmark: " + e.getMessage());
            return e.exitCode();
        } catch (IOException e) {
            Console.say("benchmark: " + e);
            return CANNOT_RUN;
        } catch (InterruptedException e) {
            Console.say("benchmark: interrupted");
            return CANNOT_RUN;
        }
    }

    private Report measure() throws IOException, InterruptedException {
        Machine.warnWhenBusy();
        InetSocketAddress address = options.server();
        if (address != null) {
            Machine machine = Machine.describe(Path.of(""));
            Api api = new Api(address, options.key());
            requireReachable(api, address);
            Measures.Load load = measureRunning(api);
            return report(machine, "Server of " + address + ", hashing as it is set to", load);
        }
        ServerProcess.Launch launch = launch();
        Machine machine = Machine.describe(launch.parent());
        Measures.Load load = null;
        if (!Topic.APART.containsAll(options.only()) || !options.measures(Topic.REBUILD)) {
            load = measureWithoutHashing(launch);
        }
        if (options.measures(Topic.REBUILD)) {
            Measures.Load imported = measureRebuild(launch);
            load = load == null ? imported : load;
        }
        if (options.measures(Topic.HASHING)) {
            measureBareHash();
            measureWithHashing(launch);
            measureBareHash();
        }
        return report(machine, "Standalone of its own", Objects.requireNonNull(load));
    }

    private Report report(Machine machine, String server, Measures.Load load) {
        double bare = bareHashes.stream().mapToDouble(rate -> rate).average().orElse(0);
        Floor.Figures figures = new Floor.Figures(results, options.server() == null, bare, memory);
        return new Report(machine, server, load, results, bareHashes, memory, Floor.all(figures));
    }

    private ServerProcess.Launch launch() throws IOException {
        Path jar = Path.of(
                System.getProperty("userstore.benchmark.server-jar", "standalone/target/userstore-standalone.jar"));
        if (!Files.exists(jar)) {
            throw new BenchmarkFailedException(
                    "there is no " + jar + ": start this program with ./benchmark, which builds it");
        }
        String javaOptions =
                System.getProperty("userstore.benchmark.server-options", "").strip();
        Path parent = Files.createDirectories(
                Path.of(System.getProperty("userstore.benchmark.data-parent", "benchmarks/target"))
                        .toAbsolutePath());
        return new ServerProcess.Launch(
                jar,
                javaOptions.isEmpty() ? List.of() : List.of(javaOptions.split("\\s+")),
                parent,
                options.keepData());
    }

    private Measures.Load measureWithoutHashing(ServerProcess.Launch launch) throws IOException, InterruptedException {
        Console.say("Without what hashing costs:");
        try (ServerProcess server = ServerProcess.start(launch, CHEAPEST_HASH)) {
            Runnable sampling = () -> memory = memory.max(server.memory());
            Population population = new Population(options.users(), "");
            Measures measures = new Measures(options, server.api(), population, results, sampling);
            Measures.Load load = measures.load(readsAreMeasured());
            measures.measureAll();
            return load;
        }
    }

    private Measures.Load measureRebuild(ServerProcess.Launch launch) throws IOException, InterruptedException {
        Console.say("Rebuilds:");
        try (ServerProcess server = ServerProcess.start(launch, CHEAPEST_HASH)) {
            RebuildMeasure measure = new RebuildMeasure(server.api(), new Population(options.users(), ""));
            Measures.Load load = measure.load();
            for (Result result : measure.run()) {
                Console.say("  " + Report.line(result));
                results.add(result);
            }
            memory = memory.max(server.memory());
            return load;
        }
    }

    private boolean readsAreMeasured() {
        return Topic.READING.stream().anyMatch(options::measures);
    }

    /** Before and after the sign-ins it is compared with: what others do on this machine shows as a difference. */
    private void measureBareHash() throws InterruptedException {
        Console.say("The bare hash, while nothing else runs:");
        double perSecond =
                new BareHash().perSecond(Runtime.getRuntime().availableProcessors(), Measures.window(options));
        Console.say("  %.1f/s".formatted(perSecond));
        bareHashes.add(perSecond);
    }

    private void measureWithHashing(ServerProcess.Launch launch) throws IOException, InterruptedException {
        Console.say("With hashing as it is by default:");
        try (ServerProcess server = ServerProcess.start(launch, List.of())) {
            Runnable sampling = () -> memory = memory.max(server.memory());
            Population population = new Population(USERS_WITH_REAL_HASHES, "");
            Measures measures = new Measures(options, server.api(), population, results, sampling);
            measures.load(false);
            measures.warmUp();
            measures.measureHashing();
        }
    }

    /** Before half a minute is spent on the hash. */
    private static void requireReachable(Api api, InetSocketAddress address) {
        try (Connection connection = api.connect()) {
            if (connection.exchange(api.firstPage(1)).status() == HttpURLConnection.HTTP_UNAUTHORIZED) {
                throw new BenchmarkFailedException("the server at " + address + " does not take this key");
            }
        } catch (IOException e) {
            throw new BenchmarkFailedException("no user store answers at " + address + ": " + e, e);
        }
    }

    private Measures.Load measureRunning(Api api) throws IOException, InterruptedException {
        if (options.measures(Topic.HASHING)) {
            measureBareHash();
        }
        String run = "." + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
        Population population = new Population(options.users(), run);
        Measures measures = new Measures(options, api, population, results, () -> {});
        try {
            Measures.Load load = measures.load(readsAreMeasured());
            measures.measureAll();
            if (options.measures(Topic.HASHING)) {
                measureBareHash();
            }
            return load;
        } finally {
            if (!options.keepData()) {
                measures.deleteAll();
            }
        }
    }
}
