package io.userstore.query.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.userstore.api.seal.MasterKey;
import io.userstore.api.seal.MasterKeys;
import io.userstore.api.seal.UserKey;
import io.userstore.query.fixture.TestDatabase;
import io.userstore.query.fixture.TestKeys;
import io.userstore.query.keys.UserKeyDocuments.WrongMasterKeyException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UserKeyDocumentsTest {
    private final String ann = UUID.randomUUID().toString();
    private final String bob = UUID.randomUUID().toString();
    private final UserKey key = UserKey.generate(ann);
    private TestDatabase database;
    private UserKeyDocuments keys;

    @BeforeEach
    void open() {
        database = new TestDatabase();
        keys = new UserKeyDocuments(database.database(), TestKeys.MASTERS);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aKeyThatWasHandedOverOpensWhatItSealed() {
        keys.apply(List.of(given(5)));
        String sealed = key.seal("text");
        assertThat(keys.of(ann).orElseThrow().open(sealed)).contains("text");
        assertThat(new UserKeyDocuments(database.database(), TestKeys.MASTERS)
                        .of(ann)
                        .orElseThrow()
                        .open(sealed))
                .contains("text");
        assertThat(keys.of(bob)).isEmpty();
        assertThat(database.dump()).as("it is kept wrapped").contains("eyJ").doesNotContain("\"k\"");
    }

    @Test
    void aKeyThatIsGoneIsForgottenAtOnceAndNeverComesBack() {
        keys.apply(List.of(given(5)));
        assertThat(keys.of(ann)).isPresent();
        keys.apply(List.of(gone(9)));
        assertThat(keys.of(ann)).isEmpty();
        keys.apply(List.of(given(5)));
        keys.apply(List.of(given(12)));
        keys.apply(List.of(gone(13), given(14)));
        UserKeyDocuments.Known known = keys.find(Set.of(ann, bob));
        assertThat(known.keys()).isEmpty();
        assertThat(known.gone()).containsExactly(ann);
        assertThat(database.dump()).doesNotContain("eyJ");
    }

    @Test
    void theKeyOfAUserWhoseDeletionIsToldElsewhereIsForgottenToo() {
        keys.apply(List.of(given(5)));
        assertThat(keys.of(ann)).isPresent();
        keys.forget(Set.of(ann, bob));
        assertThat(keys.of(ann)).isEmpty();
        keys.apply(List.of(given(12), gone(13)));
        assertThat(keys.find(Set.of(ann, bob)).gone()).containsExactlyInAnyOrder(ann, bob);
        assertThat(database.dump()).doesNotContain("eyJ");
    }

    @Test
    void ofTwoKeysForOneUserTheOneThatStandsLaterInTheLogCounts() {
        MasterKeys both = new MasterKeys(other(), TestKeys.MASTERS.current());
        keys.apply(List.of(new KeyRecord(ann, both.wrap(key), 1, 7)));
        keys.apply(List.of(given(5)));
        assertThat(new UserKeyDocuments(database.database(), new MasterKeys(other(), null)).of(ann))
                .isPresent();
    }

    @Test
    void aKeyThatCannotBeUnwrappedIsNoReasonToTakeTheUserForDeleted() {
        keys.apply(List.of(given(5)));
        UserKeyDocuments wrong = new UserKeyDocuments(database.database(), new MasterKeys(other(), null));
        assertThatThrownBy(() -> wrong.find(Set.of(ann)))
                .isInstanceOf(WrongMasterKeyException.class)
                .hasMessageContaining("userstore.master-key");
    }

    private KeyRecord given(long offset) {
        return new KeyRecord(ann, TestKeys.MASTERS.wrap(key), 1, offset);
    }

    private KeyRecord gone(long offset) {
        return new KeyRecord(ann, null, 1, offset);
    }

    private static MasterKey other() {
        return MasterKey.parse("2e".repeat(32)).orElseThrow();
    }
}
