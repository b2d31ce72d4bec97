package io.userstore.query.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoDatabase;
import io.userstore.embedded.TestServers;
import io.userstore.query.fixture.History;
import io.userstore.query.fixture.QueryServer;
import io.userstore.query.fixture.RandomHistory;
import io.userstore.query.fixture.TestDatabase;
import io.userstore.query.projection.Progress;
import io.userstore.query.projection.ReadModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A version of the service with another form of a read model, beside instances of the one before. */
class DeploymentTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> OLD =
            List.of("statistics_days_v2", "statistics_totals_v2", "statistics_users_v2");

    /** The statistics' documents have another form, though they look the same. */
    @Configuration(proxyBeanMethods = false)
    static class Raised {
        @Bean
        static BeanPostProcessor raisedStatistics() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof ReadModel model && model.name().equals("statistics")
                            ? new ReadModel(
                                    model.name(),
                                    model.version() + 1,
                                    model.looksIntoPersonal(),
                                    model.findsById(),
                                    model.collections(),
                                    model.projections())
                            : bean;
                }
            };
        }
    }

    @Test
    void aNewVersionFillsItsOwnWhileTheOldServesAndIsFedAndDropsTheOldWhenItIsGone() {
        String database = TestDatabase.newName();
        History history = new RandomHistory(41).tell(30);
        History.Person ann = history.aUserCalled("ann").signedIn("192.0.2.1");
        try (QueryServer before = QueryServer.startWith(TestServers.mongoUri(), database)) {
            before.publish(history.events());
            before.awaitReady();
            assertLogins(before, ann, 1);
            try (QueryServer after = QueryServer.startWith(List.of(Raised.class), TestServers.mongoUri(), database)) {
                for (int logins = 2; logins < 6; logins++) {
                    int from = history.events().size();
                    ann.signedIn("192.0.2.1");
                    before.publish(
                            history.events().subList(from, history.events().size()));
                    assertLogins(before, ann, logins);
                }
                after.awaitReady();
                assertLogins(after, ann, 5);
                for (String collection : OLD) {
                    assertThat(TestDatabase.documents(database(after), collection.replace("_v2", "_v3")))
                            .isEqualTo(TestDatabase.documents(database(before), collection));
                }
                await().during(Duration.ofSeconds(8))
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> collections(after).containsAll(OLD));
                before.context().close();
                await().atMost(PATIENCE).untilAsserted(() -> {
                    assertThat(collections(after)).doesNotContainAnyElementsOf(OLD);
                    assertThat(after.context().getBean(Progress.class).all())
                            .doesNotContainKey("statistics_v2")
                            .containsKeys("statistics_v3", "users_v1", "activity_v2");
                });
                assertLogins(after, ann, 5);
                database(after).drop();
            }
        }
    }

    private static void assertLogins(QueryServer server, History.Person user, int logins) {
        QueryServer.Answer read = server.get(
                user.application(), "/1/users/" + user.id() + "/activity", "Consistency-Token", user.signInToken());
        assertThat(read.status()).as(read.body()).isEqualTo(200);
        assertThat(read.json().at("/paging/total_count").asInt()).isEqualTo(1 + logins);
        QueryServer.Answer statistics =
                server.get(user.application(), "/1/stats", "Consistency-Token", user.signInToken());
        assertThat(statistics.status()).as(statistics.body()).isEqualTo(200);
        assertThat(statistics.json().at("/totals/users").asInt()).isPositive();
    }

    private static List<String> collections(QueryServer server) {
        return database(server).listCollectionNames().into(new ArrayList<>());
    }

    private static MongoDatabase database(QueryServer server) {
        return server.context().getBean(MongoDatabase.class);
    }
}
