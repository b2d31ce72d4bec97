package io.userstore.query.rest;

import io.userstore.query.activity.ActivityReads;
import io.userstore.query.activity.PersonHistory;
import io.userstore.query.activity.UserPast;
import io.userstore.query.projection.Progress;
import io.userstore.query.projection.Projection;
import io.userstore.query.projection.Readiness;
import io.userstore.query.projection.Standings;
import io.userstore.query.statistics.StatisticsReads;
import io.userstore.query.stream.EventStreams;
import io.userstore.query.users.UserReads;
import io.userstore.web.ApiKeys;
import java.time.InstantSource;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of this package. */
@Configuration(proxyBeanMethods = false)
public class QueryRest {
    @Bean
    ReadGate queryReadGate(Readiness readiness, UserReads users, Progress progress, List<Projection> projections) {
        return new ReadGate(readiness, users, progress, projections);
    }

    @Bean
    UsersController queryUsersController(ReadGate gate, UserReads users, UserPast past) {
        return new UsersController(gate, users, past);
    }

    @Bean
    ExportController queryExportController(ReadGate gate, UserReads users) {
        return new ExportController(gate, users);
    }

    @Bean
    ActivityController queryActivityController(ReadGate gate, UserReads users, ActivityReads activity) {
        return new ActivityController(gate, users, activity);
    }

    @Bean
    PersonController queryPersonController(ReadGate gate, UserReads users, PersonHistory history) {
        return new PersonController(gate, users, history);
    }

    @Bean
    StatisticsController queryStatisticsController(ReadGate gate, StatisticsReads statistics) {
        return new StatisticsController(gate, statistics, InstantSource.system());
    }

    @Bean
    ProjectionsController queryProjectionsController(Standings standings) {
        return new ProjectionsController(standings);
    }

    @Bean
    AdminController queryAdminController() {
        return new AdminController();
    }

    @Bean
    EventsController queryEventsController(EventStreams streams, ApiKeys keys) {
        return new EventsController(streams, keys);
    }

    @Bean
    MongoProblems queryMongoProblems() {
        return new MongoProblems();
    }
}
