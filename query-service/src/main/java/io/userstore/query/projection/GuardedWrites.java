package io.userstore.query.projection;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.bulk.BulkWriteResult;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.WriteModel;
import java.util.List;
import org.bson.BsonDocument;

/** Inserts, and replacements whose filter says what must still stand there, in one unordered bulk write. */
public final class GuardedWrites {
    private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);

    private GuardedWrites() {}

    /**
     * Writes what can be written.
     *
     * @return whether all of it took; false when another writer was faster with one of the documents
     * @throws com.mongodb.MongoException for everything else that fails
     */
    public static boolean tryAll(MongoCollection<BsonDocument> collection, List<WriteModel<BsonDocument>> writes) {
        if (writes.isEmpty()) {
            return true;
        }
        try {
            BulkWriteResult result = collection.bulkWrite(writes, UNORDERED);
            int upserted = result.getUpserts().size();
            return result.getInsertedCount() + result.getMatchedCount() + upserted == writes.size();
        } catch (MongoBulkWriteException e) {
            if (onlyDuplicateKeys(e)) {
                return false;
            }
            throw e;
        }
    }

    private static boolean onlyDuplicateKeys(MongoBulkWriteException e) {
        return e.getWriteConcernError() == null
                && !e.getWriteErrors().isEmpty()
                && e.getWriteErrors().stream().allMatch(error -> error.getCategory() == ErrorCategory.DUPLICATE_KEY);
    }
}
