package io.userstore.command.mail;

import io.userstore.command.template.TemplateFolder;
import io.userstore.web.InvalidConfigurationException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The templates of each application: those in the folder of its name, before those of all. The folders that are there at
 * the start are checked then; one that is made later at its first use. What has once been read is not read again.
 * Thread-safe.
 */
public final class TemplatesByApplication {
    private final TemplateFolder folder;
    private final MailTemplates shared;
    private final Map<String, MailTemplates> own = new ConcurrentHashMap<>();

    /**
     * @param folder templates that go before those built in, or null
     * @throws InvalidConfigurationException for a template that is broken or lacks its link, naming the file
     */
    TemplatesByApplication(@Nullable Path folder) {
        this.folder = new TemplateFolder(MailTemplates.PROPERTY, "/templates/mail/", folder);
        this.shared = new MailTemplates(this.folder);
        this.folder.innerNames().forEach(this::of);
    }

    /** @throws InvalidConfigurationException for a folder that was made later and has something broken, naming the file */
    public MailTemplates of(String application) {
        MailTemplates known = own.get(application);
        if (known != null) {
            return known;
        }
        Optional<TemplateFolder> made = folder.inner(application);
        return made.isEmpty() ? shared : own.computeIfAbsent(application, name -> new MailTemplates(made.get()));
    }
}
