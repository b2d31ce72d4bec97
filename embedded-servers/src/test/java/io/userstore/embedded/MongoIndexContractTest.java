package io.userstore.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.DuplicateKeyException;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoNamespace;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.IndexModel;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.RenameCollectionOptions;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MongoIndexContractTest extends MongoContract {

    private static final IndexOptions UNIQUE = new IndexOptions().unique(true);

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/core/index-unique/")
    void aUniqueIndexRefusesTheSecond() {
        users.createIndex(json("{application: 1, email: 1}"), UNIQUE);
        insert("{_id: 1, application: 'x', email: 'a'}", "{_id: 2, application: 'y', email: 'a'}");
        assertThatThrownBy(() -> insert("{_id: 3, application: 'x', email: 'a'}"))
                .hasMessageContaining("E11000 duplicate key error collection: " + users.getNamespace())
                .hasMessageContaining("application_1_email_1 dup key");
        assertThatThrownBy(() -> users.updateOne(json("{_id: 2}"), json("{$set: {application: 'x'}}")))
                .isInstanceOfSatisfying(
                        MongoWriteException.class, e -> assertThat(e.getCode()).isEqualTo(DUPLICATE_KEY));
        assertThatThrownBy(() -> users.replaceOne(json("{_id: 2}"), json("{application: 'x', email: 'a'}")))
                .isInstanceOfSatisfying(
                        MongoWriteException.class, e -> assertThat(e.getCode()).isEqualTo(DUPLICATE_KEY));
        users.updateOne(json("{_id: 1}"), json("{$set: {seen: 1}}"));
        users.deleteOne(json("{_id: 1}"));
        insert("{_id: 3, application: 'x', email: 'a'}");
        assertThat(ids("{application: 'x', email: 'a'}")).containsExactly(3);
    }

    @Test
    @DisplayName(
            "https://www.mongodb.com/docs/manual/core/index-unique/#missing-document-field-in-a-unique-single-field-index")
    void aUniqueIndexTakesOneDocumentWithoutTheField() {
        users.createIndex(json("{email: 1}"), UNIQUE);
        insert("{_id: 1}");
        assertThatThrownBy(() -> insert("{_id: 2, email: null}")).hasMessageContaining("E11000");
        users.dropIndex("email_1");
        users.createIndex(json("{email: 1}"), new IndexOptions().unique(true).sparse(true));
        insert("{_id: 2}", "{_id: 3, email: 'a'}");
        assertThat(ids("{email: null}")).containsExactly(1, 2);
        assertThat(ids("{email: 'a'}")).containsExactly(3);
        assertThat(idsInOrder(json("{}"), json("{email: 1}"), 0)).hasSize(3);
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/core/index-unique/#unique-constraint-across-separate-documents")
    void uniqueElementsOfArraysAreUniqueAcrossDocuments() {
        users.createIndex(json("{emails: 1}"), UNIQUE);
        insert("{_id: 1, emails: ['a', 'b', 'a']}");
        assertThatThrownBy(() -> insert("{_id: 2, emails: ['c', 'b']}")).hasMessageContaining("E11000");
        insert("{_id: 2, emails: ['c']}");
    }

    @Test
    @DisplayName(
            "https://www.mongodb.com/docs/manual/core/indexes/index-types/index-multikey/#compound-multikey-indexes")
    void twoArraysCannotBeIndexedTogether() {
        users.createIndex(json("{a: 1, b: 1}"));
        insert("{_id: 1, a: [1, 2], b: 1}", "{_id: 2, a: 1, b: [1, 2]}");
        assertThatThrownBy(() -> insert("{_id: 3, a: [1], b: [1]}")).hasMessageContaining("parallel arrays");
        assertThat(ids("{a: 1, b: 1}")).containsExactly(1, 2);
        assertThat(users.countDocuments(json("{a: {$gt: 0}}"))).isEqualTo(2);
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/reference/method/db.collection.createIndexes/")
    void creatingAnIndexTwiceChangesNothing() {
        List<IndexModel> indexes =
                List.of(new IndexModel(json("{a: 1}")), new IndexModel(json("{b: 1, c: -1}"), UNIQUE));
        assertThat(users.createIndexes(indexes)).containsExactly("a_1", "b_1_c_-1");
        insert("{_id: 1, a: 1, b: 1}");
        assertThat(users.createIndexes(indexes)).containsExactly("a_1", "b_1_c_-1");
        assertThat(users.listIndexes())
                .extracting(index -> index.getString("name"))
                .containsExactlyInAnyOrder("_id_", "a_1", "b_1_c_-1");
        assertThat(users.listIndexes())
                .filteredOn(index -> index.getString("name").equals("b_1_c_-1"))
                .singleElement()
                .satisfies(index -> {
                    assertThat(index.getBoolean("unique")).isTrue();
                    assertThat(index.get("key")).isEqualTo(json("{b: 1, c: -1}"));
                });
        assertThatThrownBy(() -> users.createIndex(json("{other: 1}"), new IndexOptions().name("a_1")))
                .isInstanceOfSatisfying(
                        MongoCommandException.class,
                        e -> assertThat(e.getErrorCode()).isEqualTo(86));
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/core/index-creation/")
    void indexesWhatIsThereAlready() {
        users.insertMany(IntStream.range(0, 3_000)
                .mapToObj(i -> new Document("_id", i).append("n", 3_000 - i).append("email", i % 2_999))
                .toList());
        users.createIndex(json("{n: 1}"));
        assertThat(ids("{n: 3000}")).containsExactly(0);
        assertThat(idsInOrder(json("{n: {$gt: 5}}"), json("{n: 1}"), 2)).containsExactly(2994, 2993);
        assertThatThrownBy(() -> users.createIndex(json("{email: 1}"), UNIQUE))
                .isInstanceOfSatisfying(
                        DuplicateKeyException.class,
                        e -> assertThat(e.getCode()).isEqualTo(DUPLICATE_KEY));
        assertThat(users.listIndexes()).hasSize(2);
        users.deleteOne(json("{_id: 2999}"));
        users.createIndex(json("{email: 1}"), UNIQUE);
        assertThat(ids("{email: 17}")).containsExactly(17);
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/reference/method/db.collection.dropIndex/")
    void aDroppedIndexNoLongerCounts() {
        users.createIndex(json("{email: 1}"), UNIQUE);
        insert("{_id: 1, email: 'a'}");
        users.dropIndex("email_1");
        insert("{_id: 2, email: 'a'}");
        assertThat(ids("{email: 'a'}")).containsExactly(1, 2);
        assertThatThrownBy(() -> users.dropIndex("email_1"))
                .isInstanceOfSatisfying(
                        MongoCommandException.class,
                        e -> assertThat(e.getErrorCode()).isEqualTo(27));
        users.createIndex(json("{email: 1}"));
        users.createIndex(json("{other: 1}"));
        users.dropIndex(json("{other: 1}"));
        users.dropIndexes();
        assertThat(users.listIndexes())
                .extracting(index -> index.getString("name"))
                .containsExactly("_id_");
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/reference/command/drop/")
    void aDroppedCollectionIsGoneWithItsIndexes() {
        users.createIndex(json("{email: 1}"), UNIQUE);
        insert("{_id: 1, email: 'a'}");
        users.drop();
        users.drop();
        assertThat(ids("{}")).isEmpty();
        insert("{_id: 1, email: 'a'}", "{_id: 2, email: 'a'}");
        assertThat(users.listIndexes()).hasSize(1);
        assertThat(database.listCollectionNames()).contains(users.getNamespace().getCollectionName());
    }

    @Test
    @DisplayName("https://www.mongodb.com/docs/manual/reference/command/renameCollection/")
    void aCollectionReplacesAnother() {
        MongoCollection<Document> rebuilt = database.getCollection("rebuilt-" + UUID.randomUUID());
        insert("{_id: 1, old: true}");
        users.createIndex(json("{old: 1}"));
        rebuilt.createIndex(json("{email: 1}"), UNIQUE);
        rebuilt.insertMany(List.of(json("{_id: 2, email: 'a'}"), json("{_id: 3, email: 'b'}")));
        MongoNamespace target = users.getNamespace();
        assertThatThrownBy(() -> rebuilt.renameCollection(target))
                .isInstanceOfSatisfying(
                        MongoCommandException.class,
                        e -> assertThat(e.getErrorCode()).isEqualTo(48));
        rebuilt.renameCollection(target, new RenameCollectionOptions().dropTarget(true));
        assertThat(ids("{}")).containsExactly(2, 3);
        assertThat(ids("{email: 'b'}")).containsExactly(3);
        assertThat(users.listIndexes())
                .extracting(index -> index.getString("name"))
                .containsExactlyInAnyOrder("_id_", "email_1");
        assertThatThrownBy(() -> insert("{_id: 4, email: 'a'}")).hasMessageContaining("E11000");
        assertThat(rebuilt.countDocuments()).isZero();
    }

    @Test
    @DisplayName("This server's own limits: what it does not know it refuses")
    void refusesIndexesItCannotKeep() {
        if (System.getenv("USERSTORE_TEST_MONGODB_URI") != null) {
            return;
        }
        for (IndexOptions options : List.of(
                new IndexOptions().partialFilterExpression(json("{a: 1}")),
                new IndexOptions().expireAfter(1L, TimeUnit.HOURS))) {
            assertThatThrownBy(() -> users.createIndex(json("{a: 1}"), options))
                    .isInstanceOfSatisfying(
                            MongoCommandException.class,
                            e -> assertThat(e.getErrorCode()).isEqualTo(67));
        }
        assertThatThrownBy(() -> users.createIndex(json("{a: 'text'}"))).isInstanceOf(MongoCommandException.class);
    }
}
