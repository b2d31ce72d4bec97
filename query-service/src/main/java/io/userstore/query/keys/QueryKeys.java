package io.userstore.query.keys;

import com.mongodb.client.MongoDatabase;
import io.userstore.api.seal.MasterKeys;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of this package. */
@Configuration(proxyBeanMethods = false)
public class QueryKeys {
    @Bean
    UserKeyDocuments queryUserKeys(@Qualifier("queryMongoDatabase") MongoDatabase database, MasterKeys masters) {
        return new UserKeyDocuments(database, masters);
    }
}
