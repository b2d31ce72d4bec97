package io.userstore.query.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.api.event.PublishedEvent;
import io.userstore.query.fixture.History;
import io.userstore.query.fixture.QueryServer;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.util.ReflectionTestUtils;

/** The consumer in the guide is the one that is compiled and tried here. */
class ExampleConsumerTest {
    private static final Path SOURCE = Path.of("../docs/examples/java/UserEvents.java");

    @TempDir
    private Path classes;

    @Test
    void itCompilesAndCountsEachEventOnce() throws Exception {
        int failures = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        SOURCE.toString());
        assertThat(failures).isZero();
        assertThat(classes.resolve("UserEvents.class"))
                .satisfies(made -> assertThat(Files.exists(made)).isTrue());
        History history = History.ofSomeApplication();
        History.Person john = history.aUserCalled("john").signedIn(null).deactivated();
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            Object consumer = loader.loadClass("UserEvents").getConstructor().newInstance();
            for (PublishedEvent event : twice(history.events())) {
                ReflectionTestUtils.invokeMethod(consumer, "on", received(event));
            }
            assertThat(ReflectionTestUtils.getField(consumer, "last"))
                    .isEqualTo(Map.of(john.id() + "/USER", 2L, john.id() + "/SIGN_INS", 1L));
        }
    }

    private static List<PublishedEvent> twice(List<PublishedEvent> events) {
        return java.util.stream.Stream.concat(events.stream(), events.stream()).toList();
    }

    private static ConsumerRecord<byte[], byte[]> received(PublishedEvent event) {
        ProducerRecord<byte[], byte[]> sent = QueryServer.record(event);
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(sent.topic(), 0, 0, sent.key(), sent.value());
        sent.headers().forEach(record.headers()::add);
        return record;
    }
}
