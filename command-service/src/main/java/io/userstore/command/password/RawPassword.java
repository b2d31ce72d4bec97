package io.userstore.command.password;

import java.text.Normalizer;

/**
 * A password as it was typed, in Unicode NFKC, so that it is the same from every keyboard. A secret: it prints as
 * {@code ***} and has no JSON form.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8265">RFC 8265, on preparing passwords</a>
 */
public final class RawPassword {
    private final String value;

    private RawPassword(String value) {
        this.value = value;
    }

    public static RawPassword of(String typed) {
        return new RawPassword(Normalizer.normalize(typed, Normalizer.Form.NFKC));
    }

    /** Length in Unicode characters. */
    public int length() {
        return value.codePointCount(0, value.length());
    }

    String value() {
        return value;
    }

    @Override
    public String toString() {
        return "***";
    }
}
