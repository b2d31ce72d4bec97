package io.userstore.query.users;

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
public class QueryUsers {
    @Bean
    Projection queryUsersProjection(@Qualifier("queryMongoDatabase") MongoDatabase database) {
        return new UsersProjection(database);
    }

    @Bean
    UserReads queryUserReads(@Qualifier("queryMongoDatabase") MongoDatabase database) {
        return new UserReads(database);
    }

    /** One per order and per filter that few users pass; each ends in the cursor, so that it also sorts. */
    @Bean
    CollectionIndexes queryUsersIndexes() {
        return new CollectionIndexes(
                UserFields.COLLECTION,
                List.of(
                        on(UserFields.APPLICATION, UserFields.CURSOR),
                        on(UserFields.APPLICATION, UserFields.EMAIL_KEY, UserFields.CURSOR),
                        on(UserFields.APPLICATION, UserFields.USERNAME_KEY, UserFields.CURSOR),
                        on(UserFields.APPLICATION, UserFields.LAST_SIGNIN, UserFields.CURSOR),
                        on(UserFields.APPLICATION, UserFields.GROUP, UserFields.CURSOR),
                        on(UserFields.APPLICATION, UserFields.ACTIVE, UserFields.CURSOR),
                        on(UserFields.APPLICATION, UserFields.CONFIRMATION, UserFields.CURSOR),
                        on(UserFields.APPLICATION, UserFields.CREATED_AT),
                        on(UserFields.APPLICATION, UserFields.SEARCH),
                        on(UserFields.APPLICATION, UserFields.LINKS)));
    }

    @Bean
    CollectionIndexes queryUsersTotalsIndexes() {
        return new CollectionIndexes(UserFields.TOTALS, List.of(on(UserFields.APPLICATION)));
    }
}
