package io.userstore.cli;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * One POST whose answer is read while the body is still being sent. The HTTP client of Java reads an answer only after it
 * has sent the body, and so the two sides of a long import would wait for each other. One thread may send while another
 * reads.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-7.1">RFC 9112, 7.1, chunked transfer coding</a>
 */
final class ImportExchange implements AutoCloseable {
    private static final int CONNECT_MILLIS = 10_000;
    /** A batch of passwords to be hashed takes seconds on a small machine. */
    private static final int READ_MILLIS = 120_000;

    private static final int CHUNK = 16 * 1024;
    private static final int LONGEST_LINE = 1 << 20;
    private static final byte[] LINE_END = {'\r', '\n'};

    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;
    private final ByteArrayOutputStream chunk = new ByteArrayOutputStream(CHUNK + 1_024);
    private @Nullable InputStream body;

    private ImportExchange(Socket socket) throws IOException {
        this.socket = socket;
        this.out = new BufferedOutputStream(socket.getOutputStream(), CHUNK);
        this.in = new BufferedInputStream(socket.getInputStream(), CHUNK);
    }

    /** Connects and sends the head of the request. */
    static ImportExchange begin(URI uri, String authorization) throws IOException {
        boolean tls = "https".equalsIgnoreCase(uri.getScheme());
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(uri.getHost(), port), CONNECT_MILLIS);
            socket.setSoTimeout(READ_MILLIS);
            ImportExchange exchange = new ImportExchange(tls ? secured(socket, uri.getHost(), port) : socket);
            exchange.head(uri, port, authorization);
            return exchange;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static Socket secured(Socket socket, String host, int port) throws IOException {
        SSLSocket secured =
                (SSLSocket) ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(socket, host, port, true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    private void head(URI uri, int port, String authorization) throws IOException {
        String head = "POST " + uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery())
                + " HTTP/1.1\r\nHost: " + uri.getHost() + ":" + port + "\r\nAuthorization: " + authorization
                + "\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** Sends a line, at the latest with {@link #flush()}. */
    void send(byte[] line) throws IOException {
        chunk.writeBytes(line);
        chunk.write('\n');
        if (chunk.size() >= CHUNK) {
            flush();
        }
    }

    void flush() throws IOException {
        if (chunk.size() > 0) {
            out.write(HexFormat.of().toHexDigits(chunk.size()).getBytes(StandardCharsets.US_ASCII));
            out.write(LINE_END);
            chunk.writeTo(out);
            out.write(LINE_END);
            chunk.reset();
        }
        out.flush();
    }

    /** Sends what remains and that there is no more. */
    void end() throws IOException {
        flush();
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** The status of the answer; waits for it. */
    int status() throws IOException {
        String[] start = required(readLine(in)).split(" ", 3);
        if (start.length < 2 || !start[0].startsWith("HTTP/1.") || !start[1].matches("\\d{3}")) {
            throw new IOException("the server does not speak HTTP");
        }
        boolean chunked = false;
        long length = Long.MAX_VALUE;
        for (String line = required(readLine(in)); !line.isEmpty(); line = required(readLine(in))) {
            String field = line.toLowerCase(Locale.ROOT);
            chunked |= field.startsWith("transfer-encoding:") && field.endsWith("chunked");
            if (field.startsWith("content-length:")) {
                length = Long.parseLong(
                        field.substring("content-length:".length()).strip());
            }
        }
        int status = Integer.parseInt(start[1]);
        if (status == 100) {
            return status();
        }
        body = chunked ? new Chunks(in) : new Bounded(in, length);
        return status;
    }

    /** The next line of the answer, or null at its end. */
    @Nullable
    String readLine() throws IOException {
        if (body == null) {
            throw new IllegalStateException("the status comes first");
        }
        return readLine(body);
    }

    private static String required(@Nullable String line) throws EOFException {
        if (line == null) {
            throw new EOFException("the server closed the connection");
        }
        return line;
    }

    private static @Nullable String readLine(InputStream from) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = from.read(); next >= 0; next = from.read()) {
            if (next == '\n') {
                return line.toString(StandardCharsets.UTF_8).stripTrailing();
            }
            if (line.size() == LONGEST_LINE) {
                throw new IOException("the server answers a line without an end");
            }
            line.write(next);
        }
        return line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** A body of a length that is known, or that ends with the connection. */
    private static final class Bounded extends InputStream {
        private final InputStream in;
        private long left;

        Bounded(InputStream in, long length) {
            this.in = in;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            return left-- > 0 ? in.read() : -1;
        }
    }

    /** A body in chunks; ends before the end of the last chunk are an error. */
    private static final class Chunks extends InputStream {
        private final InputStream in;
        private long left;
        private boolean ended;

        Chunks(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            if (left == 0 && !ended) {
                nextChunk();
            }
            if (ended) {
                return -1;
            }
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (--left == 0) {
                required(ImportExchange.readLine(in));
            }
            return next;
        }

        private void nextChunk() throws IOException {
            String size = required(ImportExchange.readLine(in));
            int semicolon = size.indexOf(';');
            left = Long.parseLong((semicolon < 0 ? size : size.substring(0, semicolon)).strip(), 16);
            ended = left == 0;
        }
    }
}
