package io.userstore.query.statistics;

import static io.userstore.query.mongo.CollectionIndexes.on;

import com.mongodb.client.MongoDatabase;
import io.userstore.query.mongo.CollectionIndexes;
import io.userstore.query.projection.Projection;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of this package. */
@Configuration(proxyBeanMethods = false)
public class QueryStatistics {
    @Bean
    Projection queryStatisticsProjection(@Qualifier("queryMongoDatabase") MongoDatabase database) {
        return new StatisticsProjection(database);
    }

    @Bean
    StatisticsReads queryStatisticsReads(@Qualifier("queryMongoDatabase") MongoDatabase database) {
        return new StatisticsReads(database);
    }

    @Bean
    CollectionIndexes queryStatisticsDaysIndexes() {
        return new CollectionIndexes(
                StatisticsFields.DAYS, List.of(on(StatisticsFields.APPLICATION, StatisticsFields.DAY)));
    }

    @Bean
    CollectionIndexes queryStatisticsTotalsIndexes() {
        return new CollectionIndexes(StatisticsFields.TOTALS, List.of(on(StatisticsFields.APPLICATION)));
    }

    @Bean
    CollectionIndexes queryStatisticsGroupDaysIndexes() {
        return new CollectionIndexes(
                StatisticsFields.GROUP_DAYS,
                List.of(on(StatisticsFields.APPLICATION, StatisticsFields.GROUP, StatisticsFields.DAY)));
    }

    @Bean
    CollectionIndexes queryStatisticsGroupsIndexes() {
        return new CollectionIndexes(
                StatisticsFields.GROUPS, List.of(on(StatisticsFields.APPLICATION, StatisticsFields.GROUP)));
    }
}
