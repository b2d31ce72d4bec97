package io.userstore.query.statistics;

import static io.userstore.query.mongo.CollectionIndexes.on;

import com.mongodb.client.MongoDatabase;
import io.userstore.query.mongo.CollectionIndexes;
import io.userstore.query.projection.ReadModel;
import io.userstore.query.projection.Served;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of this package. */
@Configuration(proxyBeanMethods = false)
public class QueryStatistics {
    private static final String MODEL = "statistics";
    private static final int VERSION = 2;

    @Bean
    ReadModel queryStatisticsModel(@Qualifier("queryMongoDatabase") MongoDatabase database) {
        return new ReadModel(
                MODEL,
                VERSION,
                false,
                true,
                collections(),
                generation -> new StatisticsProjection(database, generation));
    }

    @Bean
    Served<StatisticsReads> queryStatisticsReads(@Qualifier("queryMongoDatabase") MongoDatabase database) {
        return new Served<>(MODEL, generation -> new StatisticsReads(database, generation));
    }

    private static List<CollectionIndexes> collections() {
        return List.of(
                new CollectionIndexes(StatisticsFields.COUNTED, List.of()),
                new CollectionIndexes(
                        StatisticsFields.DAYS, List.of(on(StatisticsFields.APPLICATION, StatisticsFields.DAY))),
                new CollectionIndexes(StatisticsFields.TOTALS, List.of(on(StatisticsFields.APPLICATION))),
                new CollectionIndexes(
                        StatisticsFields.GROUP_DAYS,
                        List.of(on(StatisticsFields.APPLICATION, StatisticsFields.GROUP, StatisticsFields.DAY))),
                new CollectionIndexes(
                        StatisticsFields.GROUPS, List.of(on(StatisticsFields.APPLICATION, StatisticsFields.GROUP))));
    }
}
