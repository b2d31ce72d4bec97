package io.userstore.command.visibility;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.userstore.command.store.Remembered;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The parts of waiting for the query side. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(VisibilitySettings.class)
public class VisibilityConfiguration {

    @Bean
    Visibility visibility(VisibilitySettings settings, MeterRegistry metrics) {
        Visibility visibility = new Visibility(settings.projections(), settings.maxWait());
        Gauge.builder("userstore.visibility.away", visibility, v -> v.isAway() ? 1 : 0)
                .description("1 while writes do not wait because the query side does not keep up")
                .register(metrics);
        Gauge.builder("userstore.visibility.watching", visibility, Visibility::watching)
                .description("Users that writes are waiting for")
                .register(metrics);
        return visibility;
    }

    @Bean
    ProgressListener progressListener(KafkaProperties kafka, Visibility visibility, Remembered remembered) {
        Map<String, Object> config = kafka.buildConsumerProperties();
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, "userstore-progress");
        config.remove(ConsumerConfig.GROUP_ID_CONFIG);
        return new ProgressListener(
                () -> new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()), report -> {
                    visibility.report(report);
                    report.applied().stream()
                            .filter(user -> user.version() > 0)
                            .forEach(user -> remembered.forgetOlder(user.userId(), user.version()));
                });
    }
}
