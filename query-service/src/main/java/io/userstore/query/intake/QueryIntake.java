package io.userstore.query.intake;

import com.mongodb.client.MongoDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import io.userstore.api.event.Topics;
import io.userstore.api.key.KeyTable;
import io.userstore.query.keys.UserKeyDocuments;
import io.userstore.query.projection.Generation;
import io.userstore.query.projection.GenerationComparison;
import io.userstore.query.projection.Generations;
import io.userstore.query.projection.Leftovers;
import io.userstore.query.projection.Progress;
import io.userstore.query.projection.ReadModel;
import java.time.Duration;
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
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.MessageListenerContainer;

/** The beans of this package. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({IntakeSettings.class, RebuildSettings.class, KafkaProperties.class})
public class QueryIntake {
    private static final Duration AUTH_PAUSE = Duration.ofSeconds(10);
    private static final long IDLE_MILLIS = 200;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

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
    QueryMeters queryMeters(MeterRegistry registry, List<ReadModel> models) {
        return new QueryMeters(models.stream()
                .map(ReadModel::name)
                .collect(Collectors.toMap(Function.identity(), name -> new IntakeMeters(registry, name))));
    }

    @Bean
    Watch queryWatch(
            @Qualifier("queryKafkaAdmin") Admin admin,
            @Qualifier("queryMongoDatabase") MongoDatabase database,
            IntakeSettings settings,
            Progress progress,
            Generations generations,
            QueryMeters meters,
            @Qualifier("queryReportsProducer") Producer<byte[], byte[]> reports) {
        return new Watch(
                new EventLog(admin, settings),
                database,
                progress,
                generations,
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
            Generations generations,
            Progress progress,
            IntakeSettings settings,
            KafkaClients clients,
            QueryMeters meters,
            Opening opening,
            @Qualifier("queryReportsProducer") Producer<byte[], byte[]> reports,
            @Qualifier("queryDeadLettersProducer") Producer<byte[], byte[]> deadLetters,
            @Qualifier("queryFeedExecutor") ExecutorService executor) {
        BatchIntake batches = new BatchIntake(executor, opening, new DeadLetters(deadLetters));
        ProgressReports told = new ProgressReports(reports);
        LiveIntake intake =
                new LiveIntake(new LiveFeeds(generations, meters), generations, batches, progress, told, watch::joined);
        return new Intake(watch, told, live(clients, settings, intake, generations));
    }

    @Bean
    Replays queryReplays(
            @Qualifier("queryKafkaAdmin") Admin admin,
            IntakeSettings settings,
            @Qualifier("queryDeadLettersProducer") Producer<byte[], byte[]> producer) {
        return new Replays(admin, settings, producer);
    }

    @Bean
    FillProgress queryFillProgress() {
        return new FillProgress();
    }

    @Bean
    RebuildRequests queryRebuildRequests(
            Generations generations,
            @Qualifier("queryKafkaAdmin") Admin admin,
            IntakeSettings settings,
            Replays replays,
            FillProgress measured,
            RebuildSettings rebuilds) {
        return new RebuildRequests(generations, new EventLog(admin, settings), replays, measured, rebuilds);
    }

    @Bean
    Rebuilding queryRebuilding(
            Watch watch,
            Generations generations,
            Progress progress,
            @Qualifier("queryMongoDatabase") MongoDatabase database,
            @Qualifier("queryKafkaAdmin") Admin admin,
            IntakeSettings settings,
            RebuildSettings rebuilds,
            KafkaClients clients,
            QueryMeters meters,
            UserKeyDocuments keys,
            UserKeyIntake keyIntake,
            MeterRegistry registry,
            Replays replays,
            FillProgress measured,
            @Qualifier("queryFeedExecutor") ExecutorService executor) {
        Opening inPassing = new Opening(keys::findInPassing, keyIntake::readOnToTheEnd, deleted -> {}, registry);
        Fills fills = new Fills(database, (model, source) -> {
            Generation generation = source.generation();
            ProjectionFeed feed =
                    new ProjectionFeed(generation, model.projections().apply(generation), meters.of(model.name()));
            Opening needed = model.looksIntoPersonal() ? inPassing : null;
            FillIntake intake = new FillIntake(
                    feed, aside -> new BatchIntake(executor, needed, aside), progress, source.replay() != null);
            return fill(clients, settings, rebuilds, intake, source);
        });
        return new Rebuilding(
                generations,
                progress,
                new EventLog(admin, settings),
                fills,
                new GenerationComparison(database, BETWEEN_LOOKS),
                new Leftovers(database, generations, progress, rebuilds.grace()),
                watch,
                meters,
                replays,
                measured,
                rebuilds);
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

    private static MessageListenerContainer live(
            KafkaClients clients, IntakeSettings settings, LiveIntake intake, Generations generations) {
        String group = settings.liveGroup(generations.models());
        ContainerProperties properties = new ContainerProperties(Topics.EVENTS);
        properties.setGroupId(group);
        properties.setMessageListener(intake);
        properties.setConsumerRebalanceListener(intake);
        // Without events too, a generation that is to be joined is joined soon.
        properties.setPollTimeout(IDLE_MILLIS);
        properties.setIdleEventInterval(IDLE_MILLIS);
        return container(clients.consumers(group), properties, "query-intake", settings.concurrency());
    }

    private static MessageListenerContainer fill(
            KafkaClients clients,
            IntakeSettings settings,
            RebuildSettings rebuilds,
            FillIntake intake,
            Fills.Source source) {
        String topic = source.replay() == null ? Topics.EVENTS : source.replay();
        String group = settings.fillGroup(source.generation()) + (source.replay() == null ? "" : ".history");
        ContainerProperties properties = new ContainerProperties(topic);
        properties.setGroupId(group);
        properties.setMessageListener(intake);
        properties.setConsumerRebalanceListener(intake);
        properties.setPollTimeout(IDLE_MILLIS);
        // How far it is, is noted with the documents, and nobody asks Kafka.
        properties.setAckMode(ContainerProperties.AckMode.MANUAL);
        return container(
                clients.fills(group, rebuilds.batchSize()),
                properties,
                "query-fill-" + source.generation().key(),
                rebuilds.threads());
    }

    private static MessageListenerContainer container(
            ConsumerFactory<byte[], byte[]> consumers, ContainerProperties properties, String name, int threads) {
        // A certificate that has expired or a right that is missing is mended in time, and without a restart here.
        properties.setAuthExceptionRetryInterval(AUTH_PAUSE);
        ConcurrentMessageListenerContainer<byte[], byte[]> container =
                new ConcurrentMessageListenerContainer<>(consumers, properties);
        container.setBeanName(name);
        container.setConcurrency(threads);
        container.setCommonErrorHandler(new Redelivery());
        return container;
    }
}
