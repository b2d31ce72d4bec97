package io.userstore.embedded;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTest {

    @Test
    void aTakenPortIsToldInOneSentence() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> Ports.requireFree("127.0.0.1", port, "PostgreSQL", "userstore.postgres.port"))
                    .isInstanceOf(PortInUseException.class)
                    .hasMessageMatching(
                            "PostgreSQL cannot listen on 127\\.0\\.0\\.1:" + port
                                    + " \\(.+\\): stop whatever uses that port, or choose another with userstore\\.postgres\\.port\\.");
        }
    }

    @Test
    void aFreePortPasses() {
        assertThatCode(() -> Ports.requireFree("127.0.0.1", Ports.free(), "Kafka", "userstore.kafka.port"))
                .doesNotThrowAnyException();
    }
}
