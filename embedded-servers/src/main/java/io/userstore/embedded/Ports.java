package io.userstore.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** TCP ports of this machine. */
public final class Ports {
    /** Above the usual ports of servers, MongoDB's 27017 among them. */
    private static final int FIRST_FREE = 28_000;

    private static final int LAST_FREE = 32_767;
    private static final int ATTEMPTS = 1_000;

    /** Open as long as this process lives: of two who take the same one, in whatever processes, the second cannot. */
    private static final List<DatagramSocket> TAKEN = new ArrayList<>();

    private Ports() {}

    /**
     * Checks that a server can listen on {@code port}, before anything else is started.
     *
     * @param host the address to listen on
     * @param port 1 to 65535
     * @param what the server as its user knows it, such as {@code "PostgreSQL"}
     * @param property the setting that chooses the port, such as {@code "userstore.postgres.port"}
     * @throws PortInUseException if somebody else listens there, or the address is none of this machine's
     */
    public static void requireFree(String host, int port, String what, String property) {
        try (ServerSocket probe = unboundSocket()) {
            probe.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new PortInUseException(
                    "%s cannot listen on %s:%d (%s): stop whatever uses that port, or choose another with %s."
                            .formatted(what, host, port, e.getMessage(), property),
                    e);
        }
    }

    /**
     * Returns a port on which nobody listens on the loopback interface. It is never returned again, to this process or to another,
     * as long as this one lives: the UDP port of the same number is held for a sign. And no operating system takes it for
     * outgoing connections, so that it is still free when its server starts, or starts again (those of Linux begin at 32,768,
     * IANA's and others' at 49,152).
     *
     * @throws UncheckedIOException when none can be had
     */
    public static synchronized int free() {
        for (int attempt = 1; ; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_FREE, LAST_FREE + 1);
            try (ServerSocket probe = unboundSocket()) {
                probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                TAKEN.add(new DatagramSocket(port, InetAddress.getLoopbackAddress()));
                return port;
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw new UncheckedIOException("no free port on the loopback interface", e);
                }
            }
        }
    }

    /** With address reuse, so that connections of a former server in TIME_WAIT do not count as somebody listening. */
    private static ServerSocket unboundSocket() throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        return socket;
    }
}
