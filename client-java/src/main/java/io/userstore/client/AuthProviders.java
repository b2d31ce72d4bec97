package io.userstore.client;

import java.util.List;
import java.util.Map;

/** The OAuth identities of users. Thread-safe. */
public final class AuthProviders {
    private static final String USERS = "users";
    private static final String PROVIDERS = "auth-providers";

    private final Transport transport;

    AuthProviders(Transport transport) {
        this.transport = transport;
    }

    private record Listed(List<AuthProvider> data) {}

    public List<AuthProvider> list(String userId) {
        return transport
                .read(Request.get(USERS, userId, PROVIDERS), ReadOptions.DEFAULT, Listed.class)
                .data();
    }

    /** @throws UserStoreException.NotFound when it is not linked, or there is no such user */
    public AuthProvider get(String userId, String provider) {
        Request request = Request.get(USERS, userId, PROVIDERS, provider);
        return transport.read(request, ReadOptions.DEFAULT, AuthProvider.class);
    }

    /** @throws UserStoreException.Conflict when it is linked, to this user or another */
    public AuthProvider link(String userId, AuthProvider identity, WriteOptions options) {
        return transport.write(Request.of("POST", identity, USERS, userId, PROVIDERS), options, AuthProvider.class);
    }

    /** @param fields those to change: {@code client_id}, {@code access_token}, {@code access_token_expiry} */
    public AuthProvider update(String userId, String provider, Map<String, Object> fields, WriteOptions options) {
        Request request = Request.of("PATCH", Map.copyOf(fields), USERS, userId, PROVIDERS, provider);
        return transport.write(request, options, AuthProvider.class);
    }

    public void unlink(String userId, String provider, WriteOptions options) {
        if (provider.isEmpty()) {
            // An empty segment could be taken for the collection, and that is all of them.
            throw new IllegalArgumentException("a provider is needed");
        }
        transport.write(Request.of("DELETE", null, USERS, userId, PROVIDERS, provider), options);
    }

    public void unlinkAll(String userId, WriteOptions options) {
        transport.write(Request.of("DELETE", null, USERS, userId, PROVIDERS), options);
    }
}
