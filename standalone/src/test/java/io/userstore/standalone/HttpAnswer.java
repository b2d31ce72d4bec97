package io.userstore.standalone;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An answer, and the request that asks for it: down to the bytes, since HTTP clients refuse to send what is broken.
 *
 * @param headers by name without case, the first of each
 * @param body empty when there was none
 */
record HttpAnswer(int status, Map<String, String> headers, String body) {
    private static final int PATIENCE_MILLIS = 30_000;

    /** A header of a request. */
    record Header(String name, String value) {}

    /**
     * What is sent, as it is.
     *
     * @param target path and query, encoded or not
     */
    record Sent(String method, String target, List<Header> headers, byte[] body) {
        Sent with(String name, String value) {
            List<Header> more = new ArrayList<>(headers);
            more.removeIf(header -> header.name().equalsIgnoreCase(name));
            more.add(new Header(name, value));
            return new Sent(method, target, more, body);
        }

        Sent withBody(String contentType, byte[] bytes) {
            return new Sent(method, target, with("Content-Type", contentType).headers(), bytes);
        }

        HttpAnswer to(int port) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.setSoTimeout(PATIENCE_MILLIS);
                OutputStream out = socket.getOutputStream();
                out.write(bytes(port));
                out.flush();
                return read(new ByteArrayInputStream(socket.getInputStream().readAllBytes()));
            } catch (IOException e) {
                throw new UncheckedIOException("no answer to " + this, e);
            }
        }

        private byte[] bytes(int port) throws IOException {
            StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
            head.append("Host: 127.0.0.1:").append(port).append("\r\nConnection: close\r\n");
            if (body.length > 0 || !method.equals("GET")) {
                head.append("Content-Length: ").append(body.length).append("\r\n");
            }
            headers.forEach(header -> head.append(header.name())
                    .append(": ")
                    .append(header.value())
                    .append("\r\n"));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
            bytes.write(body);
            return bytes.toByteArray();
        }

        @Override
        public String toString() {
            String text = method + " " + target + " " + headers + " " + new String(body, StandardCharsets.UTF_8);
            return text.length() > 1_000 ? text.substring(0, 1_000) + "…" : text;
        }
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    private static HttpAnswer read(InputStream in) throws IOException {
        int status = Integer.parseInt(line(in).split(" ")[1]);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.putIfAbsent(
                    line.substring(0, colon), line.substring(colon + 1).strip());
        }
        boolean chunked = headers.getOrDefault("Transfer-Encoding", "").equals("chunked");
        byte[] body = chunked ? chunks(in) : in.readAllBytes();
        return new HttpAnswer(status, headers, new String(body, StandardCharsets.UTF_8));
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
            whole.write(in.readNBytes(size));
            in.skipNBytes(2);
        }
        return whole.toByteArray();
    }

    private static int chunkSize(InputStream in) throws IOException {
        return Integer.parseInt(line(in), 16);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the answer ends too early");
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
