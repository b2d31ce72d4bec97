package io.userstore.query.mongo;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The client and the database of the read models. Connects lazily, so that it starts while the server is away. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MongoSettings.class)
public class QueryMongo {
    private static final int READ_TIMEOUT_SECONDS = 60;

    @Bean(destroyMethod = "close")
    MongoClient queryMongoClient(MongoSettings settings) {
        return MongoClients.create(MongoClientSettings.builder()
                .applicationName("userstore-query")
                // An offset must never survive a failover that its documents did not.
                .writeConcern(WriteConcern.MAJORITY)
                .applyToConnectionPoolSettings(pool -> pool.maxSize(settings.maxConnections()))
                .applyToClusterSettings(cluster ->
                        cluster.serverSelectionTimeout(settings.patience().toMillis(), TimeUnit.MILLISECONDS))
                .applyToSocketSettings(socket -> socket.connectTimeout(
                                (int) settings.patience().toMillis(), TimeUnit.MILLISECONDS)
                        .readTimeout(READ_TIMEOUT_SECONDS, TimeUnit.SECONDS))
                .applyConnectionString(new ConnectionString(settings.uri()))
                .build());
    }

    @Bean
    MongoDatabase queryMongoDatabase(@Qualifier("queryMongoClient") MongoClient client, MongoSettings settings) {
        return client.getDatabase(settings.databaseName());
    }
}
