package io.userstore.query.activity;

import static io.userstore.query.mongo.CollectionIndexes.on;

import com.mongodb.client.MongoDatabase;
import io.userstore.query.keys.UserKeys;
import io.userstore.query.mongo.CollectionIndexes;
import io.userstore.query.projection.ReadModel;
import io.userstore.query.projection.Served;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of this package. */
@Configuration(proxyBeanMethods = false)
public class QueryActivity {
    private static final String MODEL = "activity";
    private static final int VERSION = 2;

    @Bean
    ReadModel queryActivityModel(@Qualifier("queryMongoDatabase") MongoDatabase database) {
        CollectionIndexes entries = new CollectionIndexes(
                ActivityFields.COLLECTION,
                List.of(
                        on(ActivityFields.APPLICATION, ActivityFields.USER_ID, ActivityFields.POSITION),
                        on(ActivityFields.APPLICATION, ActivityFields.USER_ID, ActivityFields.VERSION)));
        return new ReadModel(
                MODEL,
                VERSION,
                false,
                false,
                List.of(entries),
                generation -> new ActivityProjection(database, generation));
    }

    @Bean
    Served<ActivityReads> queryActivityReads(@Qualifier("queryMongoDatabase") MongoDatabase database, UserKeys keys) {
        return new Served<>(MODEL, generation -> new ActivityReads(database, generation, keys));
    }

    @Bean
    Served<PersonHistory> queryPersonHistory(@Qualifier("queryMongoDatabase") MongoDatabase database, UserKeys keys) {
        return new Served<>(MODEL, generation -> new PersonHistory(database, generation, keys));
    }

    @Bean
    Served<UserPast> queryUserPast(@Qualifier("queryMongoDatabase") MongoDatabase database, UserKeys keys) {
        return new Served<>(MODEL, generation -> new UserPast(database, generation, keys));
    }
}
