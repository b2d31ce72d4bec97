package io.userstore.query.rest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of the administration page by their names: a page, its style and its program in modules, which need nothing
 * from elsewhere. Immutable.
 *
 * @see <a href="https://www.w3.org/TR/CSP3/">Content Security Policy, level 3</a>
 */
final class AdminPage {
    /** Own files and own calls; no style or program inside the page, no frame around it, no form that a browser sends. */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types 'none'";

    static final String PAGE = "admin.html";

    private static final List<String> NAMES = List.of(
            PAGE,
            "admin.css",
            "admin.js",
            "api.js",
            "applications.js",
            "chart.js",
            "dom.js",
            "forms.js",
            "statistics.js",
            "system.js",
            "text.js",
            "user.js",
            "users.js");

    private final Map<String, File> files = new LinkedHashMap<>();

    AdminPage() {
        NAMES.forEach(name -> files.put(name, new File(type(name), read(name))));
    }

    /** What a browser gets; nobody changes the bytes. */
    record File(String type, byte[] bytes) {}

    /** Null when there is no such file. */
    @Nullable
    File file(String name) {
        return files.get(name);
    }

    private static String type(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1);
        return switch (ending) {
            case "html" -> "text/html;charset=UTF-8";
            case "css" -> "text/css;charset=UTF-8";
            case "js" -> "text/javascript;charset=UTF-8";
            default -> throw new IllegalStateException("no type for " + name);
        };
    }

    private static byte[] read(String name) {
        try (InputStream stream = AdminPage.class.getResourceAsStream("admin/" + name)) {
            if (stream == null) {
                throw new IllegalStateException("missing in the jar: " + name);
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
