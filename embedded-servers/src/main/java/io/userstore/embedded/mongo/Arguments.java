package io.userstore.embedded.mongo;

import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.ErrorCode;
import de.bwaldvogel.mongo.exception.MongoServerError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of a command. */
final class Arguments {

    private Arguments() {}

    static @Nullable Document document(Document command, String name) {
        return (Document) command.get(name);
    }

    static String string(Document command, String name) {
        if (command.get(name) instanceof String string) {
            return string;
        }
        throw new MongoServerError(ErrorCode.TypeMismatch, "'" + name + "' must be a string");
    }

    @SuppressWarnings("unchecked")
    static List<Document> documents(Document command, String name) {
        @Nullable Object list = command.get(name);
        if (list instanceof List<?>) {
            return (List<Document>) list;
        }
        throw new MongoServerError(ErrorCode.TypeMismatch, "'" + name + "' must be an array");
    }

    static int number(Document command, String name, int otherwise) {
        return command.get(name) instanceof Number number ? number.intValue() : otherwise;
    }

    /** @throws MongoServerError if there is none */
    static long id(Document command, String name) {
        if (command.get(name) instanceof Number number) {
            return number.longValue();
        }
        throw new MongoServerError(ErrorCode.TypeMismatch, "'" + name + "' must be a number");
    }

    @SuppressWarnings("unchecked")
    static List<Long> ids(Document command, String name) {
        return command.get(name) instanceof List<?> list ? (List<Long>) list : List.of();
    }

    static boolean flag(Document command, String name, boolean otherwise) {
        @Nullable Object value = command.get(name);
        return value == null ? otherwise : value instanceof Boolean flag ? flag : number(command, name, 0) != 0;
    }

    /** Ignoring a collation would give wrong answers. */
    static void requireNoCollation(Document command) {
        Document collation = document(command, "collation");
        if (collation != null && !"simple".equals(collation.get("locale"))) {
            throw new MongoServerError(ErrorCode.InvalidOptions, "this server knows no collations but 'simple'");
        }
    }
}
