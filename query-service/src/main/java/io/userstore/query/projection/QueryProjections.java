package io.userstore.query.projection;

import com.mongodb.client.MongoDatabase;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of this package. */
@Configuration(proxyBeanMethods = false)
public class QueryProjections {
    @Bean
    Progress queryProgress(@Qualifier("queryMongoDatabase") MongoDatabase database) {
        return new Progress(database);
    }

    @Bean
    Generations queryGenerations(@Qualifier("queryMongoDatabase") MongoDatabase database, List<ReadModel> models) {
        return new Generations(models, new ModelStates(database));
    }
}
