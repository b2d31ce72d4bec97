package io.userstore.benchmark;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** All that is measured of one server, and loading it before. */
final class Measures {
    static final String GET_BY_ID = "get by id";
    static final String GET_BY_EMAIL = "get by e-mail";
    static final String GET_BY_USERNAME = "get by user name";
    static final String FIRST_PAGE = "list 100, first page";
    static final String DEEP_PAGE = "list 100, after ";
    static final String CREATE = "create";
    static final String CREATE_ASYNC = "create, respond-async";
    static final String UPDATE = "update first_name";
    static final String SIGN_IN = "sign in";
    static final String DELETE = "delete";
    static final String HASHING = ", Argon2id";

    /** Enough to keep the server busy, and few enough that a slow machine makes nobody wait for a connection too long. */
    private static final int LOAD_CONCURRENCY = 24;

    private static final int DEVICES = 400;
    private static final int PAGE = 100;
    private static final int GREATEST_PAGE = 1_000;
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final Duration WARM_UP_OF_WRITES = Duration.ofSeconds(60);
    private static final Duration CATCH_UP_LIMIT = Duration.ofMinutes(5);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Pattern AFTER = Pattern.compile("\"after\":(\\d+)");
    private static final Pattern TOTAL = Pattern.compile("\"total_count\":(\\d+)");
    private static final Pattern USER = Pattern.compile("\"id\":\"");

    private final Options options;
    private final Api api;
    private final Population population;
    private final List<Result> results;
    private final Runnable betweenMeasures;

    /**
     * @param results gets what is measured
     * @param betweenMeasures called while loading and after each measure, never during one
     */
    Measures(Options options, Api api, Population population, List<Result> results, Runnable betweenMeasures) {
        this.options = options;
        this.api = api;
        this.population = population;
        this.results = results;
        this.betweenMeasures = betweenMeasures;
    }

    static ClosedLoop.Window window(Options options) {
        return new ClosedLoop.Window(WARM_UP, options.measured());
    }

    /**
     * What loading came to.
     *
     * @param perSecond users committed
     * @param catchUpSeconds from the last commit until reads showed all; null when that was not looked at
     */
    record Load(int users, double perSecond, @Nullable Double catchUpSeconds) {
        String text() {
            String loaded = "%,d users loaded at %,.0f/s".formatted(users, perSecond);
            return catchUpSeconds == null
                    ? loaded
                    : loaded + ", reads showed all of them %.1f s after the last".formatted(catchUpSeconds);
        }
    }

    /** Loads the users and, where something is to be read afterwards, waits until reads show all of them. */
    Load load(boolean awaitReads) throws IOException, InterruptedException {
        long before = awaitReads ? totalCount() : 0;
        Workload workload = Workload.loading(api, population);
        long begin = System.nanoTime();
        Result loaded = new ClosedLoop(api, workload, LOAD_CONCURRENCY, ClosedLoop.Window.UNTIL_DONE).run(() -> {
            sayProgress(begin);
            betweenMeasures.run();
        });
        if (loaded.errors() > 0 || population.loaded() < population.size()) {
            throw new BenchmarkFailedException(
                    "%,d of %,d users could be loaded; without all of them the figures would say nothing"
                            .formatted(population.loaded(), population.size()),
                    Benchmark.UNEXPECTED_ANSWERS);
        }
        Double catchUp = awaitReads ? awaitTotal(before + population.size()) : null;
        Load load = new Load(population.size(), loaded.perSecond(), catchUp);
        Console.say("  " + load.text());
        betweenMeasures.run();
        return load;
    }

    private void sayProgress(long begin) {
        int loaded = population.loaded();
        double perSecond = loaded / ((System.nanoTime() - begin) / 1e9);
        double left = perSecond == 0 ? 0 : (population.size() - loaded) / perSecond;
        Console.say("  loading: %,d of %,d users, %,.0f/s, %.0f s to go"
                .formatted(loaded, population.size(), perSecond, left));
    }

    private double awaitTotal(long total) throws IOException {
        long begin = System.nanoTime();
        while (totalCount() < total) {
            if (System.nanoTime() - begin > CATCH_UP_LIMIT.toNanos()) {
                throw new BenchmarkFailedException(
                        "reads show %,d users in place of %,d, %d s after the last was loaded"
                                .formatted(totalCount(), total, CATCH_UP_LIMIT.toSeconds()));
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private long totalCount() throws IOException {
        try (Connection connection = api.connect()) {
            return number(TOTAL, page(connection, api.firstPage(1)));
        }
    }

    private static String page(Connection connection, byte[] request) throws IOException {
        Answer answer = connection.exchange(request);
        if (answer.status() != 200) {
            throw new BenchmarkFailedException(
                    "a list was answered with status " + answer.status() + ": " + answer.body(),
                    Benchmark.UNEXPECTED_ANSWERS);
        }
        return answer.body();
    }

    private static long number(Pattern field, String body) {
        Matcher matcher = field.matcher(body);
        if (!matcher.find()) {
            throw new BenchmarkFailedException(
                    "a list has no " + field + ": " + body.substring(0, Math.min(body.length(), PAGE)));
        }
        return Long.parseLong(matcher.group(1));
    }

    /** Measures what was asked for; deletion comes last, after which nobody may be picked any more. */
    void measureAll() throws IOException, InterruptedException {
        if (options.measures(Topic.GET)) {
            measure(Workload.reading(GET_BY_ID, random -> api.byId(population.anyId(random))));
            measure(Workload.reading(
                    GET_BY_EMAIL,
                    random -> api.byEmail(population.anyPerson(random).email())));
            measure(Workload.reading(
                    GET_BY_USERNAME,
                    random -> api.byUsername(population.anyPerson(random).username())));
        }
        if (options.measures(Topic.LIST)) {
            measureLists();
        }
        if (Topic.WRITING.stream().anyMatch(options::measures)) {
            warmUp();
        }
        if (options.measures(Topic.CREATE)) {
            measure(Workload.creating(CREATE, api, population, false));
            measure(Workload.creating(CREATE_ASYNC, api, population, true));
        }
        if (options.measures(Topic.UPDATE)) {
            measure(Workload.renaming(UPDATE, api, population));
        }
        if (options.measures(Topic.SIGN_IN)) {
            measure(Workload.signingIn(SIGN_IN, api, population));
        }
        if (options.measures(Topic.LAG)) {
            add(new LagMeasure(api, population, window(options)).run());
        }
        if (options.measures(Topic.DELETE)) {
            measure(Workload.deleting(DELETE, api, population, false));
        }
    }

    /**
     * Works the server for a while with sign-ins that need no hash, each answered when it is visible. Those that need one are too
     * few a second to get the store compiled, and the loading goes through it in batches that are too large and too few for
     * that; the compiler would take its part of the processors from what is measured.
     */
    void warmUp() throws InterruptedException {
        Console.say("  warming up for %d s".formatted(WARM_UP_OF_WRITES.toSeconds()));
        warmUp(Workload.loadingDevices(api, population, DEVICES), ClosedLoop.Window.UNTIL_DONE);
        warmUp(
                Workload.signingInDevices("warm up", api, population, DEVICES),
                new ClosedLoop.Window(Duration.ZERO, WARM_UP_OF_WRITES));
    }

    private void warmUp(Workload workload, ClosedLoop.Window window) throws InterruptedException {
        Result result = new ClosedLoop(api, workload, LOAD_CONCURRENCY, window).run(ClosedLoop.Progress.SILENT);
        if (result.errors() > 0) {
            throw new BenchmarkFailedException(
                    "%,d answers were not as expected while warming up".formatted(result.errors()),
                    Benchmark.UNEXPECTED_ANSWERS);
        }
    }

    /** With hashing that costs what it is meant to cost. */
    void measureHashing() throws InterruptedException {
        measure(Workload.creating(CREATE + HASHING, api, population, false));
        measure(Workload.signingIn(SIGN_IN + HASHING, api, population));
    }

    /** Deletes everybody whom this run has created. */
    void deleteAll() throws InterruptedException {
        new ClosedLoop(
                        api,
                        Workload.deleting("clean up", api, population, true),
                        LOAD_CONCURRENCY,
                        ClosedLoop.Window.UNTIL_DONE)
                .run(() -> Console.say("  deleting the users of this run"));
    }

    private void measureLists() throws IOException, InterruptedException {
        int depth = Math.min(population.size() / 10 * 9, population.size() - PAGE);
        byte[] first = api.firstPage(PAGE);
        byte[] deep = api.pageAfter(cursorAfter(depth), PAGE);
        try (Connection connection = api.connect()) {
            requireFull(page(connection, first));
            requireFull(page(connection, deep));
        }
        measure(Workload.reading(FIRST_PAGE, random -> first));
        measure(Workload.reading(DEEP_PAGE + "%,d".formatted(depth), random -> deep));
    }

    /** The cursor behind that many users, found in great steps. */
    private String cursorAfter(int depth) throws IOException {
        String cursor = "";
        try (Connection connection = api.connect()) {
            for (int passed = 0; passed < depth; ) {
                int step = Math.min(GREATEST_PAGE, depth - passed);
                byte[] request = cursor.isEmpty() ? api.firstPage(step) : api.pageAfter(cursor, step);
                cursor = Long.toString(number(AFTER, page(connection, request)));
                passed += step;
            }
        }
        return cursor;
    }

    private static void requireFull(String page) {
        long users = USER.matcher(page).results().count();
        if (users != PAGE) {
            throw new BenchmarkFailedException(
                    "a page has " + users + " users in place of " + PAGE, Benchmark.UNEXPECTED_ANSWERS);
        }
    }

    private void measure(Workload workload) throws InterruptedException {
        for (int concurrency : options.concurrencies()) {
            add(new ClosedLoop(api, workload, concurrency, window(options)).run(ClosedLoop.Progress.SILENT));
        }
    }

    private void add(Result result) {
        Console.say("  " + Report.line(result));
        results.add(result);
        betweenMeasures.run();
    }
}
