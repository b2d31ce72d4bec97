package io.userstore.web;

import io.userstore.api.key.KeyDigest;
import io.userstore.api.key.KeyTable;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The root key, and the keys that have been issued. Every key is looked up by its digest, known or not. Thread-safe. */
final class KnownKeys implements ApiKeys {
    private final SecretKey root;
    private final KeyTable issued;
    private final InstantSource clock;

    KnownKeys(SecretKey root, KeyTable issued, InstantSource clock) {
        this.root = root;
        this.issued = issued;
        this.clock = clock;
    }

    @Override
    public Optional<Grant> find(String secretKey) {
        Optional<Grant> grant = issued.find(KeyDigest.of(secretKey), clock.instant())
                .map(entry -> new Grant(
                        entry.grant().application(),
                        entry.keyId(),
                        permissions(entry.grant().permissions())));
        Optional<Grant> ofRoot = root.find(secretKey);
        return ofRoot.isPresent() ? ofRoot : grant;
    }

    @Override
    public boolean isComplete() {
        return issued.isComplete();
    }

    /** A permission of a later version is one that this version cannot give. */
    private static Set<Permission> permissions(Set<String> names) {
        Set<Permission> permissions = EnumSet.noneOf(Permission.class);
        names.forEach(name -> Permission.named(name).ifPresent(permissions::add));
        return permissions;
    }
}
