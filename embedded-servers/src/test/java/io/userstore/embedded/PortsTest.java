package io.userstore.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
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
    void noPortIsGivenTwiceAlsoByAnotherProcess() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            int port = Ports.free();
            assertThat(given.add(port)).isTrue();
            assertThatThrownBy(() -> new DatagramSocket(port, loopback))
                    .as("taken")
                    .isInstanceOf(BindException.class);
        }
    }

    @Test
    void aFreePortPasses() {
        assertThatCode(() -> Ports.requireFree("127.0.0.1", Ports.free(), "Kafka", "userstore.kafka.port"))
                .doesNotThrowAnyException();
    }
}
