package io.userstore.query.intake;

import com.mongodb.client.MongoDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import io.userstore.api.event.Topics;
import io.userstore.api.key.KeyTable;
import io.userstore.query.keys.UserKeyDocuments;
import io.userstore.query.mongo.CollectionIndexes;
import io.userstore.query.projection.Progress;
import io.userstore.query.projection.Projection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.util.backoff.ExponentialBackOff;

/** The beans of this package. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({IntakeSettings.class, KafkaProperties.class})
public class QueryIntake {
    private static final long FIRST_RETRY_MILLIS = 50;
    private static final long LAST_RETRY_MILLIS = 2_000;

    @Bean
    KafkaClients queryKafkaClients(KafkaProperties properties, IntakeSettings settings) {
        return new KafkaClients(properties, settings);
    }

    // Not for others who share the context: they have Kafka clients of their own.
    @Bean(destroyMethod = "close", defaultCandidate = false)
    Admin queryKafkaAdmin(KafkaClients clients) {
        return clients.admin();
    }

    @Bean(destroyMethod = "close", defaultCandidate = false)
    Producer<byte[], byte[]> queryReportsProducer(KafkaClients clients) {
        return clients.reports();
    }

    @Bean(destroyMethod = "close", defaultCandidate = false)
    Producer<byte[], byte[]> queryDeadLettersProducer(KafkaClients clients) {
        return clients.deadLetters();
    }

    @Bean
    QueryMeters queryMeters(MeterRegistry registry, List<Projection> projections) {
        return new QueryMeters(projections.stream()
                .map(Projection::name)
                .collect(Collectors.toMap(Function.identity(), name -> new IntakeMeters(registry, name))));
    }

    @Bean
    Watch queryWatch(
            @Qualifier("queryKafkaAdmin") Admin admin,
            @Qualifier("queryMongoDatabase") MongoDatabase database,
            IntakeSettings settings,
            Progress progress,
            List<CollectionIndexes> indexes,
            QueryMeters meters,
            @Qualifier("queryReportsProducer") Producer<byte[], byte[]> reports) {
        return new Watch(
                new EventLog(admin, settings),
                database,
                progress,
                indexes,
                meters.byProjection(),
                new ProgressReports(reports));
    }

    @Bean
    UserKeyIntake queryUserKeyIntake(
            KafkaClients clients,
            @Qualifier("queryKafkaAdmin") Admin admin,
            IntakeSettings settings,
            UserKeyDocuments keys,
            @Qualifier("queryMongoDatabase") MongoDatabase database) {
        Progress progress = new Progress(database, UserKeyDocuments.COLLECTION + "_progress");
        return new UserKeyIntake(clients::userKeys, new EventLog(admin, settings)::endsOfKeys, keys, progress);
    }

    @Bean
    Opening queryOpening(UserKeyDocuments keys, UserKeyIntake intake, MeterRegistry registry) {
        return new Opening(keys, intake::readOnToTheEnd, registry);
    }

    @Bean
    Intake queryIntakeLifecycle(
            Watch watch,
            List<Projection> projections,
            Progress progress,
            IntakeSettings settings,
            KafkaClients clients,
            QueryMeters meters,
            Opening opening,
            @Qualifier("queryReportsProducer") Producer<byte[], byte[]> reports,
            @Qualifier("queryDeadLettersProducer") Producer<byte[], byte[]> deadLetters,
            @Qualifier("queryFeedExecutor") ExecutorService executor) {
        List<ProjectionFeed> feeds = projections.stream()
                .map(projection -> new ProjectionFeed(projection, meters.of(projection.name())))
                .toList();
        BatchIntake intake = new BatchIntake(
                feeds, executor, progress, new DeadLetters(deadLetters), new ProgressReports(reports), opening);
        List<String> names = projections.stream().map(Projection::name).toList();
        return new Intake(
                watch,
                new ProgressReports(reports),
                container(clients, settings, intake, new StoredOffsets(names, progress, watch::joined)));
    }

    @Bean(destroyMethod = "shutdown", defaultCandidate = false)
    ExecutorService queryFeedExecutor() {
        return Executors.newCachedThreadPool(
                Thread.ofPlatform().name("query-feed-", 0).daemon().factory());
    }

    @Bean
    KeyTable queryKeyTable() {
        return new KeyTable();
    }

    @Bean
    ApiKeyIntake queryApiKeyIntake(KafkaClients clients, @Qualifier("queryKeyTable") KeyTable keys) {
        return new ApiKeyIntake(clients::apiKeys, keys);
    }

    /** Which of the servers is missing, how far the projections are, and whether the keys have been read. */
    @Bean
    CompositeHealthContributor queryHealthContributor(Watch watch, @Qualifier("queryKeyTable") KeyTable table) {
        HealthIndicator mongodb = () -> health(watch.mongodbFailure());
        HealthIndicator kafka = () -> health(watch.kafkaFailure());
        HealthIndicator projections = () -> (watch.isReady() ? Health.up() : Health.outOfService())
                .withDetails(watch.describe())
                .build();
        HealthIndicator keys = () -> (table.isComplete() ? Health.up() : Health.outOfService()).build();
        return CompositeHealthContributor.fromMap(
                Map.of("mongodb", mongodb, "kafka", kafka, "projections", projections, "keys", keys));
    }

    private static Health health(@Nullable String failure) {
        return failure == null
                ? Health.up().build()
                : Health.down().withDetail("failure", failure).build();
    }

    private static MessageListenerContainer container(
            KafkaClients clients, IntakeSettings settings, BatchIntake intake, StoredOffsets offsets) {
        ContainerProperties properties = new ContainerProperties(Topics.EVENTS);
        properties.setGroupId(settings.consumerGroup());
        properties.setMessageListener(intake);
        properties.setConsumerRebalanceListener(offsets);
        ConcurrentMessageListenerContainer<byte[], byte[]> container =
                new ConcurrentMessageListenerContainer<>(clients.consumers(), properties);
        container.setBeanName("query-intake");
        container.setConcurrency(settings.concurrency());
        container.setCommonErrorHandler(new DefaultErrorHandler(retries()));
        return container;
    }

    /** For ever: a batch that cannot be applied now will be, and what comes after it waits. */
    private static ExponentialBackOff retries() {
        ExponentialBackOff retries = new ExponentialBackOff(FIRST_RETRY_MILLIS, 2);
        retries.setMaxInterval(LAST_RETRY_MILLIS);
        return retries;
    }
}
