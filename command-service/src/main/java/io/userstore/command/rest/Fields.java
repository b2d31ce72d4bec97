package io.userstore.command.rest;

import io.userstore.api.error.Faults;
import io.userstore.api.error.FieldFault.Kind;
import io.userstore.api.user.EmailAddress;
import io.userstore.api.user.Text;
import io.userstore.api.user.Username;
import io.userstore.command.password.PasswordSettings;
import io.userstore.command.password.RawPassword;
import io.userstore.command.user.Change;
import io.userstore.web.QueryParameters;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a body, parsed into domain values as they are asked for; every fault is collected. An empty text takes
 * a value away, as {@code null} does: a form has no other way to say so. Not thread-safe: one per request.
 */
final class Fields {
    static final int MAX_NAME = 256;
    static final int MAX_EXTRA_KEY = 64;
    static final int MAX_EXTRA_VALUE = 1_024;
    /** The last second of the year 9999. */
    private static final long MAX_UNIX_TIME = 253_402_300_799L;

    private final Map<String, Object> values;
    private final Set<String> asked = new HashSet<>();
    private final Faults faults;
    private final boolean form;
    /** Before the names in faults: the object that the fields are in. */
    private final String prefix;

    /** @param form whether every value is a text, which may stand for a number or a flag */
    Fields(Map<String, Object> values, Faults faults, boolean form) {
        this(values, faults, form, "");
    }

    private Fields(Map<String, Object> values, Faults faults, boolean form, String prefix) {
        this.values = values;
        this.faults = faults;
        this.form = form;
        this.prefix = prefix;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** Whether the field has no value: not given, null or empty. A value at fault counts as given. */
    boolean isBlank(String name) {
        Object value = values.get(name);
        return value == null || (value instanceof String text && text.isBlank());
    }

    Change<String> email(String name) {
        return parsed(
                name, text -> EmailAddress.parse(text).map(EmailAddress::value).orElse(null), "not an e-mail address");
    }

    Change<String> username(String name) {
        return parsed(
                name,
                text -> Username.parse(text).map(Username::value).orElse(null),
                "must have 1 to " + Username.MAX_LENGTH
                        + " characters and look neither like an e-mail address nor an id");
    }

    private Change<String> parsed(String name, Function<String, @Nullable String> parse, String message) {
        Change<String> line = line(name, Integer.MAX_VALUE);
        if (!(line instanceof Change.Put<String>(String text))) {
            return line;
        }
        String parsed = parse.apply(text);
        if (parsed == null) {
            fault(name, Kind.INVALID, message);
            return Change.keep();
        }
        return Change.to(parsed);
    }

    /** One line of text, trimmed. */
    Change<String> line(String name, int maxLength) {
        asked.add(name);
        if (!values.containsKey(name)) {
            return Change.keep();
        }
        Object value = values.get(name);
        if (value == null) {
            return Change.to(null);
        }
        if (!(value instanceof String text)) {
            fault(name, Kind.WRONG_TYPE, "must be a string");
        } else if (text.isBlank()) {
            return Change.to(null);
        } else if (text.length() > maxLength) {
            fault(name, Kind.TOO_LONG, "may have at most " + maxLength + " characters");
        } else if (!Text.isCleanLine(text)) {
            fault(name, Kind.INVALID, "contains control characters or broken Unicode");
        } else {
            return Change.to(text.strip());
        }
        return Change.keep();
    }

    /** A new password within the bounds of the policy, or null when none was given or it was at fault. */
    @Nullable
    RawPassword newPassword(String name, PasswordSettings policy) {
        RawPassword password = password(name);
        if (password == null) {
            return null;
        }
        if (password.length() < policy.minLength()) {
            fault(name, Kind.TOO_SHORT, "must have at least " + policy.minLength() + " characters");
            return null;
        }
        if (password.length() > policy.maxLength()) {
            fault(name, Kind.TOO_LONG, "may have at most " + policy.maxLength() + " characters");
            return null;
        }
        if (policy.deniedFile().contains(password)) {
            fault(name, Kind.TOO_COMMON, "is one of the commonest passwords");
            return null;
        }
        return password;
    }

    /** A password as it was typed, of any length, or null when none was given or it was at fault. */
    @Nullable
    RawPassword password(String name) {
        asked.add(name);
        if (!values.containsKey(name)) {
            return null;
        }
        if (!(values.get(name) instanceof String text)) {
            fault(name, Kind.WRONG_TYPE, "must be a string");
            return null;
        }
        if (text.indexOf('\0') >= 0 || !Text.isClean(text.replaceAll("\\p{Cntrl}", ""))) {
            fault(name, Kind.INVALID, "contains broken Unicode");
            return null;
        }
        return RawPassword.of(text);
    }

    @Nullable
    Boolean flag(String name) {
        asked.add(name);
        if (!values.containsKey(name)) {
            return null;
        }
        Object value = values.get(name);
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (form && ("true".equals(value) || "1".equals(value))) {
            return true;
        }
        if (form && ("false".equals(value) || "0".equals(value))) {
            return false;
        }
        fault(name, Kind.WRONG_TYPE, "must be true or false");
        return null;
    }

    /** Whether two fields have the same value. */
    boolean isSame(String name, String other) {
        asked.add(other);
        return Objects.equals(values.get(name), values.get(other));
    }

    /** Whether the whole field is to be taken away. */
    boolean isCleared(String name) {
        return values.containsKey(name) && values.get(name) == null;
    }

    /** A whole number within bounds, or the fallback when none was given; else a fault. */
    long wholeNumber(String name, long fallback, long least, long most) {
        asked.add(name);
        Object value = values.get(name);
        if (value == null) {
            return fallback;
        }
        boolean digits = form && value instanceof String text && text.matches("\\d{1,18}");
        if (!digits && !(value instanceof Integer) && !(value instanceof Long)) {
            fault(name, Kind.WRONG_TYPE, "must be a whole number from " + least + " to " + most);
            return fallback;
        }
        long number = Long.parseLong(value.toString());
        if (number < least || number > most) {
            fault(name, Kind.INVALID, "must be from " + least + " to " + most);
        }
        return number;
    }

    /** Words: an array of strings; in a form, one text with spaces or commas between them. */
    Set<String> words(String name) {
        asked.add(name);
        Set<String> words = new LinkedHashSet<>();
        Object value = values.get(name);
        if (form && value instanceof String text) {
            words.addAll(Arrays.asList(text.strip().split("[ ,]+")));
        } else if (value instanceof List<?> list) {
            for (Object word : list) {
                if (word instanceof String text) {
                    words.add(text);
                } else {
                    fault(name, Kind.WRONG_TYPE, "must be an array of strings");
                    return Set.of();
                }
            }
        } else if (value != null) {
            fault(name, Kind.WRONG_TYPE, "must be an array of strings");
        }
        return words;
    }

    /** Custom values: string, number or boolean by key; {@code null} takes a key away. */
    Map<String, Change<Object>> extra(String name) {
        asked.add(name);
        Map<String, Change<Object>> changes = new LinkedHashMap<>();
        if (!values.containsKey(name) || values.get(name) == null) {
            return changes;
        }
        if (!(values.get(name) instanceof Map<?, ?> given)) {
            fault(name, Kind.WRONG_TYPE, "must be an object");
            return changes;
        }
        given.forEach((key, value) -> {
            String extraKey = String.valueOf(key);
            String shown = name + "." + QueryParameters.shown(extraKey);
            if (extraKey.isBlank() || extraKey.length() > MAX_EXTRA_KEY || !Text.isCleanLine(extraKey)) {
                fault(shown, Kind.INVALID, "a key must have 1 to " + MAX_EXTRA_KEY + " printable characters");
            } else {
                changes.put(extraKey, extraValue(shown, value));
            }
        });
        return changes;
    }

    private Change<Object> extraValue(String shown, @Nullable Object value) {
        switch (value) {
            case null -> {
                return Change.to(null);
            }
            case String text
            when text.length() > MAX_EXTRA_VALUE ->
                fault(shown, Kind.TOO_LONG, "may have at most " + MAX_EXTRA_VALUE + " characters");
            case String text
            when !Text.isClean(text) -> fault(shown, Kind.INVALID, "contains control characters or broken Unicode");
            case BigInteger huge -> fault(shown, Kind.INVALID, "a whole number must fit into 64 bits");
            case Double number when !Double.isFinite(number) -> fault(shown, Kind.INVALID, "a number must be finite");
            case String text -> {
                return Change.to(text);
            }
            case Boolean flag -> {
                return Change.to(flag);
            }
            case Integer number -> {
                return Change.to(number.longValue());
            }
            case Number number -> {
                return Change.to(number);
            }
            default -> fault(shown, Kind.WRONG_TYPE, "must be a string, a number or a boolean");
        }
        return Change.keep();
    }

    /** The fields of an object in this one; null when there is none, or it is at fault. */
    @Nullable
    Fields object(String name) {
        asked.add(name);
        Object value = values.get(name);
        if (value instanceof Map<?, ?> object) {
            Map<String, Object> fields = new LinkedHashMap<>();
            object.forEach((key, inner) -> fields.put(String.valueOf(key), inner));
            return new Fields(fields, faults, form, prefix + name + ".");
        }
        if (value != null) {
            fault(name, Kind.WRONG_TYPE, "must be an object");
        }
        return null;
    }

    /** Every field as it came. */
    Map<String, Object> all() {
        asked.addAll(values.keySet());
        return values;
    }

    /** A text kept exactly as it was given, which {@code null} or an empty text takes away. */
    Change<String> exact(String name, int maxLength) {
        Change<String> line = line(name, maxLength);
        return line instanceof Change.Put<String> && values.get(name) instanceof String text ? Change.to(text) : line;
    }

    /** Seconds since 1970, up to the year 9999. */
    Change<Long> unixTime(String name) {
        asked.add(name);
        if (!values.containsKey(name)) {
            return Change.keep();
        }
        if (isBlank(name)) {
            return Change.to(null);
        }
        String digits = values.get(name) instanceof Integer || values.get(name) instanceof Long || form
                ? String.valueOf(values.get(name))
                : "";
        if (digits.matches("\\d{1,12}") && Long.parseLong(digits) <= MAX_UNIX_TIME) {
            return Change.to(Long.valueOf(digits));
        }
        fault(name, Kind.WRONG_TYPE, "must be a time in whole seconds since 1970");
        return Change.keep();
    }

    /** Passes over fields that clients send back unchanged. */
    void ignore(Set<String> names) {
        asked.addAll(names);
    }

    /** Adds a fault for every field that nobody asked for. */
    void rejectOthers() {
        for (String name : values.keySet()) {
            if (!asked.contains(name)) {
                fault(QueryParameters.shown(name), Kind.UNKNOWN, "not a field of this request");
            }
        }
    }

    void fault(String name, Kind kind, String message) {
        faults.add(prefix + name, kind, message);
    }
}
