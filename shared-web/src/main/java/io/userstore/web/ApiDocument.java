package io.userstore.web;

import io.userstore.api.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The contract of the REST API (OpenAPI 3.1), put together from the files that it is written in. Every service serves
 * the whole of it, whichever part of the calls is its own.
 */
final class ApiDocument {
    private static final String FOLDER = "openapi/";
    /** In the order in which a reader meets them. */
    private static final List<String> PARTS = List.of(
            "root",
            "users",
            "authentication",
            "identities",
            "statistics",
            "bulk",
            "events",
            "audit",
            "applications",
            "operation",
            "documents");

    /** Far more than the files need, far less than would fill the memory. */
    private static final int MAX_ALIASES = 1_000;

    private ApiDocument() {}

    /** The document as JSON. */
    static byte[] json() {
        Map<String, Object> document = new LinkedHashMap<>();
        for (String part : PARTS) {
            merge(document, read(FOLDER + part + ".yaml"), part);
        }
        return Json.MAPPER.writeValueAsBytes(document);
    }

    private static Map<String, Object> read(String file) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(MAX_ALIASES);
        try (InputStream yaml = ApiDocument.class.getResourceAsStream(file)) {
            if (yaml == null) {
                throw new IllegalStateException("missing in the jar: " + file);
            }
            return new Yaml(new SafeConstructor(options)).load(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds what a part says; what two parts say is a mistake of their authors, and no part wins. */
    private static void merge(Map<String, Object> whole, Map<String, Object> part, String name) {
        part.forEach((key, value) -> {
            Object there = whole.putIfAbsent(key, value);
            if (there instanceof Map<?, ?> && value instanceof Map<?, ?>) {
                merge(object(there), object(value), name);
            } else if (there != null) {
                throw new IllegalStateException("said twice, the second time in " + name + ".yaml: " + key);
            }
        });
    }

    @SuppressWarnings("unchecked") // the keys of all mappings in the files are texts
    private static Map<String, Object> object(Object mapping) {
        return (Map<String, Object>) mapping;
    }
}
