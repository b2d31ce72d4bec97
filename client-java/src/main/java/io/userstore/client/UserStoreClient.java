package io.userstore.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A client of one application's users.
 *
 * <pre>{@code
 * UserStoreClient store = UserStoreClient.builder(URI.create("https://users.example"), key).build();
 * UserResource tiny = store.users().create(NewUser.withUsername("tiny", "abcd1234"));
 * store.auth().signIn("tiny", "abcd1234");
 * }</pre>
 *
 * <p>Every call blocks until its answer and throws {@link UserStoreException} when that is none that was hoped for.
 * Nothing is repeated by itself. Immutable, thread-safe, and to be shared; it keeps no thread of its own.
 */
public final class UserStoreClient {
    private final Users users;
    private final Auth auth;
    private final AuthProviders authProviders;
    private final StatisticsReads statistics;
    private final Applications applications;
    private final Audit audit;
    private final Events events;

    private UserStoreClient(Transport transport) {
        this.users = new Users(transport);
        this.auth = new Auth(transport);
        this.authProviders = new AuthProviders(transport);
        this.statistics = new StatisticsReads(transport);
        this.applications = new Applications(transport);
        this.audit = new Audit(transport);
        this.events = new Events(transport);
    }

    /**
     * @param server without a path, for example {@code https://users.example}
     * @param key of the application
     * @throws IllegalArgumentException when the address is not http(s), or the key is blank
     */
    public static Builder builder(URI server, String key) {
        return new Builder(server, key);
    }

    /** Creates, reads, changes and deletes users. */
    public Users users() {
        return users;
    }

    /** Signs in and out, checks passwords and codes. */
    public Auth auth() {
        return auth;
    }

    /** The OAuth identities of users. */
    public AuthProviders authProviders() {
        return authProviders;
    }

    public StatisticsReads statistics() {
        return statistics;
    }

    /** Applications and their keys; needs a key with the permission {@code admin}. */
    public Applications applications() {
        return applications;
    }

    /** Proofs that the history has not been changed; needs a key with the permission {@code admin}. */
    public Audit audit() {
        return audit;
    }

    /** What happens to users, as it happens; needs a key with the permission {@code events:read}. */
    public Events events() {
        return events;
    }

    /** Not thread-safe. */
    public static final class Builder {
        private static final Duration CONNECT = Duration.ofSeconds(5);

        private final String server;
        private final String key;
        private Duration timeout = Duration.ofSeconds(30);
        private @Nullable HttpClient http;
        private boolean readsOwnWrites;

        private Builder(URI server, String key) {
            String text = server.toString().replaceFirst("/+$", "");
            if (!text.matches("https?://[^/?#@]+")) {
                throw new IllegalArgumentException("the server must be an address such as https://users.example");
            }
            if (!key.matches("[\\x21-\\x7e]+")) {
                throw new IllegalArgumentException("the key must be one word of ASCII");
            }
            this.server = text;
            this.key = key;
        }

        /** How long one call may take until the head of its answer is there; 30 s by default. */
        public Builder timeout(Duration bound) {
            this.timeout = bound;
            return this;
        }

        /**
         * In place of the JDK's client with 5 s to connect. It should follow no redirects: the key would go along. The
         * caller closes it.
         */
        public Builder httpClient(HttpClient client) {
            this.http = client;
            return this;
        }

        /**
         * Lets reads wait for the last write whose answer came before reads showed it ({@code Projection: pending}).
         * The server's wait is enough for most; this closes the gap where it is bounded or declined. Only the last such
         * write of this client is remembered: to wait for another, keep its {@link Receipt}.
         */
        public Builder readingOwnWrites() {
            this.readsOwnWrites = true;
            return this;
        }

        public UserStoreClient build() {
            HttpClient client = http == null
                    ? HttpClient.newBuilder()
                            .connectTimeout(CONNECT)
                            .followRedirects(HttpClient.Redirect.NEVER)
                            .build()
                    : http;
            return new UserStoreClient(
                    new Transport(client, server, key, timeout, readsOwnWrites ? new AtomicReference<>() : null));
        }
    }
}
