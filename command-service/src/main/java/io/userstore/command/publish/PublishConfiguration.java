package io.userstore.command.publish;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.userstore.command.audit.AuditLog;
import io.userstore.command.audit.AuditSettings;
import io.userstore.command.audit.HeadLog;
import io.userstore.command.password.PasswordHashing;
import io.userstore.command.sign.SigningKeySettings;
import io.userstore.command.store.ApiKeyRows;
import io.userstore.command.store.UserKeys;
import io.userstore.kafka.DeferredClient;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.serialization.Serializer;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The publisher's parts: a producer that keeps order and loses nothing, and the topics. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({PublishSettings.class, SigningKeySettings.class})
public class PublishConfiguration {
    /** Longer than any restart of a broker: while it lasts, the producer itself sends again, in order. */
    private static final Duration DELIVERY_TIMEOUT = Duration.ofMinutes(2);

    private static final Duration LONGEST_REPLAY = Duration.ofHours(12);
    /** Short: the topic of a replay may be gone at any moment, and what is sent to it then holds up the next replay. */
    private static final Duration REPLAY_DELIVERY_TIMEOUT = Duration.ofSeconds(10);

    @Bean(destroyMethod = "close")
    Producer<byte[], byte[]> eventProducer(KafkaProperties kafka) {
        return producer("userstore-publisher", DELIVERY_TIMEOUT, kafka.buildProducerProperties());
    }

    // Only for replays: whoever asks for a producer means that of events.
    @Bean(destroyMethod = "close", defaultCandidate = false)
    Producer<byte[], byte[]> replayProducer(KafkaProperties kafka) {
        Map<String, Object> config = kafka.buildProducerProperties();
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) REPLAY_DELIVERY_TIMEOUT.toMillis() / 2);
        return producer("userstore-replays", REPLAY_DELIVERY_TIMEOUT, config);
    }

    private static Producer<byte[], byte[]> producer(
            String clientId, Duration deliveryTimeout, Map<String, Object> config) {
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // So that a batch goes out in one request, and does not begin with a request of one record.
        config.put(ProducerConfig.LINGER_MS_CONFIG, 1);
        // A broker that is only finding out about a new topic refuses a request, and may take the one behind it.
        config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) deliveryTimeout.toMillis());
        // Whoever waits for a broker that is away holds a transaction open.
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
        config.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
        return DeferredClient.producer(config);
    }

    @Bean(destroyMethod = "close")
    Admin commandKafkaAdmin(KafkaProperties kafka) {
        return DeferredClient.admin(kafka.buildAdminProperties());
    }

    @Bean
    KeyRing keyRing(
            @Qualifier("eventProducer") Producer<byte[], byte[]> eventProducer,
            @Qualifier("commandKafkaAdmin") Admin admin,
            PublishSettings settings,
            UserKeys keys) {
        return new KeyRing(eventProducer, PublishedTopic.userKeys(admin, settings), keys);
    }

    @Bean
    @DependsOnDatabaseInitialization
    MasterKeyRotation masterKeyRotation(UserKeys keys, KeyRing keyRing, MeterRegistry metrics) {
        return new MasterKeyRotation(keys, keyRing, metrics);
    }

    @Bean
    ErasureCertificates erasureCertificates(DataSource dataSource, Serializer serializer, SigningKeySettings settings) {
        return new ErasureCertificates(
                new JdbcTemplate(dataSource), serializer, settings.load().orElse(null));
    }

    @Bean
    Publisher publisher(
            @Qualifier("eventProducer") Producer<byte[], byte[]> eventProducer,
            @Qualifier("commandKafkaAdmin") Admin admin,
            PublishSettings settings,
            ApiKeyRows keys,
            KeyRing keyRing,
            AuditLog log,
            PasswordHashing passwords) {
        return new Publisher(
                eventProducer,
                PublishedTopic.events(admin, settings),
                PublishedTopic.apiKeys(admin, settings),
                keys,
                keyRing,
                log,
                // Half of it: those who are answered then are back before the last of the others has been hashed.
                () -> passwords.backlog().dividedBy(2));
    }

    @Bean
    @DependsOnDatabaseInitialization
    MissingLeaves missingLeaves(
            AuditLog log, EventStorageEngine storage, PlatformTransactionManager transactions, DataSource dataSource) {
        return new MissingLeaves(log, storage, new TransactionTemplate(transactions), dataSource);
    }

    @Bean
    @DependsOnDatabaseInitialization
    HistoryReplay historyReplay(
            @Qualifier("replayProducer") Producer<byte[], byte[]> replayProducer,
            @Qualifier("commandKafkaAdmin") Admin admin,
            PublishSettings settings,
            KafkaProperties kafka,
            EventStorageEngine storage,
            KeyRing keyRing) {
        Map<String, Object> config = kafka.buildConsumerProperties();
        config.put(ConsumerConfig.GROUP_ID_CONFIG, HistoryReplay.GROUP);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, HistoryReplay.GROUP);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // One that was asked for while nobody was there is old: whoever waits for it asks again.
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        // A long history takes long; that an instance is alive, its heartbeats tell.
        config.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, (int) LONGEST_REPLAY.toMillis());
        config.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 5_000);
        return new HistoryReplay(
                () -> new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                PublishedTopic.replays(admin, settings),
                replayProducer,
                storage,
                keyRing);
    }

    @Bean
    @DependsOnDatabaseInitialization
    TreeHeads treeHeads(
            @Qualifier("eventProducer") Producer<byte[], byte[]> eventProducer,
            @Qualifier("commandKafkaAdmin") Admin admin,
            PublishSettings settings,
            HeadLog heads,
            AuditSettings auditSettings,
            MeterRegistry metrics) {
        return new TreeHeads(
                heads, eventProducer, PublishedTopic.heads(admin, settings), auditSettings.headInterval(), metrics);
    }

    @Bean
    ConfigurerModule publisherProcessor(Publisher publisher) {
        return axon -> axon.eventProcessing()
                .registerEventHandler(c -> publisher)
                .registerTrackingEventProcessor(
                        Publisher.NAME,
                        org.axonframework.config.Configuration::eventStore,
                        c -> TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
                                .andBatchSize(Publisher.BATCH_SIZE)
                                .andInitialTrackingToken(StreamableMessageSource::createTailToken));
    }

    @Bean
    PublisherLag publisherLag(Publisher publisher, DataSource dataSource, MeterRegistry metrics) {
        PublisherLag lag = new PublisherLag(dataSource);
        Gauge.builder("userstore.publisher.position", publisher, Publisher::position)
                .description("Place in the history of the last event this instance has published")
                .register(metrics);
        Gauge.builder("userstore.publisher.lag", lag, PublisherLag::events)
                .description("Events stored and not yet published by any instance")
                .baseUnit("events")
                .register(metrics);
        return lag;
    }

    /** Kafka is asked about, but writes go on without it: its absence is told and takes nobody out of service. */
    @Bean
    HealthIndicator commandKafkaHealthIndicator(@Qualifier("commandKafkaAdmin") Admin admin) {
        return new KafkaHealth(admin);
    }
}
