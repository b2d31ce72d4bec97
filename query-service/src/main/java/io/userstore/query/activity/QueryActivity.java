package io.userstore.query.activity;

import static io.userstore.query.mongo.CollectionIndexes.on;

import com.mongodb.client.MongoDatabase;
import io.userstore.query.keys.UserKeys;
import io.userstore.query.mongo.CollectionIndexes;
import io.userstore.query.projection.Projection;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of this package. */
@Configuration(proxyBeanMethods = false)
public class QueryActivity {
    @Bean
    Projection queryActivityProjection(@Qualifier("queryMongoDatabase") MongoDatabase database) {
        return new ActivityProjection(database);
    }

    @Bean
    ActivityReads queryActivityReads(@Qualifier("queryMongoDatabase") MongoDatabase database, UserKeys keys) {
        return new ActivityReads(database, keys);
    }

    @Bean
    CollectionIndexes queryActivityIndexes() {
        return new CollectionIndexes(
                ActivityFields.COLLECTION,
                List.of(on(ActivityFields.APPLICATION, ActivityFields.USER_ID, ActivityFields.POSITION)));
    }
}
