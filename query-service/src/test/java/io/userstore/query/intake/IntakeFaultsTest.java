package io.userstore.query.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import io.userstore.api.event.PublishedEvent;
import io.userstore.embedded.TestServers;
import io.userstore.query.fixture.FaultyMongo;
import io.userstore.query.fixture.FaultyMongo.Fault;
import io.userstore.query.fixture.History;
import io.userstore.query.fixture.QueryServer;
import io.userstore.query.fixture.RandomHistory;
import io.userstore.query.fixture.ReadModels;
import io.userstore.query.fixture.TestDatabase;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bson.BsonDocument;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Lets MongoDB fail at each command of the intake: what it makes of the log is to the byte what it makes of it without faults, and
 * nothing is put aside. After SQLite's tests of I/O errors.
 */
class IntakeFaultsTest {
    /** Each kind of command that the lives of users lead to; a read of several by their ids is the intake's, not a client's. */
    private static final List<String> COMMANDS = List.of(
            "find users_v1",
            "insert users_v1",
            "update users_v1",
            "insert users_totals_v1",
            "update users_totals_v1",
            "find statistics_days_v2",
            "insert statistics_days_v2",
            "update statistics_days_v2",
            "insert statistics_users_v2",
            "update statistics_users_v2",
            "update activity_v2",
            "find activity_v2",
            "delete activity_v2",
            "find user_keys",
            "insert user_keys",
            "update user_keys_progress",
            "update progress");

    @ParameterizedTest
    @EnumSource(names = {"LOST_AFTER", "NOT_REPLICATED", "DISK_FULL"})
    @Execution(ExecutionMode.CONCURRENT)
    void aFaultLeavesTheReadModelsAsTheyWouldBeWithout(Fault fault) {
        History history = History.ofSomeApplication();
        History.Person everywhere = history.aUserCalled("everywhere");
        // Goes in another batch than it came in, so that there is something to delete, and to count down.
        History.Person gone = history.aUserCalled("gone");
        Set<String> own = new HashSet<>();
        String database = TestDatabase.newName();
        Map<String, Map<String, String>> made;
        try (FaultyMongo mongo = FaultyMongo.start();
                QueryServer faulty = QueryServer.startWith(mongo.uri(), database)) {
            faulty.publish(history.events());
            ReadModels.awaitAll(faulty, everywhere);
            for (String command : COMMANDS) {
                mongo.failOnce(each -> command.equals(nameOf(each)), fault);
                List<PublishedEvent> others = new RandomHistory(1).tell(1).events();
                others.forEach(event -> own.addAll(List.of(event.application(), event.userId())));
                faulty.publish(others);
                int before = history.events().size();
                gone.deleted();
                gone = history.aUserCalled("gone");
                everywhere.signedIn("127.0.0.1").renamed(command.replace(' ', '.'));
                faulty.publish(history.events().subList(before, history.events().size()));
                ReadModels.awaitAll(faulty, everywhere);
                // The intake of keys notes how far it is when nobody waits for it.
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(mongo.failed()).contains(command));
                mongo.heal();
            }
            history.events().forEach(event -> own.addAll(List.of(event.application(), event.userId())));
            made = about(own, ReadModels.of(faulty));
        }
        try (QueryServer clean = QueryServer.startWith(TestServers.mongoUri(), TestDatabase.newName())) {
            ReadModels.awaitAll(clean, everywhere);
            assertThat(made).isEqualTo(about(own, ReadModels.of(clean)));
            clean.context().getBean(MongoDatabase.class).drop();
            clean.context().getBean(MongoClient.class).getDatabase(database).drop();
        }
    }

    /** Without what the other tests are telling at the same time. */
    private static Map<String, Map<String, String>> about(Set<String> own, Map<String, Map<String, String>> models) {
        Map<String, Map<String, String>> kept = new TreeMap<>();
        models.forEach((collection, documents) -> {
            Map<String, String> some = new TreeMap<>(documents);
            some.values().removeIf(document -> own.stream().noneMatch(document::contains));
            assertThat(some).as(collection).isNotEmpty();
            kept.put(collection, some);
        });
        return kept;
    }

    private static String nameOf(BsonDocument command) {
        String name = command.getFirstKey();
        boolean isOfTheIntake = !name.equals("find") || FaultyMongo.isReadOfTheIntake(command);
        return isOfTheIntake && command.isString(name) ? name + " " + FaultyMongo.subject(command) : "";
    }
}
