package io.userstore.audit;

import com.mongodb.MongoException;
import io.userstore.api.event.Topics;
import io.userstore.api.seal.MasterKey;
import io.userstore.api.seal.MasterKeys;
import io.userstore.audit.source.EventStore;
import io.userstore.audit.source.EventTopic;
import io.userstore.audit.source.ReadModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the servers are; options of the commands that read them. The defaults are those of a standalone in this folder. */
final class Servers {
    private static final String DEFAULT_MONGODB = "mongodb://127.0.0.1:27017";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PATIENCE_WITH_DEFAULT = Duration.ofSeconds(2);

    @Option(
            names = "--jdbc-url",
            paramLabel = "URL",
            defaultValue = "${env:SPRING_DATASOURCE_URL:-jdbc:postgresql://127.0.0.1:15432/postgres}",
            description = "The event store; SPRING_DATASOURCE_URL (default: ${DEFAULT-VALUE}).")
    private String jdbcUrl = "";

    @Option(
            names = "--jdbc-username",
            paramLabel = "NAME",
            defaultValue = "${env:SPRING_DATASOURCE_USERNAME:-postgres}",
            description = "May be one that can only read; SPRING_DATASOURCE_USERNAME (default: ${DEFAULT-VALUE}).")
    private String jdbcUsername = "";

    @Option(
            names = "--jdbc-password-file",
            paramLabel = "FILE",
            description = "Holds the password. Without it that of SPRING_DATASOURCE_PASSWORD, else that in"
                    + " data/postgres/password.")
    private @Nullable Path jdbcPasswordFile;

    @Option(
            names = "--kafka",
            paramLabel = "SERVERS",
            defaultValue = "${env:SPRING_KAFKA_BOOTSTRAP_SERVERS:-127.0.0.1:9092}",
            description = "Kafka's bootstrap servers; SPRING_KAFKA_BOOTSTRAP_SERVERS (default: ${DEFAULT-VALUE}).")
    private String kafka = "";

    @Option(
            names = "--events-topic",
            paramLabel = "TOPIC",
            defaultValue = Topics.EVENTS,
            description = "The log; another one to look at a copy (default: ${DEFAULT-VALUE}).")
    private String eventsTopic = "";

    @Option(
            names = "--mongodb",
            paramLabel = "URI",
            description = "The read models; USERSTORE_MONGODB_URI (default: " + DEFAULT_MONGODB + ").")
    private @Nullable String mongodb;

    /** The event store; to be closed. */
    EventStore store() throws SQLException, IOException {
        return EventStore.open(jdbcUrl, jdbcUsername, password());
    }

    private @Nullable String password() throws IOException {
        if (jdbcPasswordFile != null) {
            return Files.readString(jdbcPasswordFile).strip();
        }
        String variable = System.getenv("SPRING_DATASOURCE_PASSWORD");
        return variable != null
                ? variable
                : inDataFolder("postgres", "password").orElse(null);
    }

    /** The log of events; to be closed. */
    EventTopic events() {
        return topic(eventsTopic);
    }

    EventTopic topic(String name) {
        return new EventTopic(kafka, name);
    }

    /**
     * The read models; to be closed. Empty when nobody has said where they are, and they are not where a standalone has them.
     *
     * @throws MongoException when those that somebody has named are away
     */
    Optional<ReadModels> readModels() {
        String told = mongodb != null ? mongodb : System.getenv("USERSTORE_MONGODB_URI");
        String database =
                Optional.ofNullable(System.getenv("USERSTORE_MONGODB_DATABASE")).orElse("userstore");
        ReadModels models =
                open(told == null ? DEFAULT_MONGODB : told, database, told == null ? PATIENCE_WITH_DEFAULT : PATIENCE);
        try {
            models.ping();
            return Optional.of(models);
        } catch (MongoException e) {
            models.close();
            if (told == null) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static ReadModels open(String uri, String database, Duration patience) {
        try {
            return ReadModels.open(uri, database, patience);
        } catch (IllegalArgumentException e) {
            // Its message may quote the password.
            throw CommandFailedException.usage("--mongodb: not a connection string such as " + DEFAULT_MONGODB);
        }
    }

    String kafka() {
        return kafka;
    }

    String eventsTopic() {
        return eventsTopic;
    }

    /**
     * The master key, or empty when there is none, so that what is personal stays sealed.
     *
     * @param file as told on the command line, or null
     */
    static Optional<MasterKeys> masterKeys(@Nullable Path file) throws IOException {
        String variable = System.getenv("USERSTORE_MASTER_KEY_FILE");
        Path told = file == null && variable != null ? Path.of(variable) : file;
        Optional<String> text = told != null
                ? Optional.of(Files.readString(told))
                : Optional.ofNullable(System.getenv("USERSTORE_MASTER_KEY")).or(Servers::masterKeyInDataFolder);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        MasterKey key = MasterKey.parse(text.get())
                .orElseThrow(() ->
                        CommandFailedException.usage("the master key is not 32 bytes in hexadecimal digits or base64"));
        return Optional.of(new MasterKeys(key, null));
    }

    private static Optional<String> masterKeyInDataFolder() {
        try {
            return inDataFolder("master-key");
        } catch (IOException e) {
            throw CommandFailedException.couldNotRun("data/master-key cannot be read: " + e.getMessage());
        }
    }

    /** What a file of the standalone's data folder says; empty when there is none that may be read. */
    static Optional<String> inDataFolder(String... path) throws IOException {
        Path file = Path.of(System.getProperty("userstore.home", "")).resolve(Path.of("data", path));
        return Files.isReadable(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
    }
}
