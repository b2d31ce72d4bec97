package io.userstore.benchmark;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rebuilds every view of a server that has just imported its users, one after the other, and goes back once; all the time a few
 * clients change users, and read each change back with its token: in the user, the list, the activity and the statistics.
 */
final class RebuildMeasure {
    static final String NAME = "rebuild ";

    private static final List<String> VIEWS = List.of("users", "statistics", "activity");
    private static final int CLIENTS = 2;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int MOST_CHANGES = 10;
    private static final int LINES_AT_ONCE = 5_000;
    private static final Duration LIMIT = Duration.ofMinutes(20);
    /** Of some password; nobody signs in. */
    private static final String HASH = "{bcrypt}$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";

    private static final JsonMapper JSON = new JsonMapper();

    private final Api api;
    private final Population population;
    private final Faults faults = new Faults();
    private final LongAdder reads = new LongAdder();
    private final LongAdder stale = new LongAdder();
    private final AtomicInteger nextRename = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();
    private Histogram latencies = Latencies.histogram();

    RebuildMeasure(Api api, Population population) {
        this.api = api;
        this.population = population;
    }

    /** Imports as many users as the population has, each of which is an event, and waits until reads show them. */
    Measures.Load load() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        long next = begin;
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (int from = 1; from <= population.size(); from += LINES_AT_ONCE) {
                importSome(http, from, Math.min(population.size(), from + LINES_AT_ONCE - 1));
                if (System.nanoTime() > next) {
                    next += TimeUnit.SECONDS.toNanos(10);
                    Console.say("  importing: %,d of %,d".formatted(from, population.size()));
                }
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        long imported = System.nanoTime();
        while (count() < population.size()) {
            if (System.nanoTime() - imported > LIMIT.toNanos()) {
                throw new BenchmarkFailedException("reads show only " + count() + " users");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        Measures.Load load =
                new Measures.Load(population.size(), population.size() / seconds, (System.nanoTime() - imported) / 1e9);
        Console.say("  " + load.text());
        return load;
    }

    /** The JDK's client reads no answer before it has sent all, so the results of one request have to fit on the way. */
    private void importSome(HttpClient http, int from, int to) throws IOException, InterruptedException {
        String lines = IntStream.rangeClosed(from, to)
                .mapToObj(number -> new Person(number, ".i"))
                .map(RebuildMeasure::line)
                .collect(Collectors.joining());
        HttpRequest request = HttpRequest.newBuilder(api.uri("/1/users/import"))
                .header("Authorization", api.authorization())
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(lines))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != HttpURLConnection.HTTP_OK) {
            throw new BenchmarkFailedException("the import was refused: " + answer.body());
        }
    }

    private static String line(Person person) {
        return "{\"email\":\"%s\",\"username\":\"%s\",\"first_name\":\"%s\",\"last_name\":\"%s\",\"group\":\"%s\",\"password_hash\":\"%s\"}\n"
                .formatted(
                        person.email(), person.username(), person.firstName(), person.lastName(), person.group(), HASH);
    }

    private long count() throws IOException {
        try (Connection connection = api.connect()) {
            return json(connection.exchange(api.firstPage(1)))
                    .at("/paging/total_count")
                    .asLong();
        }
    }

    /** A result per view: events per second while it was filled, and how reads fared from the beginning until it was read. */
    List<Result> run() throws IOException, InterruptedException {
        List<Result> results = new ArrayList<>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(Thread.ofPlatform().daemon().name("rebuild-client-" + i).start(this::live));
        }
        try (Connection connection = api.connect()) {
            for (String view : VIEWS) {
                results.add(rebuild(connection, view));
            }
            results.add(rollBack(connection));
        } finally {
            over.set(true);
            for (Thread client : clients) {
                client.join();
            }
        }
        faults.complain("rebuild");
        return results;
    }

    private Result rebuild(Connection connection, String view) throws IOException {
        startOver();
        long begin = System.nanoTime();
        Answer answer = connection.exchange(api.rebuild(view));
        if (answer.status() != HttpURLConnection.HTTP_ACCEPTED) {
            throw new BenchmarkFailedException("a rebuild was refused: " + answer.body());
        }
        JsonNode rebuild = await(connection, view, begin);
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (!rebuild.get("state").asString().equals("switched")) {
            throw new BenchmarkFailedException("the rebuild ended as " + rebuild);
        }
        JsonNode comparison = rebuild.get("comparison");
        double took = Duration.between(
                                Instant.parse(rebuild.get("started_at").asString()),
                                Instant.parse(rebuild.get("ended_at").asString()))
                        .toMillis()
                / 1e3;
        double rate = rebuild.get("rate").asDouble();
        double filled = rate == 0 ? 0 : rebuild.get("done").asLong() / rate;
        return result(
                NAME + view,
                rate,
                "%,d events filled in %.1f s, joined and compared in %.1f s, %,d documents, %d differences; seen after %.1f s"
                        .formatted(
                                rebuild.get("done").asLong(),
                                filled,
                                took - filled,
                                comparison.get("documents").asLong(),
                                comparison.get("differences").asLong(),
                                seconds));
    }

    private JsonNode await(Connection connection, String view, long begin) throws IOException {
        long next = begin;
        while (true) {
            Answer answer = connection.exchange(api.projection(view));
            // While Kafka does not answer the lag is not known, on a machine that is very busy.
            boolean isKnown = answer.status() == HttpURLConnection.HTTP_OK;
            JsonNode rebuild = json(answer).path("rebuild");
            String state = rebuild.path("state").asString("");
            if (isKnown
                    && !List.of("replaying", "filling", "indexing", "joining", "comparing")
                            .contains(state)) {
                return rebuild;
            }
            if (isKnown && System.nanoTime() > next) {
                next += TimeUnit.SECONDS.toNanos(5);
                Console.say("  %s: %s %,d of %,d, %,d/s"
                        .formatted(
                                view,
                                state,
                                rebuild.get("done").asLong(),
                                rebuild.get("total").asLong(),
                                rebuild.get("rate").asLong()));
            }
            if (System.nanoTime() - begin > LIMIT.toNanos()) {
                throw new BenchmarkFailedException("the rebuild is not over after " + LIMIT);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** All three at once, and then some reads. */
    private Result rollBack(Connection connection) throws IOException {
        startOver();
        long begin = System.nanoTime();
        for (String view : VIEWS) {
            Answer answer = connection.exchange(api.rollBack(view));
            if (answer.status() != HttpURLConnection.HTTP_OK) {
                throw new BenchmarkFailedException("going back was refused: " + answer.body());
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5));
        return result("go back, all views", VIEWS.size() / seconds, "answered after %.2f s".formatted(seconds));
    }

    private synchronized void startOver() {
        latencies = Latencies.histogram();
        reads.reset();
        stale.reset();
    }

    private synchronized Result result(String operation, double perSecond, String note) {
        return new Result(
                operation,
                CLIENTS + " clients",
                perSecond,
                Latencies.of(latencies),
                reads.sum(),
                faults.count(),
                0,
                note
                        + "; %,d reads with tokens meanwhile, %d failed, %d of them stale, the slowest %.0f ms"
                                .formatted(reads.sum(), faults.count(), stale.sum(), latencies.getMaxValue() / 1e3));
    }

    private void live() {
        try (Connection connection = api.connect()) {
            String id = create(connection);
            for (int changes = 1; !over.get(); changes++) {
                if (changes > MOST_CHANGES) {
                    // The activity of a user is read at the cost of the user's events, which are not to grow and grow.
                    id = create(connection);
                    changes = 1;
                }
                String name = "name" + nextRename.incrementAndGet();
                Answer changed = connection.exchange(api.rename(id, name));
                String token = changed.header("Consistency-Token");
                if (changed.status() != HttpURLConnection.HTTP_OK || token == null) {
                    faults.unexpected(changed, HttpURLConnection.HTTP_OK);
                    continue;
                }
                read(connection, api.byId(id, token), "/first_name", name);
                read(connection, api.lastPage(token), "/data/0/version", "");
                read(connection, api.activity(id, token), "/paging/total_count", Integer.toString(changes + 1));
                read(connection, api.statistics(token), "/totals/users", "");
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (IOException | RuntimeException e) {
            faults.failed(e);
        }
    }

    private String create(Connection connection) throws IOException {
        Person person = population.nextPerson();
        return connection.exchange(api.create(person, false)).createdId();
    }

    private void read(Connection connection, byte[] request, String pointer, String expected) throws IOException {
        long begin = System.nanoTime();
        Answer answer = connection.exchange(request);
        long took = System.nanoTime() - begin;
        reads.increment();
        synchronized (this) {
            Latencies.record(latencies, took);
        }
        if (answer.status() != HttpURLConnection.HTTP_OK) {
            faults.unexpected(answer, HttpURLConnection.HTTP_OK);
            return;
        }
        String found = json(answer).at(pointer).asString("");
        if (!expected.isEmpty() && !found.equals(expected) || found.isEmpty()) {
            stale.increment();
            faults.add("stale", pointer + " is " + found + ", not " + expected);
        }
    }

    private static JsonNode json(Answer answer) {
        return JSON.readTree(answer.body());
    }
}
