package io.userstore.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The page that shows the API's document to people: one file that needs nothing from elsewhere, and that a browser lets
 * do nothing but ask for the document.
 *
 * @param html the page, with its style and its program inside
 * @param contentSecurityPolicy admits exactly that style and that program, by their hashes
 * @see <a href="https://www.w3.org/TR/CSP3/">Content Security Policy, level 3</a>
 */
record DocsPage(String html, String contentSecurityPolicy) {

    static DocsPage load() {
        String style = read("docs/docs.css");
        String program = read("docs/docs.js");
        String html = read("docs/docs.html").replace("{style}", style).replace("{program}", program);
        String policy = "default-src 'none'; style-src '" + hash(style) + "'; script-src '" + hash(program)
                + "'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        return new DocsPage(html, policy);
    }

    private static String read(String file) {
        try (InputStream stream = DocsPage.class.getResourceAsStream(file)) {
            if (stream == null) {
                throw new IllegalStateException("missing in the jar: " + file);
            }
            // A browser hashes what is between the tags with line feeds alone, however they were checked out.
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
