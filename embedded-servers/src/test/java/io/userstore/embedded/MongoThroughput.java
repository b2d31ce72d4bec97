package io.userstore.embedded;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.WriteModel;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.bson.Document;

/**
 * Tells how much the MongoDB server does in a second, with the driver in the same JVM. A program to run by hand, not a test:
 * {@code MongoThroughput [documents] [threads] [seconds]}, by default a million, 4 and 5.
 */
final class MongoThroughput {

    private static final int BATCH = 500;
    private static final int APPLICATIONS = 4;

    private final MongoCollection<Document> users;
    private final int documents;
    private final int threads;
    private final int seconds;

    private MongoThroughput(MongoCollection<Document> users, int documents, int threads, int seconds) {
        this.users = users;
        this.documents = documents;
        this.threads = threads;
        this.seconds = seconds;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int documents = argument(arguments, 0, 1_000_000);
        int threads = argument(arguments, 1, 4);
        int seconds = argument(arguments, 2, 5);
        Path folder = Files.createTempDirectory("userstore-throughput-");
        long start = System.nanoTime();
        try (EmbeddedMongoServer server = EmbeddedMongoServer.start(folder, "127.0.0.1", Ports.free());
                MongoClient client = MongoClients.create(server.uri())) {
            MongoCollection<Document> users = client.getDatabase("throughput").getCollection("users");
            new MongoThroughput(users, documents, threads, seconds).run();
            say("store", Files.size(folder.resolve("store-1.mv")) >> 20, "MB");
            start = System.nanoTime();
        }
        say("close", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start), "ms");
        say("store when closed", Files.size(folder.resolve("store-1.mv")) >> 20, "MB");
        Directories.delete(folder);
    }

    private static int argument(String[] arguments, int position, int otherwise) {
        return arguments.length > position ? Integer.parseInt(arguments[position]) : otherwise;
    }

    private void run() throws InterruptedException {
        users.createIndex(new Document("application", 1).append("email_key", 1), new IndexOptions().unique(true));
        users.createIndex(new Document("application", 1).append("cursor", 1));
        users.createIndex(new Document("words", 1));
        fill();
        measure(
                "find by _id",
                threads,
                () -> users.find(Filters.eq("_id", id(anyOne()))).first());
        measure("find by {application, email_key}", threads, () -> {
            int n = anyOne();
            users.find(Filters.and(Filters.eq("application", application(n)), Filters.eq("email_key", email(n))))
                    .first();
        });
        measure("list of 100 by cursor", threads, this::list);
        measure(
                "list of 20 by prefix",
                threads,
                () -> users.find(Filters.and(
                                Filters.regex("words", "^word" + anyOne() / 10), Filters.eq("application", "app1")))
                        .limit(20)
                        .into(new ArrayList<>()));
        measure("count by application", threads, () -> users.countDocuments(Filters.eq("application", "app1")));
        measure("bulk replace by _id, batches of " + BATCH, 1, () -> replace(this::anyOne));
        measure("the same, beside one reader's finds", 1, () -> replace(this::anyOne), threads);
    }

    private void fill() {
        long start = System.nanoTime();
        long cpuBefore = cpuNanos();
        for (int from = 0; from < documents; from += BATCH) {
            List<Document> batch = new ArrayList<>();
            for (int n = from; n < Math.min(documents, from + BATCH); n++) {
                batch.add(user(n, 1));
            }
            users.insertMany(batch);
        }
        long perSecond = documents * 1_000L / TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        long cpuPerDocument = (cpuNanos() - cpuBefore) / documents / 1_000;
        say("insert, batches of " + BATCH, perSecond, "documents/s, %,d us of CPU each".formatted(cpuPerDocument));
    }

    private void list() {
        int n = anyOne();
        int size = users.find(Filters.and(Filters.eq("application", application(n)), Filters.gt("cursor", (long) n)))
                .sort(Sorts.ascending("cursor"))
                .limit(100)
                .into(new ArrayList<>())
                .size();
        if (size < Math.min(100, (documents - n) / APPLICATIONS - 1)) {
            throw new IllegalStateException("only " + size + " found");
        }
    }

    private interface Choice {
        int next();
    }

    private void replace(Choice choice) {
        List<WriteModel<Document>> batch = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            int n = choice.next();
            batch.add(new ReplaceOneModel<>(
                    Filters.eq("_id", id(n)),
                    user(n, ThreadLocalRandom.current().nextInt()),
                    new ReplaceOptions().upsert(true)));
        }
        users.bulkWrite(batch);
    }

    private void measure(String what, int inParallel, Runnable operation, int readers) throws InterruptedException {
        LongAdder reads = new LongAdder();
        try (ExecutorService executor = Executors.newFixedThreadPool(readers)) {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds * 2L);
            for (int i = 0; i < readers; i++) {
                executor.execute(() -> {
                    while (System.nanoTime() < end) {
                        users.find(Filters.eq("_id", id(anyOne()))).first();
                        reads.increment();
                    }
                });
            }
            measure(what, inParallel, operation);
        }
        say("  finds meanwhile", reads.sum() / (seconds * 2L), "/s");
    }

    private void measure(String what, int inParallel, Runnable operation) throws InterruptedException {
        repeat(inParallel, operation); // to warm up
        long cpuBefore = cpuNanos();
        long perSecond = repeat(inParallel, operation);
        long cpuPerOperation = (cpuNanos() - cpuBefore) / Math.max(1, perSecond * seconds);
        say(what, perSecond, "/s, %,d us of CPU each".formatted(cpuPerOperation / 1_000));
    }

    private long repeat(int inParallel, Runnable operation) throws InterruptedException {
        LongAdder done = new LongAdder();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        ExecutorService executor = Executors.newFixedThreadPool(inParallel);
        for (int i = 0; i < inParallel; i++) {
            executor.execute(() -> {
                while (System.nanoTime() < end) {
                    operation.run();
                    done.increment();
                }
            });
        }
        executor.shutdown();
        if (!executor.awaitTermination(seconds + 60L, TimeUnit.SECONDS)) {
            throw new IllegalStateException("did not end");
        }
        return done.sum() / seconds;
    }

    /** Of the whole process, the driver's part included: figures of a machine that others use too can be compared by it. */
    private static long cpuNanos() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime();
    }

    private int anyOne() {
        return ThreadLocalRandom.current().nextInt(documents);
    }

    /** Like the ids of users, in the order of their making. */
    private static String id(int n) {
        return "0190-%08x-%08x".formatted(n, n * 0x9E3779B1);
    }

    private static String application(int n) {
        return "app" + n % APPLICATIONS;
    }

    private static String email(int n) {
        return "user" + n + "@example.org";
    }

    private static Document user(int n, int version) {
        return new Document("_id", id(n))
                .append("application", application(n))
                .append("cursor", (long) n)
                .append("email", email(n))
                .append("email_key", email(n))
                .append("username", "user" + n)
                .append("version", (long) version)
                .append("words", List.of("word" + n, "user" + n, "name" + n % 1000))
                .append("first_name", "Ada" + n)
                .append("last_name", "Lovelace")
                .append("locked", false)
                .append("verified", true)
                .append("created_at", "2026-01-01T00:00:00Z")
                .append("updated_at", "2026-01-01T00:00:00Z")
                .append("logins", n % 100)
                .append(
                        "metadata",
                        new Document("plan", "free").append("country", "DE").append("note", "x".repeat(120)));
    }

    private static void say(String what, long figure, String unit) {
        System.out.printf("%-45s %,10d %s%n", what, figure, unit);
    }
}
