package io.userstore.command.mail;

import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import io.userstore.command.template.TemplateFolder;
import io.userstore.web.InvalidConfigurationException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The templates of mails, read and checked at the start. A template {@code NAME} is a file {@code NAME.txt}, whose first
 * line is {@code Subject: …}, and beside it {@code NAME.html} or not. Thread-safe.
 */
public final class MailTemplates {
    static final String PROPERTY = "userstore.mail.templates";

    private static final String SUBJECT = "Subject:";
    private static final String TEXT = ".txt";
    private static final String HTML = ".html";

    /** Stands in for a link to see whether a template shows it. */
    private static final String MARK = "https://mark.invalid/7f3a";

    private final Map<String, MailTemplate> templates = new HashMap<>();

    /**
     * @param folder templates that go before those built in, or null
     * @throws InvalidConfigurationException for a template that is broken or lacks its link, naming the file
     */
    MailTemplates(@Nullable Path folder) {
        this(new TemplateFolder(PROPERTY, "/templates/mail/", folder));
    }

    /** @throws InvalidConfigurationException as above */
    MailTemplates(TemplateFolder files) {
        Set<String> names = new TreeSet<>();
        for (MailKind kind : MailKind.values()) {
            names.add(kind.template());
        }
        for (String file : files.names()) {
            if (file.endsWith(TEXT) || file.endsWith(HTML)) {
                names.add(file.substring(0, file.lastIndexOf('.')));
            }
        }
        names.forEach(name -> templates.put(name, read(files, name)));
    }

    /** @param kind what it is for */
    private record MailTemplate(
            MailKind kind,
            Template subject,
            Template text,
            @Nullable Template html) {}

    /** A mail's texts. */
    record Rendered(String subject, String text, @Nullable String html) {}

    /** Whether a mail of that kind may ask for that template. */
    public boolean isFor(MailKind kind, String name) {
        MailTemplate template = templates.get(name);
        return template != null && template.kind() == kind;
    }

    /** @param name of a template that is there */
    Rendered render(String name, Map<String, String> values) {
        MailTemplate template = templates.get(name);
        if (template == null) {
            throw new MustacheException("no template of that name");
        }
        return new Rendered(
                // A value must not be able to begin another header.
                template.subject()
                        .execute(values)
                        .replaceAll("\\p{Cntrl}+", " ")
                        .strip(),
                template.text().execute(values),
                template.html() == null ? null : template.html().execute(values));
    }

    private static MailTemplate read(TemplateFolder files, String name) {
        String source = files.source(name + TEXT)
                .orElseThrow(() -> files.broken(name + HTML, "needs " + name + TEXT + " beside it"));
        String[] parts = source.split("\\R", 2);
        if (!parts[0].startsWith(SUBJECT) || parts.length < 2) {
            throw files.broken(name + TEXT, "must begin with a line \"Subject: …\"");
        }
        Template subject =
                files.compile(name + TEXT, parts[0].substring(SUBJECT.length()).strip());
        Template text = files.compile(name + TEXT, parts[1].stripLeading());
        Template html = files.source(name + HTML)
                .map(found -> files.compile(name + HTML, found))
                .orElse(null);
        MailKind kind = kind(files, name, text);
        check(files, name + TEXT, text, kind);
        if (html != null) {
            check(files, name + HTML, html, kind);
        }
        return new MailTemplate(kind, subject, text, html);
    }

    /** What a template is for that has no kind's name: only confirmations and resets can choose, so its link tells. */
    private static MailKind kind(TemplateFolder files, String name, Template text) {
        for (MailKind kind : MailKind.values()) {
            if (kind.template().equals(name)) {
                return kind;
            }
        }
        return shows(files, name + TEXT, text, MailKind.PASSWORD_RESET)
                ? MailKind.PASSWORD_RESET
                : MailKind.CONFIRMATION;
    }

    private static void check(TemplateFolder files, String file, Template template, MailKind kind) {
        if (!shows(files, file, template, kind)) {
            throw files.broken(file, "must show {{" + kind.link() + "}}, without which its mail serves nothing");
        }
    }

    /** Whether the template can be filled, which it must, and shows the link of that kind, if there is one. */
    private static boolean shows(TemplateFolder files, String file, Template template, MailKind kind) {
        String link = kind.link();
        String shown;
        try {
            shown = template.execute(link == null ? Map.of() : Map.of(link, MARK));
        } catch (MustacheException e) {
            throw files.broken(file, "is broken: " + e.getMessage());
        }
        // In HTML a slash may be escaped.
        return link == null || shown.replace("&#x2F;", "/").contains(MARK);
    }
}
