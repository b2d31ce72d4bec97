package io.userstore.command.rest;

import com.samskivert.mustache.Template;
import io.userstore.command.template.TemplateFolder;
import io.userstore.web.Answers;
import io.userstore.web.InvalidConfigurationException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * The pages that mails link to: plain HTML that works without JavaScript and loads nothing. Thread-safe.
 *
 * <p>The address of such a page holds a code, so that it is neither stored nor sent on to anybody.
 */
final class Pages {
    private static final int NONCE_BYTES = 16;

    /** The pages there are; each is a template of that name. */
    enum Page {
        CONFIRM("confirm.html"),
        CONFIRMED("confirmed.html"),
        RESET_PASSWORD("reset-password.html"),
        PASSWORD_CHANGED("password-changed.html"),
        CODE_EXPIRED("code-expired.html"),
        TRY_AGAIN("try-again.html");

        private final String file;

        Page(String file) {
            this.file = file;
        }
    }

    private final Map<Page, Template> templates = new EnumMap<>(Page.class);
    private final SecureRandom random = new SecureRandom();

    /** @throws InvalidConfigurationException for a template that is broken, naming the file */
    Pages(PageSettings settings) {
        TemplateFolder folder =
                new TemplateFolder("userstore.pages.templates", "/templates/pages/", settings.templates());
        for (Page page : Page.values()) {
            templates.put(page, folder.compile(page.file));
        }
    }

    /** @param values texts and flags for the template; an absent one is false */
    void answer(HttpServletResponse response, int status, Page page, Map<String, Object> values) throws IOException {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        String nonce = Base64.getEncoder().encodeToString(bytes);
        response.setHeader(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'nonce-" + nonce
                        + "'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Robots-Tag", "noindex");
        Map<String, Object> all = new HashMap<>(values);
        all.put("nonce", nonce);
        Template template = templates.get(page);
        if (template == null) {
            throw new IllegalStateException("every page has a template");
        }
        Answers.write(
                response,
                status,
                "text/html;charset=UTF-8",
                template.execute(all).getBytes(StandardCharsets.UTF_8));
    }
}
