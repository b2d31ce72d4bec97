package io.userstore.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** TCP ports of this machine. */
public final class Ports {

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
     * Returns a port on which nobody listens on the loopback interface at this moment. The operating system hands such ports
     * out in turn, so that two processes that ask at the same time get different ones.
     */
    public static int free() {
        try (ServerSocket probe = unboundSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on the loopback interface", e);
        }
    }

    /** With address reuse, so that connections of a former server in TIME_WAIT do not count as somebody listening. */
    private static ServerSocket unboundSocket() throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        return socket;
    }
}
