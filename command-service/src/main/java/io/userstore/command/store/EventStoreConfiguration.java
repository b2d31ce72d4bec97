package io.userstore.command.store;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.userstore.api.key.KeyTable;
import io.userstore.api.seal.MasterKeys;
import io.userstore.command.application.ApplicationAggregate;
import io.userstore.command.idempotency.Claims;
import io.userstore.command.idempotency.IdempotencySettings;
import io.userstore.command.idempotency.Sweep;
import io.userstore.command.seal.StoreKey;
import io.userstore.command.signin.SignIns;
import io.userstore.command.user.UserAggregate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.AggregateConfigurer;
import org.axonframework.config.Configurer;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.TokenSchema;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.correlation.SimpleCorrelationDataProvider;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Axon, put together by hand: every part that decides about transactions and storage is named here, so none can be
 * replaced by a silent default. Neither Axon Server nor the update checker, which would phone home, is started.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({EventStoreSettings.class, IdempotencySettings.class})
public class EventStoreConfiguration {
    /** Follows first: whoever claims a name that is taken is refused before anything else is written. */
    @Bean
    @Order(0)
    Reservations reservations(DataSource dataSource, Names names) {
        return new Reservations(new JdbcTemplate(dataSource), names);
    }

    @Bean
    @DependsOnDatabaseInitialization
    StoreKey storeKey(DataSource dataSource, MasterKeys masters) {
        return StoreKeyRow.readOrMake(new JdbcTemplate(dataSource), masters);
    }

    @Bean
    Names reservedNames(StoreKey key) {
        return new Names(key);
    }

    @Bean
    UserKeys userKeys(
            DataSource dataSource, MasterKeys masters, TransactionManager transactions, EventStoreSettings settings) {
        return new UserKeys(new JdbcTemplate(dataSource), masters, transactions, settings);
    }

    @Bean
    @Order(1)
    Codes codes(DataSource dataSource) {
        return new Codes(new JdbcTemplate(dataSource));
    }

    @Bean
    CodeSweep codeSweep(Codes codes) {
        return new CodeSweep(codes);
    }

    @Bean
    @Order(3)
    ApiKeyRows apiKeyRows(DataSource dataSource) {
        return new ApiKeyRows(new JdbcTemplate(dataSource));
    }

    @Bean
    Claims idempotencyClaims(DataSource dataSource, IdempotencySettings settings) {
        return new Claims(new JdbcTemplate(dataSource), settings);
    }

    /** First: a request that somebody else has taken over appends nothing. */
    @Bean
    @Order(-1)
    AppendFollower idempotencyFollower(Claims claims) {
        return (events, enclosure) -> claims.confirm();
    }

    @Bean
    @DependsOnDatabaseInitialization
    Sweep idempotencySweep(Claims claims) {
        return new Sweep(claims);
    }

    /** Primary: where both services run in one process, both ask the one that hears of a change first. */
    @Bean
    @Primary
    KeyTable commandKeyTable() {
        return new KeyTable();
    }

    @Bean
    @DependsOnDatabaseInitialization
    ApiKeyRefresh apiKeyRefresh(ApiKeyRows rows, @Qualifier("commandKeyTable") KeyTable keys) {
        return new ApiKeyRefresh(rows, keys);
    }

    @Bean
    Snapshots aggregateSnapshots(EventStoreSettings settings) {
        return new Snapshots(settings.cachedStates(), settings.forgetAfter());
    }

    @Bean
    Remembered remembered(Snapshots snapshots, UserKeys keys) {
        return new Remembered(snapshots, keys);
    }

    @Bean
    Serializer eventSerializer() {
        return CatalogSerializer.create();
    }

    @Bean
    TransactionManager axonTransactions(PlatformTransactionManager transactions) {
        return new SpringTransactionManager(transactions);
    }

    @Bean
    ConnectionProvider axonConnections(DataSource dataSource) {
        return new UnitOfWorkAwareConnectionProviderWrapper(new SpringDataSourceConnectionProvider(dataSource));
    }

    @Bean
    @DependsOnDatabaseInitialization
    PostgresEventStorage eventStorage(
            ConnectionProvider connections,
            TransactionManager transactions,
            Serializer serializer,
            List<AppendFollower> followers,
            UserKeys keys,
            Snapshots snapshots,
            MeterRegistry metrics) {
        Timer appendTimer = Timer.builder("userstore.append")
                .description("Rows that follow and inserts of one append, without the commit")
                .register(metrics);
        return new PostgresEventStorage(
                connections,
                transactions,
                serializer,
                new EventUpcasterChain(new LoginRecordedUpcaster()),
                followers,
                new EventSealing(keys),
                snapshots,
                appendTimer);
    }

    @Bean
    DirectEventStore eventStore(PostgresEventStorage storage, EventStoreSettings settings) {
        return DirectEventStore.over(storage, Duration.ofMillis(settings.fetchDelayMillis()));
    }

    @Bean
    TokenStore tokenStore(ConnectionProvider connections, Serializer serializer, EventStoreSettings settings) {
        JdbcTokenStore.Builder builder = JdbcTokenStore.builder();
        if (settings.instanceId() != null) {
            builder.nodeId(settings.instanceId());
        }
        return builder.connectionProvider(connections)
                .serializer(serializer)
                .schema(TokenSchema.builder()
                        .setTokenTable("token_entry")
                        .setProcessorNameColumn("processor_name")
                        .setTokenTypeColumn("token_type")
                        .build())
                .contentType(byte[].class)
                .build();
    }

    @Bean
    org.axonframework.config.Configuration axon(
            EventStore eventStore,
            TokenStore tokenStore,
            Serializer serializer,
            TransactionManager transactions,
            Claims claims,
            List<ConfigurerModule> listeners) {
        Configurer axon = DefaultConfigurer.defaultConfiguration(false)
                .configureSerializer(c -> serializer)
                .configureEventSerializer(c -> serializer)
                .configureMessageSerializer(c -> serializer)
                .configureTransactionManager(c -> new CommandTransactions(transactions, claims::isCarryingOut))
                .configureEventStore(c -> eventStore)
                .configureCorrelationDataProviders(c -> List.of(new SimpleCorrelationDataProvider(
                        EventContext.APPLICATION, EventContext.KEY_ID, EventContext.REQUEST_ID)))
                .registerComponent(TokenStore.class, c -> tokenStore)
                .configureAggregate(aggregate(UserAggregate.class))
                .configureAggregate(aggregate(SignIns.class))
                .configureAggregate(aggregate(ApplicationAggregate.class));
        // The stock handler logs an error and goes on, which would lose the event for whoever listens.
        axon.eventProcessing().registerDefaultListenerInvocationErrorHandler(c -> PropagatingErrorHandler.INSTANCE);
        listeners.forEach(listener -> listener.configureModule(axon));
        return axon.buildConfiguration();
    }

    private static <A> AggregateConfigurer<A> aggregate(Class<A> type) {
        return AggregateConfigurer.defaultConfiguration(type).configureCommandTargetResolver(c -> new CommandTargets());
    }

    @Bean
    AxonLifecycle axonLifecycle(org.axonframework.config.Configuration axon) {
        return new AxonLifecycle(axon);
    }

    @Bean(destroyMethod = "shutdown")
    ExecutorService snapshotExecutor() {
        return new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(100),
                Thread.ofPlatform().name("snapshots").daemon().factory());
    }

    @Bean
    AggregateStates aggregateStates(
            EventStore events,
            EventStorageEngine storage,
            Snapshots snapshots,
            Reservations reservations,
            TransactionManager transactions,
            ExecutorService snapshotExecutor,
            EventStoreSettings settings) {
        return new AggregateStates(
                events, storage, snapshots, reservations, transactions, snapshotExecutor, settings.snapshotEvery());
    }

    @Bean
    UserImports userImports(
            PostgresEventStorage storage,
            DirectEventStore events,
            TransactionManager transactions,
            DataSource dataSource,
            Names names) {
        return new UserImports(storage, transactions, dataSource, names, events::lookAgain);
    }

    @Bean
    Commands commands(org.axonframework.config.Configuration axon, AggregateStates states, MeterRegistry metrics) {
        return new Commands(axon.commandGateway(), states, metrics);
    }
}
