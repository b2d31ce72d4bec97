package io.userstore.query.mongo;

import com.mongodb.ConnectionString;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the read models are.
 *
 * @param uri a MongoDB connection string; what it says of pools and timeouts wins over the fields here
 * @param database used when the connection string names none
 * @param maxConnections most connections to one server, from 1
 * @param patience how long an operation waits for a server to appear before it fails
 */
@ConfigurationProperties("userstore.mongodb")
public record MongoSettings(
        @DefaultValue("mongodb://127.0.0.1:27017") String uri,
        @DefaultValue("userstore") String database,
        @DefaultValue("64") int maxConnections,
        @DefaultValue("2s") Duration patience) {

    public MongoSettings {
        if (!uri.startsWith("mongodb://") && !uri.startsWith("mongodb+srv://")) {
            throw new IllegalArgumentException("userstore.mongodb.uri must begin with mongodb:// or mongodb+srv://");
        }
        if (!database.matches("[A-Za-z0-9_-]{1,38}")) {
            throw new IllegalArgumentException(
                    "userstore.mongodb.database must be 1 to 38 letters, digits, dashes or underscores");
        }
        if (maxConnections < 1) {
            throw new IllegalArgumentException("userstore.mongodb.max-connections must be at least 1");
        }
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("userstore.mongodb.patience must be positive");
        }
    }

    /** The database to use: the connection string's, else {@link #database()}. */
    String databaseName() {
        String named = new ConnectionString(uri).getDatabase();
        return named == null ? database : named;
    }

    /** Leaves the connection string out, which may hold a password. */
    @Override
    public String toString() {
        return "MongoSettings[database=" + database + ", maxConnections=" + maxConnections + ']';
    }
}
