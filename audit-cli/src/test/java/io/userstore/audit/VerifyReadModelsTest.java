package io.userstore.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import io.userstore.audit.AuditedStore.Run;
import io.userstore.audit.source.ReadModels;
import io.userstore.audit.source.ReadModels.View;
import io.userstore.embedded.TestServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonObjectId;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.conversions.Bson;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Whatever is changed in the read models of a real store is found and named; nothing else is. */
class VerifyReadModelsTest {
    private static final AuditedStore STORE = AuditedStore.running();
    private static final MongoClient CLIENT = MongoClients.create(TestServers.mongoUri());
    private static final MongoDatabase DATABASE = CLIENT.getDatabase("userstore");
    private static String name = "";
    private static String tina = "";
    private static String gone = "";

    @BeforeAll
    static void aHistory() {
        name = "tina" + UUID.randomUUID().toString().substring(0, 8);
        tina = STORE.aLife(name);
        gone = STORE.aLife("gone" + UUID.randomUUID().toString().substring(0, 8));
        STORE.call("DELETE", "/1/users/" + gone, "");
        STORE.awaitSigned();
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> verify().rows().getLast().at("/read_models/behind").asLong(-1) == 0);
    }

    @AfterAll
    static void close() {
        CLIENT.close();
    }

    private static Run verify(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("--output=json", "--public-key=" + STORE.publicKey()));
        arguments.addAll(List.of(more));
        return STORE.run("verify", arguments.toArray());
    }

    private static MongoCollection<BsonDocument> collection(View view, String base) {
        try (ReadModels models = ReadModels.open(TestServers.mongoUri(), "userstore", Duration.ofSeconds(10))) {
            return DATABASE.getCollection(models.serving(view).collection(base), BsonDocument.class);
        }
    }

    private static MongoCollection<BsonDocument> users() {
        return collection(View.USERS, "users");
    }

    private static MongoCollection<BsonDocument> entries() {
        return collection(View.ACTIVITY, "activity");
    }

    private static BsonDocument found(MongoCollection<BsonDocument> collection, Bson filter) {
        return Objects.requireNonNull(collection.find(filter).first(), "no such document");
    }

    /** Changes one document, looks, and puts it back. */
    private static Run with(
            MongoCollection<BsonDocument> collection,
            Bson filter,
            Consumer<MongoCollection<BsonDocument>> change,
            Object... more) {
        BsonDocument before = found(collection, filter);
        change.accept(collection);
        try {
            return verify(more);
        } finally {
            collection.deleteOne(Filters.eq("_id", before.get("_id")));
            collection.insertOne(before);
        }
    }

    private static Run withSet(MongoCollection<BsonDocument> collection, Bson filter, Bson update, Object... more) {
        return with(collection, filter, all -> all.updateOne(filter, update), more);
    }

    /** Exactly these differences: kind and a part of the sentence. */
    private static void differs(Run run, String userId, String... kindAndWhat) {
        assertThat(run.exitCode()).as(run.err() + run.out()).isEqualTo(1);
        List<JsonNode> differences =
                run.rows().stream().filter(row -> row.has("kind")).toList();
        assertThat(differences).as(run.out()).hasSize(kindAndWhat.length / 2);
        for (int i = 0; i < kindAndWhat.length; i += 2) {
            String kind = kindAndWhat[i];
            String what = kindAndWhat[i + 1];
            assertThat(differences).as(run.out()).anySatisfy(row -> {
                assertThat(row.path("kind").asString("")).isEqualTo(kind);
                assertThat(row.path("user").asString("")).isEqualTo(userId);
                assertThat(row.path("what").asString("")).contains(what);
            });
        }
    }

    private static void agrees(Run run) {
        assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
    }

    @Test
    void readModelsThatNobodyChangedAreWhatTheEventsComeTo() {
        Run run = verify();
        agrees(run);
        JsonNode checked = run.rows().getLast().path("read_models");
        assertThat(checked.path("users").asLong()).isGreaterThan(1);
        assertThat(checked.path("totals").asLong()).isGreaterThan(2);
        assertThat(checked.path("entries").asLong()).isGreaterThan(7);
        assertThat(checked.path("notes").isEmpty()).isTrue();
        assertThat(STORE.run("verify").out()).contains("Read models: ");
    }

    @Test
    void theFieldsOfAChangedDocumentAreNamedAndNotTold() {
        Bson her = Filters.eq("_id", tina);
        Run run = withSet(
                users(),
                her,
                Updates.combine(
                        Updates.set("active", false),
                        Updates.set("email", "somebody-else@example.com"),
                        Updates.set("surplus", "x")));
        differs(run, tina, "document_changed", "in active, email, surplus");
        assertThat(run.out()).doesNotContain("somebody-else", name);
        for (String field : List.of("username_key", "last_name", "search", "links", "link_of_google", "created_at")) {
            differs(withSet(users(), her, Updates.set(field, "x")), tina, "document_changed", field);
        }
        differs(withSet(users(), her, Updates.set("extra", List.of())), tina, "document_changed", "in extra");
        differs(
                withSet(
                        collection(View.STATISTICS, "statistics_users"),
                        her,
                        Updates.set("group", new BsonString("others"))),
                tina,
                "document_changed",
                "in group");
    }

    @Test
    void aDocumentThatHasNotTakenEverythingIsNamed() {
        differs(
                withSet(users(), Filters.eq("_id", tina), Updates.set("version", new BsonInt64(1))),
                tina,
                "document_changed",
                "the document is at version 1, login_sequence 3, and the events that it has to have come to version ");
        differs(
                withSet(users(), Filters.eq("_id", tina), Updates.set("version", new BsonInt64(99))),
                tina,
                "document_changed",
                "the document is at version 99");
    }

    @Test
    void withoutTheMasterKeyWhatIsPersonalIsLeftOut() {
        BsonDocument before = found(users(), Filters.eq("_id", tina));
        for (String field : List.of("email", "active")) {
            users().updateOne(Filters.eq("_id", tina), Updates.set(field, "x"));
            try {
                Run run = STORE.runSealed("verify", "--public-key=" + STORE.publicKey());
                assertThat(run.out()).contains("What is personal was not compared");
                assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(field.equals("email") ? 0 : 1);
            } finally {
                users().replaceOne(Filters.eq("_id", tina), before);
            }
        }
    }

    @Test
    void aDocumentThatIsMissingIsNamed() {
        Bson her = Filters.eq("_id", tina);
        differs(
                with(users(), her, all -> all.deleteOne(her)),
                tina,
                "document_missing",
                "there is no document of the user");
    }

    @Test
    void documentsThatNoEventHasMadeAreNamed() {
        MongoCollection<BsonDocument> users = users();
        BsonDocument copy = found(users, Filters.eq("_id", tina)).clone();
        String nobody = UUID.randomUUID().toString();
        for (BsonValue id : List.of(new BsonString(nobody), new BsonObjectId())) {
            users.insertOne(copy.append("_id", id));
            try {
                Run run = verify();
                assertThat(run.exitCode()).isEqualTo(1);
                assertThat(run.out()).contains("document_unknown", "there never was such a user");
                assertThat(run.rows().getLast().path("differences").asLong()).isEqualTo(1);
            } finally {
                users.deleteOne(Filters.eq("_id", id));
            }
        }
    }

    @Test
    void totalsThatAreWrongAreNamed() {
        String partition = "p"
                + found(users(), Filters.eq("_id", tina)).getInt64("partition").getValue();
        for (MongoCollection<BsonDocument> totals : List.of(
                collection(View.USERS, "users_totals"),
                collection(View.STATISTICS, "statistics_totals"),
                collection(View.STATISTICS, "statistics_groups"))) {
            Bson hers = Filters.eq(
                    "_id",
                    totals.getNamespace().getCollectionName().contains("groups")
                            ? "default|" + partition + "|=officers"
                            : "default|" + partition);
            Run run = withSet(totals, hers, Updates.inc("users", 3L));
            differs(run, "", "document_changed", "users is ");
            differs(with(totals, hers, all -> all.deleteOne(hers)), "", "document_missing", "|" + partition);
            BsonDocument copy = found(totals, hers).clone().append("_id", new BsonString("nothing|" + partition));
            totals.insertOne(copy);
            try {
                differs(verify(), "", "document_unknown", "nothing|" + partition);
            } finally {
                totals.deleteOne(Filters.eq("_id", "nothing|" + partition));
            }
        }
    }

    @Test
    void countersOfAnHourThatAreWrongAreNamed() {
        String partition = "|p"
                + found(users(), Filters.eq("_id", tina)).getInt64("partition").getValue();
        for (String base : List.of("statistics_days", "statistics_group_days")) {
            MongoCollection<BsonDocument> days = collection(View.STATISTICS, base);
            String id = days.find().map(day -> day.getString("_id").getValue()).into(new ArrayList<>()).stream()
                    .filter(one -> one.endsWith(partition) || one.endsWith(partition + "|=cadets"))
                    .findFirst()
                    .orElseThrow();
            Bson hers = Filters.eq("_id", id);
            BsonDocument before = found(days, hers);
            String hour = before.keySet().stream()
                    .filter(field -> before.isDocument(field)
                            && before.getDocument(field).containsKey("logins"))
                    .findFirst()
                    .orElseThrow();
            for (String counter : before.getDocument(hour).keySet()) {
                String field = hour + '.' + counter;
                differs(withSet(days, hers, Updates.inc(field, 3L)), "", "document_changed", field + " is ");
            }
            differs(withSet(days, hers, Updates.unset(hour)), "", "document_changed", hour + ".logins is 0, ");
            differs(with(days, hers, all -> all.deleteOne(hers)), "", "document_missing", id);
            BsonDocument copy = before.clone().append("_id", new BsonString("nothing|2026-01-04" + partition));
            days.insertOne(copy);
            try {
                differs(verify(), "", "document_unknown", "nothing|2026-01-04" + partition);
            } finally {
                days.deleteOne(Filters.eq("_id", copy.get("_id")));
            }
        }
    }

    @Test
    void anEntryThatIsMissingOrTooManyIsNamed() {
        Bson second = Filters.eq("_id", tina + "|u|2");
        differs(
                with(entries(), second, all -> all.deleteOne(second)),
                tina,
                "document_missing",
                "there is no entry of version 2");
        BsonDocument copy = found(entries(), second).clone();
        entries().insertOne(copy.append("_id", new BsonString(tina + "|s|99")));
        try {
            differs(verify(), tina, "document_unknown", "login_sequence 99");
        } finally {
            entries().deleteOne(Filters.eq("_id", tina + "|s|99"));
        }
    }

    @Test
    void anEntryThatSaysSomethingElseThanItsEventIsNamed() {
        Bson created = Filters.eq("_id", tina + "|u|1");
        for (String field : List.of("type", "time", "position", "key_id", "request_id", "personal", "data.group")) {
            Run run = withSet(entries(), created, Updates.set(field, "x"));
            differs(
                    run,
                    tina,
                    "document_changed",
                    "the entry of version 1 differs from its event in " + field.replace(".group", ""));
        }
        differs(withSet(entries(), created, Updates.unset("personal")), tina, "document_changed", "in personal");
        differs(withSet(entries(), created, Updates.set("surplus", 1)), tina, "document_changed", "in surplus");
        differs(
                withSet(entries(), Filters.eq("_id", tina + "|s|1"), Updates.set("data.method", "x")),
                tina,
                "document_changed",
                "the entry of login_sequence 1 differs from its event in data");
    }

    @Test
    void whatIsLeftOfADeletedUserIsNamed() {
        BsonDocument entry = found(entries(), Filters.eq("_id", tina + "|u|1")).clone();
        entries().insertOne(entry.append("_id", new BsonString(gone + "|u|1")));
        try {
            // It is another user's, and so says something else, too.
            differs(
                    verify(),
                    gone,
                    "document_unknown",
                    "the user is deleted, and there is still version 1",
                    "document_changed",
                    "the entry of version 1 differs from its event in personal, position, request_id, time, user_id");
        } finally {
            entries().deleteOne(Filters.eq("_id", gone + "|u|1"));
        }
        differs(
                withSet(users(), Filters.eq("_id", gone), Updates.set("email", "x")),
                gone,
                "document_changed",
                "in email");
        differs(
                withSet(users(), Filters.eq("_id", gone), Updates.unset("deleted")),
                gone,
                "document_changed",
                "in deleted");
    }

    @Test
    void readModelsThatAreBehindAreComparedWhereTheyAre() {
        MongoCollection<BsonDocument> progress = DATABASE.getCollection("progress", BsonDocument.class);
        BsonDocument document = found(users(), Filters.eq("_id", tina));
        int partition = (int) document.getInt64("partition").getValue();
        long last = document.getInt64("offset").getValue();
        Bson here = Filters.eq("_id", partition);
        String key = users().getNamespace().getCollectionName();
        Bson signOut = Filters.eq("_id", tina + "|s|3");
        // The documents have taken more than the progress tells, as they do for a moment with every batch.
        Run ahead = withSet(progress, here, Updates.set(key, last - 3));
        agrees(ahead);
        assertThat(ahead.rows().getLast().at("/read_models/behind").asLong()).isGreaterThanOrEqualTo(3);

        // What they need not have taken yet is not missing.
        BsonDocument entry = found(entries(), signOut);
        entries().deleteOne(signOut);
        try {
            agrees(withSet(progress, here, Updates.set(key, last - 1)));
            differs(verify(), tina, "document_missing", "there is no entry of login_sequence 3");
        } finally {
            entries().insertOne(entry);
        }
    }

    @Test
    void readModelsAreLeftOutWhenAskedAndItIsSaid() {
        assertThat(STORE.run("verify", "--without-read-models").out())
                .contains("The read models were not compared: as asked for.");
        Run empty = STORE.run(
                "verify", "--public-key=" + STORE.publicKey(), "--mongodb=" + TestServers.mongoUri() + "/nothing");
        assertThat(empty.out()).contains("Nothing was compared: no progress of users_v1");
        String options = "?serverSelectionTimeoutMS=500";
        Run away =
                STORE.run("verify", "--public-key=" + STORE.publicKey(), "--mongodb=mongodb://127.0.0.1:1/" + options);
        assertThat(away.exitCode()).as(away.out() + away.err()).isEqualTo(3);
        assertThat(away.err()).contains("MongoDB: ");
        assertThat(STORE.run("verify", "--public-key=" + STORE.publicKey(), "--mongodb=nonsense")
                        .exitCode())
                .isEqualTo(2);
    }
}
