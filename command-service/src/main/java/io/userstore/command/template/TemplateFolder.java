package io.userstore.command.template;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import io.userstore.web.InvalidConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where templates come from: a file in the folder goes before the built-in one of the same name. Read when asked. A value that is missing is empty; in files named {@code .html} values are escaped.
 */
public final class TemplateFolder {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

    private final String property;
    private final String builtIn;
    private final @Nullable Path folder;
    private final @Nullable TemplateFolder parent;

    /**
     * @param property the name of the property that gives the folder, to be told when something is wrong with it
     * @param builtIn the folder of the built-in templates on the class path, for example {@code /templates/mail/}
     * @param folder the folder of the operator's, or null for none
     * @throws InvalidConfigurationException when there is no such folder
     */
    public TemplateFolder(String property, String builtIn, @Nullable Path folder) {
        this(property, builtIn, folder, null);
        if (folder != null && !Files.isDirectory(folder)) {
            throw new InvalidConfigurationException(property + ": there is no folder " + folder.toAbsolutePath());
        }
    }

    private TemplateFolder(String property, String builtIn, @Nullable Path folder, @Nullable TemplateFolder parent) {
        this.property = property;
        this.builtIn = builtIn;
        this.folder = folder;
        this.parent = parent;
    }

    /** The folder of that name in this one, whose files go before those of this one; empty when there is none. */
    public Optional<TemplateFolder> inner(String name) {
        return folder != null && Files.isDirectory(folder.resolve(name))
                ? Optional.of(new TemplateFolder(property, builtIn, folder.resolve(name), this))
                : Optional.empty();
    }

    /** The names of the folders in the operator's folder. */
    public Set<String> innerNames() {
        return list(Files::isDirectory);
    }

    /** The names of the files in the operator's folder, and in that which this one is in; hidden ones left out. */
    public Set<String> names() {
        Set<String> names = list(Files::isRegularFile);
        if (parent != null) {
            names.addAll(parent.names());
        }
        return names;
    }

    private Set<String> list(Predicate<Path> which) {
        Set<String> names = new TreeSet<>();
        if (folder == null) {
            return names;
        }
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(which)
                    .map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> NAME.matcher(name).matches())
                    .forEach(names::add);
            return names;
        } catch (IOException e) {
            throw new InvalidConfigurationException(
                    property + ": the folder " + folder.toAbsolutePath() + " cannot be read: " + e);
        }
    }

    /** The text of a template, or empty when there is none of that name. */
    public Optional<String> source(String name) {
        try {
            if (folder != null && Files.isRegularFile(folder.resolve(name))) {
                return Optional.of(Files.readString(folder.resolve(name)));
            }
            if (parent != null) {
                return parent.source(name);
            }
            try (InputStream resource = TemplateFolder.class.getResourceAsStream(builtIn + name)) {
                return resource == null
                        ? Optional.empty()
                        : Optional.of(new String(resource.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw broken(name, "cannot be read as UTF-8: " + e);
        }
    }

    /**
     * Compiles a text.
     *
     * @param name the file that the text is from
     * @throws InvalidConfigurationException when it is broken, naming the file
     */
    public Template compile(String name, String text) {
        try {
            return Mustache.compiler()
                    .escapeHTML(name.endsWith(".html"))
                    .defaultValue("")
                    .withLoader(partial -> new StringReader(source(partial).orElseThrow(() -> missing(partial))))
                    .compile(text);
        } catch (MustacheException e) {
            throw broken(name, "is broken: " + e.getMessage());
        }
    }

    /** Of a template that must be there. */
    public Template compile(String name) {
        return compile(name, source(name).orElseThrow(() -> missing(name)));
    }

    /** What to tell of a file that is not as it must be. */
    public InvalidConfigurationException broken(String name, String what) {
        Path file = folder == null ? null : folder.resolve(name).toAbsolutePath();
        return new InvalidConfigurationException(
                property + ": the template " + (file == null ? name : file.toString()) + " " + what);
    }

    private InvalidConfigurationException missing(String name) {
        return broken(name, "does not exist");
    }
}
