package io.userstore.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A standalone of our own as a child process, over a fresh data folder and on free ports. It is stopped when it is
 * closed and, should this program end before that, by a shutdown hook.
 */
final class ServerProcess implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final String READINESS = "/actuator/health/readiness";
    private static final int READY_TIMEOUT_MILLIS = 10_000;
    private static final int LOG_LINES = 20;
    /** One that the user store tells of itself: a library's need not be one, as when a consumer is stopped. */
    private static final Pattern OWN_ERROR = Pattern.compile(" ERROR \\[[^]]*] i\\.u");

    private final Process process;
    private final Path folder;
    private final boolean keepData;
    private final Api api;
    private final Thread hook = new Thread(this::stop, "stop-server");
    private boolean stopped;

    private ServerProcess(Process process, Path folder, boolean keepData, Api api) {
        this.process = process;
        this.folder = folder;
        this.keepData = keepData;
        this.api = api;
    }

    /**
     * How to start a server.
     *
     * @param jar the standalone
     * @param javaOptions flags of its JVM
     * @param parent where a folder for its data and its log is made
     */
    record Launch(Path jar, List<String> javaOptions, Path parent, boolean keepData) {}

    /** Starts a server and waits until it is ready. */
    static ServerProcess start(Launch launch, List<String> properties) throws IOException {
        Path folder = Files.createTempDirectory(launch.parent(), "benchmark-data-");
        List<Integer> ports = freePorts(4);
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        String key = "sk_" + HexFormat.of().formatHex(random);

        ProcessBuilder builder = new ProcessBuilder(command(launch, folder, ports, properties))
                .redirectErrorStream(true)
                .redirectOutput(log(folder).toFile());
        builder.environment().put("USERSTORE_SECRET_KEY", key);
        Api api = new Api(new InetSocketAddress(HOST, ports.get(0)), key);
        ServerProcess server = new ServerProcess(builder.start(), folder, launch.keepData(), api);
        Runtime.getRuntime().addShutdownHook(server.hook);
        try {
            server.awaitReady(URI.create("http://" + HOST + ":" + ports.get(0) + READINESS)
                    .toURL());
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    private static List<String> command(Launch launch, Path folder, List<Integer> ports, List<String> properties) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(launch.javaOptions());
        command.addAll(List.of("-jar", launch.jar().toString()));
        command.add("--server.address=" + HOST);
        command.add("--server.port=" + ports.get(0));
        command.add("--userstore.postgres.port=" + ports.get(1));
        command.add("--userstore.kafka.port=" + ports.get(2));
        command.add("--userstore.mongodb.port=" + ports.get(3));
        command.add("--userstore.data-directory=" + folder.resolve("data"));
        command.addAll(properties);
        return command;
    }

    private static Path log(Path folder) {
        return folder.resolve("server.log");
    }

    /** Different ones, since all are held until the last is known. */
    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getByName(HOST)));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    private void awaitReady(URL readiness) throws IOException {
        long begin = System.nanoTime();
        while (!isReady(readiness)) {
            if (!process.isAlive() || System.nanoTime() - begin > START_LIMIT.toNanos()) {
                throw didNotStart();
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        Console.say("  a server is ready (%.1f s)".formatted((System.nanoTime() - begin) / 1e9));
    }

    /** Asked with the JDK's client: this answer comes in chunks, which {@link Answer} does not read. */
    private static boolean isReady(URL readiness) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) readiness.openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(READY_TIMEOUT_MILLIS);
        connection.setReadTimeout(READY_TIMEOUT_MILLIS);
        try {
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (ConnectException e) {
            // Nobody listens yet; when that stays so, the server's log is shown.
            return false;
        } finally {
            connection.disconnect();
        }
    }

    private BenchmarkFailedException didNotStart() throws IOException {
        List<String> lines = Files.readAllLines(log(folder));
        String tail = String.join("\n  ", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
        return new BenchmarkFailedException("the server did not become ready. The end of its log:\n  " + tail);
    }

    Api api() {
        return api;
    }

    MemoryUse memory() {
        return MemoryUse.of(process.toHandle(), postgres());
    }

    /** The processes of the PostgreSQL inside, which is no child of the server: its first one detaches itself. */
    private List<ProcessHandle> postgres() {
        Path pidFile = folder.resolve("data/postgres/cluster/postmaster.pid");
        try {
            long pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
            return ProcessHandle.of(pid).stream()
                    .flatMap(first -> Stream.concat(Stream.of(first), first.descendants()))
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | NumberFormatException | NoSuchElementException e) {
            Console.say("  which processes are PostgreSQL's cannot be read: " + e);
            return List.of();
        }
    }

    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // This program ends already, and the hook found the server stopped or has stopped it.
            return;
        }
    }

    private synchronized void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        List<ProcessHandle> postgres = postgres();
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                Console.say("  the server did not stop within " + STOP_LIMIT.toSeconds() + " s and is killed");
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        // Alive only when the server could not stop it by itself.
        postgres.forEach(ProcessHandle::destroyForcibly);
        clean();
    }

    private void clean() {
        if (keepData) {
            Console.say("  its data and log are kept in " + folder);
            return;
        }
        try {
            boolean isLogKept = tellsOfErrors();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    if (!isLogKept || !log(folder).startsWith(file)) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        } catch (IOException | UncheckedIOException e) {
            Console.say("  " + folder + " could not be deleted: " + e);
        }
    }

    /** An answer of 5xx tells its caller nothing of why. */
    private boolean tellsOfErrors() throws IOException {
        Path log = log(folder);
        if (!Files.exists(log)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(log)) {
            long errors = lines.filter(OWN_ERROR.asPredicate()).count();
            if (errors > 0) {
                Console.say("  the server has logged %,d errors: %s is kept".formatted(errors, log));
            }
            return errors > 0;
        }
    }
}
