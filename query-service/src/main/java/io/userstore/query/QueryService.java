package io.userstore.query;

import io.userstore.query.activity.QueryActivity;
import io.userstore.query.intake.QueryIntake;
import io.userstore.query.keys.QueryKeys;
import io.userstore.query.mongo.QueryMongo;
import io.userstore.query.projection.QueryProjections;
import io.userstore.query.rest.QueryRest;
import io.userstore.query.statistics.QueryStatistics;
import io.userstore.query.stream.QueryStreams;
import io.userstore.query.users.QueryUsers;
import io.userstore.web.MasterKeyConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The read side, to be imported by what runs it, together with {@link io.userstore.web.WebEdge}. */
@Configuration(proxyBeanMethods = false)
@Import({
    MasterKeyConfiguration.class,
    QueryMongo.class,
    QueryKeys.class,
    QueryProjections.class,
    QueryUsers.class,
    QueryStatistics.class,
    QueryActivity.class,
    QueryIntake.class,
    QueryStreams.class,
    QueryRest.class
})
public class QueryService {}
