package io.userstore.embedded.mongo;

import de.bwaldvogel.mongo.backend.ArrayFilters;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.ErrorCode;
import de.bwaldvogel.mongo.exception.MongoServerError;
import de.bwaldvogel.mongo.oplog.NoopOplog;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The commands that write many documents. Ordered ones stop at the first that fails, others go on; what was written before
 * stays either way.
 *
 * @see <a href="https://www.mongodb.com/docs/manual/reference/method/db.collection.bulkWrite/">bulkWrite</a>
 */
final class WriteCommands {

    private final StoredDatabase database;

    WriteCommands(StoredDatabase database) {
        this.database = database;
    }

    /** @see <a href="https://www.mongodb.com/docs/manual/reference/command/insert/">insert</a> */
    Document insert(Document command) {
        StoredCollection collection = database.collectionToWrite(Arguments.string(command, "insert"));
        Outcome outcome = new Outcome();
        each(command, "documents", outcome, document -> {
            collection.addDocument(document);
            outcome.matched++;
        });
        return outcome.reply();
    }

    /** @see <a href="https://www.mongodb.com/docs/manual/reference/command/update/">update</a> */
    Document update(Document command) {
        StoredCollection collection = database.collectionToWrite(Arguments.string(command, "update"));
        Outcome outcome = new Outcome();
        each(command, "updates", outcome, statement -> outcome.addUpdate(update(collection, statement)));
        return outcome.reply().append("nModified", outcome.modified);
    }

    private static Document update(StoredCollection collection, Document statement) {
        Arguments.requireNoCollation(statement);
        if (!(statement.get("u") instanceof Document update)) {
            throw new MongoServerError(ErrorCode.FailedToParse, "this server knows no updates by pipeline");
        }
        if (statement.containsKey("arrayFilters")) {
            throw new MongoServerError(ErrorCode.FailedToParse, "this server knows no arrayFilters");
        }
        return collection.updateDocuments(
                query(statement),
                update,
                ArrayFilters.empty(),
                Arguments.flag(statement, "multi", false),
                Arguments.flag(statement, "upsert", false),
                NoopOplog.get());
    }

    /** @see <a href="https://www.mongodb.com/docs/manual/reference/command/delete/">delete</a> */
    Document delete(Document command) {
        Outcome outcome = new Outcome();
        @Nullable StoredCollection collection = database.collection(Arguments.string(command, "delete"));
        if (collection != null) {
            each(command, "deletes", outcome, statement -> {
                Arguments.requireNoCollation(statement);
                int limit = Arguments.number(statement, "limit", 0);
                outcome.matched += collection.deleteDocuments(query(statement), limit, NoopOplog.get());
            });
        }
        return outcome.reply();
    }

    private static Document query(Document statement) {
        Document query = Arguments.document(statement, "q");
        return query == null ? new Document() : query;
    }

    private interface Write {
        void write(Document statement);
    }

    private static void each(Document command, String name, Outcome outcome, Write write) {
        boolean ordered = Arguments.flag(command, "ordered", true);
        for (Document statement : Arguments.documents(command, name)) {
            try {
                write.write(statement);
            } catch (MongoServerError e) {
                outcome.addError(e);
                if (ordered) {
                    return;
                }
            }
            outcome.index++;
        }
    }

    private static final class Outcome {

        private final List<Document> upserted = new ArrayList<>();
        private final List<Document> errors = new ArrayList<>();
        private int index;
        private int matched;
        private int modified;

        void addUpdate(Document result) {
            matched += Arguments.number(result, "n", 0);
            modified += Arguments.number(result, "nModified", 0);
            if (result.containsKey("upserted")) {
                matched++;
                upserted.add(new Document("index", index).append("_id", result.get("upserted")));
            }
        }

        void addError(MongoServerError error) {
            errors.add(new Document("index", index)
                    .append("code", error.getCode())
                    .append("codeName", error.getCodeName())
                    .append("errmsg", error.getMessageWithoutErrorCode()));
        }

        Document reply() {
            Document reply = new Document("n", matched);
            if (!upserted.isEmpty()) {
                reply.append("upserted", upserted);
            }
            if (!errors.isEmpty()) {
                reply.append("writeErrors", errors);
            }
            return reply.append("ok", 1.0);
        }
    }
}
