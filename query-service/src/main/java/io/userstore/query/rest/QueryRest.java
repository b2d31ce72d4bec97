package io.userstore.query.rest;

import io.userstore.query.activity.ActivityReads;
import io.userstore.query.activity.PersonHistory;
import io.userstore.query.activity.UserPast;
import io.userstore.query.projection.Generations;
import io.userstore.query.projection.Progress;
import io.userstore.query.projection.Readiness;
import io.userstore.query.projection.Rebuilds;
import io.userstore.query.projection.Served;
import io.userstore.query.projection.Standings;
import io.userstore.query.statistics.StatisticsReads;
import io.userstore.query.stream.EventStreams;
import io.userstore.query.users.UserReads;
import io.userstore.web.ApiKeys;
import java.time.InstantSource;
import org.springframework.boot.tomcat.autoconfigure.TomcatServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of this package. */
@Configuration(proxyBeanMethods = false)
public class QueryRest {
    @Bean
    ReadGate queryReadGate(
            Readiness readiness,
            Served<UserReads> users,
            Progress progress,
            Generations generations,
            TomcatServerProperties tomcat) {
        int threads = tomcat.getThreads().getMax();
        return new ReadGate(readiness, users, progress, generations, Math.max(1, threads * 3 / 4));
    }

    @Bean
    UsersController queryUsersController(ReadGate gate, Served<UserReads> users, Served<UserPast> past) {
        return new UsersController(gate, users, past);
    }

    @Bean
    ExportController queryExportController(ReadGate gate, Served<UserReads> users, UsersController single) {
        return new ExportController(gate, users, single);
    }

    @Bean
    ActivityController queryActivityController(ReadGate gate, Served<UserReads> users, Served<ActivityReads> activity) {
        return new ActivityController(gate, users, activity);
    }

    @Bean
    PersonController queryPersonController(ReadGate gate, Served<UserReads> users, Served<PersonHistory> history) {
        return new PersonController(gate, users, history);
    }

    @Bean
    StatisticsController queryStatisticsController(ReadGate gate, Served<StatisticsReads> statistics) {
        return new StatisticsController(gate, statistics, InstantSource.system());
    }

    @Bean
    ProjectionsController queryProjectionsController(Standings standings, Rebuilds rebuilds) {
        return new ProjectionsController(standings, rebuilds);
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
