package io.userstore.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A JVM of its own that runs one server, so that a test can kill it. */
final class ServerProcess implements AutoCloseable {

    private static final String READY = "ready";

    private final Process process;

    private ServerProcess(Process process) {
        this.process = process;
    }

    enum Server {
        POSTGRES,
        KAFKA,
        MONGO
    }

    /** Returns when the server serves. */
    static ServerProcess start(Server server, Path dataDirectory, int port) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServerProcess.class.getName(),
                        server.name(),
                        dataDirectory.toString(),
                        Integer.toString(port))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        awaitReady(process);
        return new ServerProcess(process);
    }

    private static void awaitReady(Process process) throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.equals(READY)) {
                return;
            }
        }
        throw new IOException("the server did not start");
    }

    /** As {@code kill -9} does: nothing in that process gets a chance to tidy up. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    public static void main(String[] arguments) throws InterruptedException {
        Path dataDirectory = Path.of(arguments[1]);
        int port = Integer.parseInt(arguments[2]);
        switch (Server.valueOf(arguments[0])) {
            case POSTGRES -> EmbeddedPostgresServer.start(dataDirectory, "127.0.0.1", port);
            case KAFKA -> EmbeddedKafkaBroker.start(dataDirectory, "127.0.0.1", port);
            case MONGO -> EmbeddedMongoServer.start(dataDirectory, "127.0.0.1", port);
        }
        System.out.println(READY);
        new CountDownLatch(1).await();
    }
}
