package io.userstore.api.user;

import java.text.Normalizer;
import java.util.Locale;

/** What is asked of any text that comes from outside, and how two texts are compared. */
public final class Text {
    private Text() {}

    /**
     * The form in which names and addresses are compared: trimmed, Unicode NFKC, lower case by {@link Locale#ROOT}.
     * Normalised again after lowering, since lowering can bring a text out of the normal form; trimmed last, since spaces
     * that do not break become plain ones in it. The sigma at the end of a word is one like any other: whether a letter stands at the end
     * changes while somebody types.
     */
    public static String key(String text) {
        String lowered = Normalizer.normalize(text, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .replace('\u03C2', '\u03C3');
        return Normalizer.normalize(lowered, Normalizer.Form.NFKC).strip();
    }

    /** Without white space at either end, spaces that do not break included. */
    public static String trimmed(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isWhite(text.charAt(start))) {
            start++;
        }
        while (end > start && isWhite(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isWhite(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    /** Whether the text has neither an unpaired surrogate nor a control character other than tab and line ends. */
    public static boolean isClean(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)) {
                if (i + 1 >= text.length() || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            } else if (Character.isLowSurrogate(c) || (Character.isISOControl(c) && "\t\n\r".indexOf(c) < 0)) {
                return false;
            }
        }
        return true;
    }

    /** Like {@link #isClean(String)}, and without tabs and line ends: fit for a name, an address, a key. */
    public static boolean isCleanLine(String text) {
        return isClean(text) && text.indexOf('\t') < 0 && text.indexOf('\n') < 0 && text.indexOf('\r') < 0;
    }
}
