package io.userstore.query.projection;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One filling of a read model: its documents, and the progress that belongs to them. A rebuild makes the next one beside the one
 * that is read.
 *
 * @param model the read model's name, for example {@code users}
 * @param version of the documents' form, from 1; part of the code
 * @param number of the filling, from 1; never given twice
 */
public record Generation(String model, int version, int number) {
    private static final Pattern SUFFIX = Pattern.compile("_v([1-9][0-9]{0,8})(?:_g([1-9][0-9]{0,8}))?");
    private static final String FILL = "_fill";
    private static final String REFUSED = "_refused";

    public Generation {
        if (version < 1 || number < 1) {
            throw new IllegalArgumentException("versions and numbers begin at 1");
        }
    }

    /** Under what name its progress is kept, for example {@code users_v1}, and {@code users_v1_g2} for the second. */
    public String key() {
        return collection(model);
    }

    /** Likewise, the progress of those who fill it from the beginning, until the intake goes on from there. */
    public String fillKey() {
        return key() + FILL;
    }

    /** Likewise, how many events could not be taken while it was filled. */
    public String refusedKey() {
        return key() + REFUSED;
    }

    /** The name of one of its collections, for example {@code users_totals_v1_g2} of {@code users_totals}. */
    public String collection(String base) {
        return base + "_v" + version + (number == 1 ? "" : "_g" + number);
    }

    /** The generation of that read model that a name belongs to, if it is one of the names made here. */
    static Optional<Generation> of(String model, String base, String name) {
        String rest = name.startsWith(base) ? name.substring(base.length()) : "";
        if (base.equals(model)) {
            rest = without(without(rest, FILL), REFUSED);
        }
        Matcher suffix = SUFFIX.matcher(rest);
        return suffix.matches()
                ? Optional.of(new Generation(
                        model,
                        Integer.parseInt(suffix.group(1)),
                        suffix.group(2) == null ? 1 : Integer.parseInt(suffix.group(2))))
                : Optional.empty();
    }

    private static String without(String text, String end) {
        return text.endsWith(end) ? text.substring(0, text.length() - end.length()) : text;
    }
}
