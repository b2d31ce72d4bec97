package io.userstore.embedded.mongo;

import de.bwaldvogel.mongo.backend.DefaultQueryMatcher;
import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.bson.Document;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A query's conditions, parsed once for many documents. Confined to one thread. */
sealed interface Filter {

    Filter EVERYTHING = new All(List.of());

    boolean matches(RawDocument document);

    record All(List<Filter> filters) implements Filter {
        @Override
        public boolean matches(RawDocument document) {
            for (Filter filter : filters) {
                if (!filter.matches(document)) {
                    return false;
                }
            }
            return true;
        }
    }

    record Any(List<Filter> filters) implements Filter {
        @Override
        public boolean matches(RawDocument document) {
            for (Filter filter : filters) {
                if (filter.matches(document)) {
                    return true;
                }
            }
            return false;
        }
    }

    record Not(Filter filter) implements Filter {
        @Override
        public boolean matches(RawDocument document) {
            return !filter.matches(document);
        }
    }

    /** One of the values at {@code path} passes the test. */
    record Field(FieldPath path, ValueTest test) implements Filter {
        @Override
        public boolean matches(RawDocument document) {
            return path.anyMatch(document, test);
        }
    }

    record Exists(FieldPath path) implements Filter {
        @Override
        public boolean matches(RawDocument document) {
            return path.anyMatch(document, Exists::isPresent);
        }

        private static boolean isPresent(@Nullable Object value) {
            return !(value instanceof Missing);
        }
    }

    /** Left to mongo-java-server: rare operators, on the decoded document. */
    record Stock(Document query, DefaultQueryMatcher matcher) implements Filter {

        Stock(Document query) {
            this(query, new DefaultQueryMatcher());
        }

        @Override
        public boolean matches(RawDocument document) {
            return matcher.matches(document.decode(), query);
        }
    }
}
