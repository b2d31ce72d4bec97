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
        TemplateFolder files = new TemplateFolder(PROPERTY, "/templates/mail/", folder);
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

    private record MailTemplate(
            Template subject, Template text, @Nullable Template html) {}

    /** A mail's texts. */
    record Rendered(String subject, String text, @Nullable String html) {}

    /** Whether a confirmation may ask for that template: not for one of the other kinds. */
    public boolean isForConfirmations(String name) {
        return templates.containsKey(name) && kind(name) == MailKind.CONFIRMATION;
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

    /** Those that nobody knows of are for confirmations: only there a template can be chosen. */
    private static MailKind kind(String name) {
        for (MailKind kind : MailKind.values()) {
            if (kind.template().equals(name)) {
                return kind;
            }
        }
        return MailKind.CONFIRMATION;
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
        check(files, name + TEXT, text);
        if (html != null) {
            check(files, name + HTML, html);
        }
        return new MailTemplate(subject, text, html);
    }

    private static void check(TemplateFolder files, String file, Template template) {
        String link = kind(file.substring(0, file.lastIndexOf('.'))).link();
        String shown;
        try {
            shown = template.execute(link == null ? Map.of() : Map.of(link, MARK));
        } catch (MustacheException e) {
            throw files.broken(file, "is broken: " + e.getMessage());
        }
        // In HTML a slash may be escaped.
        if (link != null && !shown.replace("&#x2F;", "/").contains(MARK)) {
            throw files.broken(file, "must show {{" + link + "}}, without which its mail serves nothing");
        }
    }
}
