package io.userstore.benchmark;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One keep-alive connection: a request goes out, its answer is read, one at a time. One blocking write and one
 * blocking read per exchange, since the load generator shares the processors with what it measures. Opens itself again
 * after the server has closed it. Used by one thread; only {@link #close()} may come from another.
 */
final class Connection implements AutoCloseable {
    /** Servers close connections that rest; a request must not cross that on the wire. */
    private static final long MAX_REST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final InetSocketAddress address;
    private final Answer answer = new Answer();
    private volatile @Nullable SocketChannel channel;
    private volatile boolean closed;
    private long lastUse;
    private long opened;

    Connection(InetSocketAddress address) {
        this.address = address;
    }

    /**
     * Sends a request and reads its answer.
     *
     * @return the answer, valid until the next exchange
     * @throws IOException when either fails; the next exchange begins with a new connection
     */
    Answer exchange(byte[] request) throws IOException {
        SocketChannel open = connected();
        try {
            ByteBuffer out = ByteBuffer.wrap(request);
            while (out.hasRemaining()) {
                open.write(out);
            }
            answer.readFrom(open);
        } catch (IOException e) {
            disconnect();
            throw e;
        }
        lastUse = System.nanoTime();
        if (answer.isLastOnConnection()) {
            disconnect();
        }
        return answer;
    }

    private SocketChannel connected() throws IOException {
        SocketChannel open = channel;
        if (open != null && System.nanoTime() - lastUse > MAX_REST_NANOS) {
            disconnect();
            open = null;
        }
        if (open != null) {
            return open;
        }
        open = SocketChannel.open(address);
        open.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel = open;
        if (closed) {
            disconnect();
            throw new ClosedChannelException();
        }
        lastUse = System.nanoTime();
        opened++;
        return open;
    }

    private void disconnect() throws IOException {
        SocketChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }

    /** How often a connection was opened. */
    long opened() {
        return opened;
    }

    /** Ends a waiting exchange with an exception, and every later one. */
    @Override
    public void close() throws IOException {
        closed = true;
        disconnect();
    }
}
