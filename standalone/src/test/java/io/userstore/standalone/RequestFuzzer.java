package io.userstore.standalone;

import io.userstore.standalone.ApiContract.Operation;
import io.userstore.standalone.HttpAnswer.Header;
import io.userstore.standalone.HttpAnswer.Sent;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes requests out of the API's document: as it says, and then spoilt in some ways. The same seed makes the same
 * requests, but for the ids of users. Not thread-safe.
 */
final class RequestFuzzer {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final JsonNodeFactory NODES = JSON.getNodeFactory();
    private static final String FORM = "application/x-www-form-urlencoded";

    private static final List<String> ODD_TEXTS = List.of(
            "",
            " ",
            "null",
            "true",
            "0",
            "-1",
            "1e999",
            "9223372036854775807",
            "9223372036854775808",
            "NaN",
            "Jörg Müller",
            "Ǆ ﬁ ①",
            "İstanbul",
            "👩‍👩‍👧‍👦",
            "\u202Eright to left",
            "e\u0301\u0301\u0301",
            "\uFEFFbom",
            "\uFFFD",
            "\u0000",
            "\u0007bell",
            "line\nbreak\r\n",
            "tab\t",
            "\u0085\u2028",
            "\uD83D",
            "a@b",
            "a@b@c",
            "@",
            "john@example.com",
            "0198c0de-7a53-7c62-9d6c-3c1f1c0f5a11",
            "00000000-0000-0000-0000-000000000000",
            "1-1-1-1-1",
            "../../etc/passwd",
            "/;..//",
            "a/b\\c",
            "' OR 1=1 --",
            "{\"$gt\":\"\"}",
            "${jndi:x}",
            "%s%n%x",
            "<script>",
            "2026-02-30",
            "2026-01-04T23:48:34Z",
            "+999999999-12-31T23:59:59Z",
            "0000-01-01",
            "x".repeat(64),
            "x".repeat(65),
            "x".repeat(256),
            "x".repeat(257),
            "ü".repeat(1_024),
            "x".repeat(1_025),
            "x".repeat(5_000));
    private static final List<String> ODD_PAIRS = List.of(
            "%zz=1",
            "a=%",
            "a=%ff",
            "a=%ed%a0%80",
            "=",
            "&&",
            "%24where=1",
            "limit",
            "limit=1&limit=2",
            "extra[a]=b",
            "%00=%00");
    private static final List<Header> ODD_HEADERS = List.of(
            new Header("Authorization", "Basic %%%"),
            new Header("Authorization", "Bearer nobody"),
            new Header("Authorization", "Negotiate abc"),
            new Header("x-api-key", "nobody"),
            new Header("Accept", "image/png"),
            new Header("Accept", ";;;"),
            new Header("Accept-Language", "xx-\"-,;q=z"),
            new Header("Accept-Encoding", "gzip;q=0, *;q=0"),
            new Header("Prefer", "return=minimal"),
            new Header("Prefer", "respond-async, wait=99999999999"),
            new Header("Prefer", ";;==,\""),
            new Header("If-Match", "*"),
            new Header("If-Match", "\"0\", W/\"1\""),
            new Header("If-Match", "\"99999999999999999999999\""),
            new Header("If-None-Match", "*"),
            new Header("If-None-Match", ",,\"\"\""),
            new Header("If-Modified-Since", "yesterday"),
            new Header("If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:00 GMT"),
            new Header("Range", "bytes=0-0"),
            new Header("Consistency-Token", "nonsense"),
            new Header("Consistency-Token", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
            new Header("Consistency-Token", "=".repeat(2_000)),
            new Header("Idempotency-Key", "k".repeat(300)),
            new Header("Idempotency-Key", "\u00fc"),
            new Header("X-Request-Id", "a b"),
            new Header("X-Request-Id", "r".repeat(129)),
            new Header("X-Forwarded-For", "127.0.0.1, <x>"),
            new Header("X-Forwarded-Host", "a b:c"),
            new Header("X-Forwarded-Proto", "gopher"),
            new Header("X-HTTP-Method-Override", "DELETE"),
            new Header("Cookie", "a=b; \u00ff"),
            new Header("Origin", "null"));
    private static final List<String> ODD_CONTENT_TYPES = List.of(
            "text/plain",
            "application/xml",
            "application/json; charset=utf-16",
            "multipart/form-data; boundary=x",
            "application/json;;;",
            "APPLICATION/JSON",
            "/",
            "json",
            "*/*");

    private final ApiContract contract;
    private final String key;
    private final List<String> users;
    private final Random random;

    /** @param users ids of users that are there, or were; may grow meanwhile */
    RequestFuzzer(ApiContract contract, String key, List<String> users, long seed) {
        this.contract = contract;
        this.key = key;
        this.users = users;
        this.random = new Random(seed);
    }

    /** A request of this kind; about one in four is as documented. */
    Sent next(Operation operation) {
        int faults = Math.max(0, random.nextInt(5) - 1);
        int inAddress = random.nextInt(faults + 1);
        int inBody = random.nextInt(faults - inAddress + 1);
        Sent sent = new Sent(operation.method(), target(operation, inAddress), List.of(), new byte[0])
                .with("x-api-key", key);
        for (JsonNode header : contract.parameters(operation, "header")) {
            if (random.nextInt(5) == 0) {
                sent = sent.with(header.get("name").asString(), headerValue(header));
            }
        }
        JsonNode media = operation.node().path("requestBody").path("content");
        if (!media.isEmpty()) {
            List<Map.Entry<String, JsonNode>> types = List.copyOf(media.properties());
            Map.Entry<String, JsonNode> type = pick(types);
            sent = sent.withBody(type.getKey(), body(type.getKey(), type.getValue(), inBody));
        }
        for (int i = inAddress + inBody; i < faults; i++) {
            sent = spoiltHeaders(sent);
        }
        return sent;
    }

    private Sent spoiltHeaders(Sent sent) {
        switch (random.nextInt(8)) {
            case 0 -> {
                List<Header> fewer = new ArrayList<>(sent.headers());
                if (!fewer.isEmpty()) {
                    fewer.remove(random.nextInt(fewer.size()));
                }
                return new Sent(sent.method(), sent.target(), fewer, sent.body());
            }
            case 1 -> {
                return sent.with("Content-Type", pick(ODD_CONTENT_TYPES));
            }
            default -> {
                Header odd = pick(ODD_HEADERS);
                return sent.with(odd.name(), odd.value());
            }
        }
    }

    private String target(Operation operation, int faults) {
        int left = faults;
        String path = operation.path();
        for (JsonNode parameter : contract.parameters(operation, "path")) {
            boolean odd = left > 0 && random.nextBoolean();
            left -= odd ? 1 : 0;
            String name = parameter.get("name").asString();
            path = path.replace("{" + name + "}", odd ? oddSegment() : escaped(segment(operation, parameter)));
        }
        List<String> pairs = new ArrayList<>();
        for (JsonNode option : contract.parameters(operation, "query")) {
            if (random.nextInt(4) == 0) {
                boolean odd = left > 0 && random.nextBoolean();
                left -= odd ? 1 : 0;
                String value = odd ? pick(ODD_TEXTS) : text(valid(option.get("schema"), 0));
                pairs.add(option.get("name").asString() + "=" + escaped(value));
            }
        }
        for (; left > 0; left--) {
            pairs.add(
                    random.nextBoolean() ? pick(ODD_PAIRS) : escaped(pick(ODD_TEXTS)) + "=" + escaped(pick(ODD_TEXTS)));
        }
        return path
                + (pairs.isEmpty()
                        ? ""
                        : "?" + String.join("&", pairs).replace("[", "%5B").replace("]", "%5D"));
    }

    /** Users are there; of everything else the document has an example. */
    private String segment(Operation operation, JsonNode parameter) {
        boolean user = operation.path().startsWith("/1/users/{id}")
                && parameter.get("name").asString().equals("id");
        return user ? pick(users) : text(parameter.get("example"));
    }

    /** A part of a path that leads no other way: not empty, and without dots alone. */
    private String oddSegment() {
        String segment = escaped(pick(ODD_TEXTS));
        return segment.isEmpty() ? "%20" : segment;
    }

    private String headerValue(JsonNode header) {
        Map<String, JsonNode> examples = contract.examples(header);
        return examples.isEmpty()
                ? "none"
                : pick(List.copyOf(examples.values())).asString();
    }

    /* ---- Bodies ---- */

    private byte[] body(String type, JsonNode media, int faults) {
        List<JsonNode> examples = List.copyOf(contract.examples(media).values());
        JsonNode value = !examples.isEmpty() && random.nextInt(3) == 0
                ? pick(examples).deepCopy()
                : valid(media.get("schema"), 0);
        for (int i = 0; i < faults; i++) {
            if (value.isObject()) {
                spoil((ObjectNode) value);
            }
        }
        byte[] bytes = ApiContractTest.encoded(type, value);
        return faults > 0 && random.nextInt(4) == 0 ? spoilt(bytes) : bytes;
    }

    private void spoil(ObjectNode object) {
        List<String> names = new ArrayList<>(object.propertyNames());
        if (names.isEmpty() || random.nextInt(6) == 0) {
            object.set(pick(ODD_TEXTS), oddValue(0));
            return;
        }
        String name = pick(names);
        if (random.nextInt(5) == 0) {
            object.remove(name);
        } else if (object.get(name) instanceof ObjectNode inner && random.nextBoolean()) {
            spoil(inner);
        } else {
            object.set(name, oddValue(0));
        }
    }

    private JsonNode oddValue(int depth) {
        return switch (random.nextInt(depth > 3 ? 6 : 9)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.numberNode(random.nextLong());
            case 3 -> NODES.numberNode(pick(List.of(0.0, -0.0, 1e-300, 1e300, 0.1, 4_503_599_627_370_497.5)));
            case 4 -> NODES.numberNode(new java.math.BigInteger("9".repeat(random.nextInt(1, 60))));
            case 6 -> NODES.arrayNode().add(oddValue(depth + 1));
            case 7 -> NODES.objectNode().set(pick(ODD_TEXTS), oddValue(depth + 1));
            case 8 -> manyKeys();
            default -> NODES.stringNode(pick(ODD_TEXTS));
        };
    }

    private JsonNode manyKeys() {
        ObjectNode many = NODES.objectNode();
        int count = random.nextInt(49, 53);
        for (int i = 0; i < count; i++) {
            many.put("key" + i, i);
        }
        return many;
    }

    private byte[] spoilt(byte[] bytes) {
        return switch (random.nextInt(7)) {
            case 0 -> new byte[0];
            case 1 -> Arrays.copyOf(bytes, bytes.length / 2);
            case 2 -> Arrays.copyOf(bytes, bytes.length + 3);
            case 3 -> ("[" + new String(bytes, StandardCharsets.UTF_8) + "]").getBytes(StandardCharsets.UTF_8);
            case 4 -> ("{\"a\":".repeat(2_000)).getBytes(StandardCharsets.UTF_8);
            case 5 -> Arrays.copyOf(bytes, random.nextInt(65_535, 70_000));
            default -> withARandomByte(bytes);
        };
    }

    private byte[] withARandomByte(byte[] bytes) {
        byte[] spoilt = bytes.clone();
        if (spoilt.length > 0) {
            spoilt[random.nextInt(spoilt.length)] = (byte) random.nextInt(256);
        }
        return spoilt;
    }

    /* ---- Values as the document says ---- */

    /** A value of a schema, valid as far as patterns and formats allow to guess. */
    private JsonNode valid(JsonNode given, int depth) {
        JsonNode schema = contract.resolve(given);
        boolean hardToGuess = schema.has("pattern") || schema.has("format") || schema.has("anyOf");
        if (schema.has("examples") && (hardToGuess || random.nextBoolean())) {
            return pick(List.copyOf(schema.get("examples").values())).deepCopy();
        }
        if (schema.has("enum")) {
            return pick(List.copyOf(schema.get("enum").values()));
        }
        for (String choice : List.of("oneOf", "anyOf")) {
            if (schema.has(choice) && !schema.has("properties") && !schema.has("type")) {
                return valid(pick(List.copyOf(schema.get(choice).values())), depth);
            }
        }
        return switch (type(schema)) {
            case "null" -> NODES.nullNode();
            case "boolean" -> NODES.booleanNode(random.nextBoolean());
            case "integer", "number" -> number(schema);
            case "array" -> NODES.arrayNode().add(valid(schema.get("items"), depth + 1));
            case "object" -> object(schema, depth);
            default -> string(schema);
        };
    }

    private String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        return type.isArray()
                ? pick(List.copyOf(type.values())).asString()
                : type.asString(schema.has("properties") ? "object" : "string");
    }

    private JsonNode number(JsonNode schema) {
        long least = schema.path("minimum").asLong(-1_000_000);
        long most = schema.path("maximum").asLong(Math.max(least, 1_000_000));
        return NODES.numberNode(
                switch (random.nextInt(4)) {
                    case 0 -> least;
                    case 1 -> most;
                    default -> most == Long.MAX_VALUE ? random.nextInt(1_000) : random.nextLong(least, most + 1);
                });
    }

    private JsonNode string(JsonNode schema) {
        int least = schema.path("minLength").asInt(1);
        int most = schema.path("maxLength").asInt(40);
        int length = switch (random.nextInt(6)) {
            case 0 -> least;
            case 1 -> most;
            default -> Math.min(most, least + random.nextInt(30));
        };
        StringBuilder text = new StringBuilder();
        while (text.length() < Math.min(length, 10_000)) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return NODES.stringNode(text.toString());
    }

    private JsonNode object(JsonNode schema, int depth) {
        ObjectNode object = NODES.objectNode();
        List<String> wanted = new ArrayList<>(required(schema));
        for (JsonNode part : schema.path("allOf")) {
            wanted.addAll(required(part));
        }
        schema.path("properties").properties().forEach(property -> {
            if (wanted.contains(property.getKey()) || random.nextInt(5) == 0) {
                object.set(property.getKey(), valid(property.getValue(), depth + 1));
            }
        });
        if (schema.path("additionalProperties").isObject()) {
            for (int i = random.nextInt(3); i > 0; i--) {
                object.set("key" + i, valid(schema.get("additionalProperties"), depth + 1));
            }
        }
        return object;
    }

    private List<String> required(JsonNode schema) {
        List<String> names = new ArrayList<>();
        schema.path("required").forEach(name -> names.add(name.asString()));
        for (String choice : List.of("oneOf", "anyOf")) {
            if (schema.has(choice)) {
                pick(List.copyOf(schema.get(choice).values()))
                        .path("required")
                        .forEach(name -> names.add(name.asString()));
            }
        }
        return names;
    }

    private static String text(JsonNode value) {
        return value.isContainer() ? value.toString() : value.asString("");
    }

    private static String escaped(String text) {
        // A lone surrogate has no encoding in UTF-8; the encoder writes "?" for it.
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
