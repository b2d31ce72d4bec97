package io.userstore.embedded.mongo;

import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.bson.Json;
import java.util.stream.Collectors;

/** The words of a unique index's refusal, which drivers hand on to people. */
final class DuplicateKeys {

    private DuplicateKeys() {}

    static String describe(Index<?> index, Document document) {
        return index.getKeys().stream()
                .map(key -> key.getKey() + ": " + value(document, key))
                .collect(Collectors.joining(", ", index.getName() + " dup key: { ", " }"));
    }

    private static String value(Document document, IndexKey key) {
        return Json.toCompactJsonValue(Utils.getSubdocumentValueCollectionAware(document, key.getKey()));
    }
}
