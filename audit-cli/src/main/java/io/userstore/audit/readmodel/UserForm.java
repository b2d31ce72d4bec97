package io.userstore.audit.readmodel;

import io.userstore.api.user.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** How a user has to stand in the views that hold one document per user. Tells names of fields, never what is in them. */
enum UserForm {
    /** The users themselves. */
    USERS {
        @Override
        void compare(FoldedUser user, BsonDocument document, Set<String> unlike) {
            Map<String, @Nullable Object> view = user.view().fields();
            Map<String, BsonValue> expected = new LinkedHashMap<>();
            expected.put("application", bson(view.get("application")));
            expected.put("email_verified", bson(view.get("is_email_verified")));
            expected.put("group", bson(view.get("group")));
            expected.put("active", bson(view.get("is_active")));
            expected.put("confirmation", bson(view.get("confirmation")));
            expected.put(
                    "last_signin", bson(view.get("last_signin") == null ? Instant.EPOCH : view.get("last_signin")));
            expected.put("created_at", bson(view.get("created_at")));
            expected.put("updated_at", bson(view.get("updated_at")));
            expected.put("cursor", new BsonInt64(user.createdAt()));
            if (user.isOpened()) {
                personal(view, expected);
                extra(view, document, unlike);
                search(view, document, unlike);
            }
            Map<String, String> providers = providers(view);
            links(providers, user.isOpened(), document, unlike);
            compareFields(expected, document, unlike);
            addOthers(document, name -> KNOWN.contains(name) || name.startsWith(LINK_OF), unlike);
        }
    },

    /** How each user counts. */
    STATISTICS_USERS {
        @Override
        void compare(FoldedUser user, BsonDocument document, Set<String> unlike) {
            Counted counted = Counted.of(user);
            Map<String, BsonValue> expected = new LinkedHashMap<>();
            expected.put("group", bson(counted.group()));
            expected.put("active", bson(counted.active()));
            expected.put("verified", bson(counted.verified()));
            expected.put("pending", bson(counted.pending()));
            compareFields(expected, document, unlike);
            addOthers(document, expected::containsKey, unlike);
        }
    };

    static final String DELETED = "deleted";

    /** Fields that the writer of the documents keeps, in all of them. */
    private static final Set<String> KEPT = Set.of("_id", "version", "login_sequence", "partition", "offset");

    private static final String LINK_OF = "link_of_";
    private static final Set<String> KNOWN = Set.of(
            "application",
            "email",
            "email_key",
            "email_verified",
            "username",
            "username_key",
            "first_name",
            "last_name",
            "group",
            "extra",
            "active",
            "confirmation",
            "last_signin",
            "created_at",
            "updated_at",
            "cursor",
            "search",
            "links");

    /** Compares the document of a user who is there. */
    abstract void compare(FoldedUser user, BsonDocument document, Set<String> unlike);

    /** The names of the fields that differ, sorted; both are at the same numbers. */
    Set<String> unlike(FoldedUser user, BsonDocument document) {
        Set<String> unlike = new TreeSet<>();
        boolean isErased = document.containsKey(DELETED);
        if (user.isDeleted() || isErased) {
            // One whose key is gone before the deletion has come is erased already.
            if (!isErased || !(user.isDeleted() || !user.hasKey())) {
                unlike.add(DELETED);
            }
            if (user.isDeleted()) {
                addOthers(document, DELETED::equals, unlike);
            }
            return unlike;
        }
        compare(user, document, unlike);
        return unlike;
    }

    private static void compareFields(Map<String, BsonValue> expected, BsonDocument document, Set<String> unlike) {
        expected.forEach((name, value) -> {
            if (!value.equals(document.get(name, BsonNull.VALUE))) {
                unlike.add(name);
            }
        });
    }

    private static void addOthers(BsonDocument document, Predicate<String> isKnown, Set<String> unlike) {
        for (String name : document.keySet()) {
            if (!KEPT.contains(name) && !isKnown.test(name)) {
                unlike.add(name);
            }
        }
    }

    private static BsonValue bson(@Nullable Object value) {
        return switch (value) {
            case null -> BsonNull.VALUE;
            case String text -> new BsonString(text);
            case Boolean flag -> BsonBoolean.valueOf(flag);
            case Instant time -> new BsonDateTime(time.toEpochMilli());
            default -> throw new IllegalArgumentException("no field of a user: " + value.getClass());
        };
    }

    private static void personal(Map<String, @Nullable Object> view, Map<String, BsonValue> expected) {
        for (String name : List.of("email", "username", "first_name", "last_name")) {
            expected.put(name, bson(view.get(name)));
        }
        expected.put("email_key", bson(key(view.get("email"))));
        expected.put("username_key", bson(key(view.get("username"))));
    }

    private static String key(@Nullable Object text) {
        return text instanceof String present ? Text.key(present) : "";
    }

    private static void search(Map<String, @Nullable Object> view, BsonDocument document, Set<String> unlike) {
        Set<String> expected = new HashSet<>();
        for (String name : List.of("email", "username", "first_name", "last_name")) {
            expected.add(key(view.get(name)));
        }
        expected.remove("");
        if (!expected.equals(texts(document.get("search")))) {
            unlike.add("search");
        }
    }

    private static void links(
            Map<String, String> providers, boolean isOpened, BsonDocument document, Set<String> unlike) {
        Set<String> all = new HashSet<>();
        providers.forEach((provider, clientId) -> {
            String link = provider + ':' + clientId;
            all.add(link);
            BsonValue value = document.get(LINK_OF + provider, BsonNull.VALUE);
            if (isOpened ? !value.equals(new BsonString(link)) : value.isNull()) {
                unlike.add(LINK_OF + provider);
            }
        });
        if (isOpened && !all.equals(texts(document.get("links")))) {
            unlike.add("links");
        }
        document.forEach((name, value) -> {
            if (name.startsWith(LINK_OF)
                    && !value.isNull()
                    && !providers.containsKey(name.substring(LINK_OF.length()))) {
                unlike.add(name);
            }
        });
    }

    private static Map<String, String> providers(Map<String, @Nullable Object> view) {
        Map<String, String> providers = new TreeMap<>();
        if (view.get("auth_providers") instanceof Map<?, ?> all) {
            all.forEach((provider, clientId) -> providers.put(String.valueOf(provider), String.valueOf(clientId)));
        }
        return providers;
    }

    private static Set<String> texts(@Nullable BsonValue array) {
        Set<String> texts = new HashSet<>();
        if (array != null && array.isArray()) {
            for (BsonValue each : array.asArray()) {
                texts.add(each.isString() ? each.asString().getValue() : each.toString());
            }
        }
        return texts;
    }

    /** Custom values: in the document an array of {@code {k, v}}, with a number that BSON has no type for as text in {@code n}. */
    private static void extra(Map<String, @Nullable Object> view, BsonDocument document, Set<String> unlike) {
        Map<Object, Object> expected = new HashMap<>();
        if (view.get("extra") instanceof Map<?, ?> all) {
            all.forEach((key, value) -> expected.put(key, Plain.of(value)));
        }
        Map<Object, Object> found = new HashMap<>();
        List<BsonValue> entries = new ArrayList<>();
        BsonValue array = document.get("extra");
        if (array != null && array.isArray()) {
            entries.addAll(array.asArray());
        }
        for (BsonValue entry : entries) {
            BsonDocument one = entry.isDocument() ? entry.asDocument() : new BsonDocument();
            found.put(
                    Plain.of(one.get("k")),
                    one.containsKey("n") ? Plain.number(Plain.of(one.get("n"))) : Plain.of(one.get("v")));
        }
        if (!Objects.equals(expected, found)) {
            unlike.add("extra");
        }
    }
}
