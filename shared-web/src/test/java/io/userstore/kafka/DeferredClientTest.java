package io.userstore.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class DeferredClientTest {
    private static final ConfigException UNRESOLVED =
            new ConfigException("No resolvable bootstrap urls given in bootstrap.servers");

    @Test
    void aNameThatCannotBeResolvedFailsTheCallsAndNotTheMaking() {
        Producer<byte[], byte[]> producer = DeferredClient.producer(config("nowhere.invalid:9092"));
        assertThatThrownBy(() -> producer.send(new ProducerRecord<>("topic", new byte[0])))
                .isInstanceOf(KafkaException.class);
        producer.close();

        Admin admin = DeferredClient.admin(config("nowhere.invalid:9092"));
        assertThatThrownBy(admin::describeCluster).isInstanceOf(KafkaException.class);
        admin.close();
    }

    @Test
    void anythingElseThatIsWrongIsSaidAtOnce() {
        assertThatThrownBy(() -> DeferredClient.producer(config("no-port"))).isInstanceOf(KafkaException.class);
        assertThatThrownBy(() -> DeferredClient.admin(config("no-port"))).isInstanceOf(KafkaException.class);
    }

    @Test
    void theClientIsMadeOnceItCanBeAndClosedOnce() {
        AtomicInteger attempts = new AtomicInteger();
        MockProducer<byte[], byte[]> real =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        Producer<?, ?> late = DeferredClient.late(
                Producer.class,
                () -> {
                    if (attempts.incrementAndGet() < 3) {
                        throw UNRESOLVED;
                    }
                    return real;
                },
                UNRESOLVED);

        assertThat(attempts).hasValue(0);
        assertThatThrownBy(late::flush).isSameAs(UNRESOLVED);
        assertThatThrownBy(late::flush).isSameAs(UNRESOLVED);
        late.flush();
        late.flush();
        assertThat(attempts).hasValue(3);
        assertThat(real.flushed()).isTrue();

        late.close();
        assertThat(real.closed()).isTrue();
        assertThatThrownBy(late::flush).isInstanceOf(KafkaException.class).hasMessageContaining("closed");
    }

    @Test
    void whatTheClientThrowsComesThrough() {
        MockProducer<byte[], byte[]> real =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        real.close();
        Producer<?, ?> late = DeferredClient.late(Producer.class, () -> real, UNRESOLVED);
        assertThatThrownBy(late::flush).isInstanceOf(IllegalStateException.class);
    }

    private static Map<String, Object> config(String servers) {
        return new HashMap<>(Map.of("bootstrap.servers", servers));
    }
}
