package io.userstore.command.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A mail server that speaks TLS from the beginning or once it is asked to (RFC 3207), and notes what it was told in the clear. */
final class TlsSmtpServer implements AutoCloseable {
    /** When TLS begins. */
    enum Begins {
        AT_ONCE,
        WHEN_ASKED,
        NEVER
    }

    private final ServerSocket socket;
    private final SSLContext tls;
    private final Begins begins;
    private final List<String> inTheClear = new CopyOnWriteArrayList<>();
    private final List<String> underTls = new CopyOnWriteArrayList<>();

    TlsSmtpServer(SSLContext tls, Begins begins) throws IOException {
        this.socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        this.tls = tls;
        this.begins = begins;
        Thread.ofPlatform().daemon().start(this::serve);
    }

    int port() {
        return socket.getLocalPort();
    }

    List<String> inTheClear() {
        return inTheClear;
    }

    List<String> underTls() {
        return underTls;
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                if (begins == Begins.AT_ONCE) {
                    talk(secured(client), "220 ready", underTls);
                } else if (talk(client, "220 ready", inTheClear)) {
                    talk(secured(client), "", underTls);
                }
            } catch (IOException e) {
                // The test has closed the server, or the client did not like it: both are how it ends.
                continue;
            }
        }
    }

    private SSLSocket secured(Socket client) throws IOException {
        SSLSocket secured = (SSLSocket) tls.getSocketFactory().createSocket(client, null, true);
        secured.startHandshake();
        return secured;
    }

    /** Answers whether TLS is to begin. */
    private boolean talk(Socket client, String greeting, List<String> told) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(client.getOutputStream(), true, StandardCharsets.UTF_8);
        if (!greeting.isEmpty()) {
            out.print(greeting + "\r\n");
            out.flush();
        }
        boolean isData = false;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            told.add(line);
            if (isData) {
                isData = !line.equals(".");
                if (isData) {
                    continue;
                }
            }
            boolean isAsked = line.equals("STARTTLS") && begins == Begins.WHEN_ASKED;
            out.print(isAsked ? "220 go ahead\r\n" : reply(line) + "\r\n");
            out.flush();
            if (isAsked) {
                return true;
            }
            isData = line.equals("DATA");
        }
        return false;
    }

    private String reply(String line) {
        return switch (line.split(" ")[0]) {
            case "EHLO" ->
                begins == Begins.WHEN_ASKED
                        ? "250-here\r\n250-STARTTLS\r\n250 AUTH PLAIN"
                        : "250-here\r\n250 AUTH PLAIN";
            case "AUTH" -> "235 welcome";
            case "DATA" -> "354 go ahead";
            case "STARTTLS" -> "502 not here";
            default -> "250 ok";
        };
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
