package io.userstore.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.userstore.benchmark.Answer.MalformedAnswerException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ConnectionTest {
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String HELLO = "HTTP/1.1 200 \r\nETag: \"3\"\r\nContent-Length: 5\r\n\r\nhello";
    private static final String EMPTY = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

    @Test
    void requestsShareOneConnection() throws IOException {
        try (FakeServer server = new FakeServer(HELLO, HELLO, HELLO);
                Connection connection = new Connection(server.address())) {
            for (int i = 0; i < 3; i++) {
                Answer answer = connection.exchange(REQUEST);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo("hello");
            }
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void aConnectionThatTheServerClosesIsOpenedAgain() throws IOException {
        String last = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
        try (FakeServer server = new FakeServer(last, HELLO);
                Connection connection = new Connection(server.address())) {
            assertThat(connection.exchange(REQUEST).body()).isEqualTo("ok");
            assertThat(connection.exchange(REQUEST).body()).isEqualTo("hello");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void anAnswerMayBeEmpty() throws IOException {
        String noContent = "HTTP/1.1 204 No Content\r\nX-Request-Id: a\r\n\r\n";
        String notModified = "HTTP/1.1 304 \r\nContent-Length: 500\r\n\r\n";
        try (FakeServer server = new FakeServer(EMPTY, noContent, notModified, HELLO);
                Connection connection = new Connection(server.address())) {
            assertThat(connection.exchange(REQUEST).body()).isEmpty();
            assertThat(connection.exchange(REQUEST).status()).isEqualTo(204);
            assertThat(connection.exchange(REQUEST).status()).isEqualTo(304);
            assertThat(connection.exchange(REQUEST).body()).isEqualTo("hello");
        }
    }

    @Test
    void anAnswerMayBeLongerThanTheBuffer() throws IOException {
        String body = "0123456789".repeat(50_000);
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        try (FakeServer server = new FakeServer(answer, HELLO);
                Connection connection = new Connection(server.address())) {
            assertThat(connection.exchange(REQUEST).body()).isEqualTo(body);
            assertThat(connection.exchange(REQUEST).body()).isEqualTo("hello");
        }
    }

    @Test
    void headersAreFoundInWhateverCase() throws IOException {
        String created = "HTTP/1.1 201 \r\nLOCATION:  /1/users/0198c0de \r\nContent-Length: 0\r\n\r\n";
        try (FakeServer server = new FakeServer(HELLO, created);
                Connection connection = new Connection(server.address())) {
            Answer answer = connection.exchange(REQUEST);
            assertThat(answer.header("etag")).isEqualTo("\"3\"");
            assertThat(answer.header("Projection")).isNull();
            assertThat(connection.exchange(REQUEST).createdId()).isEqualTo("0198c0de");
        }
    }

    @Test
    void chunksAreRefusedAloud() throws IOException {
        assertRefused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "chunks");
    }

    @Test
    void anAnswerOfUnknownLengthIsRefused() throws IOException {
        assertRefused("HTTP/1.1 200 OK\r\nETag: \"1\"\r\n\r\n", "without Content-Length");
    }

    @Test
    void anAnswerWithMoreThanItsLengthIsRefused() throws IOException {
        assertRefused("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab", "1 bytes more");
    }

    @Test
    void whatIsNotHttpIsRefused() throws IOException {
        assertRefused("SSH-2.0-OpenSSH\r\n\r\n", "not an HTTP/1.1 answer");
        assertRefused("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "not a number");
        assertRefused("HTTP/1.1 100 Continue\r\n\r\n", "interim");
    }

    private static void assertRefused(String answer, String because) throws IOException {
        try (FakeServer server = new FakeServer(answer);
                Connection connection = new Connection(server.address())) {
            assertThatExceptionOfType(MalformedAnswerException.class)
                    .isThrownBy(() -> connection.exchange(REQUEST))
                    .withMessageContaining(because);
        }
    }

    @Test
    void halfAnAnswerIsAFailureAndTheNextRequestHasANewConnection() throws IOException {
        String half = "HTTP/1.1 200 OK\r\nX-Cut: Connection: close\r\nContent-Length: 100\r\n\r\nhal";
        try (FakeServer server = new FakeServer(half, HELLO);
                Connection connection = new Connection(server.address())) {
            assertThatExceptionOfType(EOFException.class).isThrownBy(() -> connection.exchange(REQUEST));
            assertThat(connection.exchange(REQUEST).body()).isEqualTo("hello");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void aClosedConnectionStaysClosed() throws IOException {
        try (FakeServer server = new FakeServer(HELLO)) {
            Connection connection = new Connection(server.address());
            connection.exchange(REQUEST);
            connection.close();
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> connection.exchange(REQUEST));
        }
    }
}
