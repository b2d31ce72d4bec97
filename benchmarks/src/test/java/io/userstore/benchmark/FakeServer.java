package io.userstore.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers each request with the next of the texts it was made with, and closes a connection after an answer that says
 * so and when it has no more texts.
 */
final class FakeServer implements AutoCloseable {
    private final ServerSocket socket;
    private final Queue<String> answers;
    private final AtomicInteger connections = new AtomicInteger();
    private final CompletableFuture<Void> done;

    FakeServer(String... answers) throws IOException {
        this.socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        this.answers = new ArrayDeque<>(List.of(answers));
        this.done = CompletableFuture.runAsync(this::serve);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
    }

    int connections() {
        return connections.get();
    }

    private void serve() {
        try {
            while (!answers.isEmpty()) {
                try (Socket client = socket.accept()) {
                    connections.incrementAndGet();
                    serve(client);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void serve(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        OutputStream out = client.getOutputStream();
        while (!answers.isEmpty() && readRequest(in)) {
            String answer = answers.remove();
            out.write(answer.getBytes(StandardCharsets.UTF_8));
            if (answer.contains("Connection: close")) {
                return;
            }
        }
    }

    /** Whether one has come before the client hung up; requests of these tests have no body. */
    private static boolean readRequest(InputStream in) throws IOException {
        StringBuilder request = new StringBuilder();
        while (request.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return false;
            }
            request.append((char) next);
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        done.join();
        socket.close();
    }
}
