package io.userstore.query.users;

import static io.userstore.query.mongo.CollectionIndexes.on;

import com.mongodb.client.MongoDatabase;
import io.userstore.api.seal.MasterKeys;
import io.userstore.query.mongo.CollectionIndexes;
import io.userstore.query.projection.ReadModel;
import io.userstore.query.projection.Served;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of this package. */
@Configuration(proxyBeanMethods = false)
public class QueryUsers {
    private static final String MODEL = "users";
    private static final int VERSION = 1;

    @Bean
    ReadModel queryUsersModel(@Qualifier("queryMongoDatabase") MongoDatabase database) {
        return new ReadModel(
                MODEL, VERSION, true, true, collections(), generation -> new UsersProjection(database, generation));
    }

    @Bean
    Served<UserReads> queryUserReads(@Qualifier("queryMongoDatabase") MongoDatabase database, MasterKeys masters) {
        SealedPlaces places = new SealedPlaces(masters);
        return new Served<>(MODEL, generation -> new UserReads(database, generation, places));
    }

    /** One index per order and per filter that few users pass; each ends in the cursor, so that it also sorts. */
    private static List<CollectionIndexes> collections() {
        return List.of(
                new CollectionIndexes(
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
                                on(UserFields.APPLICATION, UserFields.LINKS))),
                new CollectionIndexes(UserFields.TOTALS, List.of(on(UserFields.APPLICATION))));
    }
}
