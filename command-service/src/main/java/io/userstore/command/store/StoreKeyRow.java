package io.userstore.command.store;

import io.userstore.api.seal.MasterKeys;
import io.userstore.command.seal.StoreKey;
import io.userstore.web.InvalidConfigurationException;
import java.security.SecureRandom;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/** The one row with the store's own key, wrapped by the master key: made by the first instance that ever starts. */
final class StoreKeyRow {
    /** The name by which the key is wrapped. */
    static final String NAME = "store";

    private StoreKeyRow() {}

    /**
     * Wraps the key with the master key of today, where it is wrapped with another.
     *
     * @return whether it was
     */
    static boolean rewrap(JdbcTemplate jdbc, MasterKeys masters) {
        String today = masters.current().id();
        List<String> others = jdbc.query(
                "SELECT wrapped FROM store_key WHERE master <> ? FOR UPDATE", (row, n) -> row.getString(1), today);
        others.forEach(wrapped -> {
            byte[] bytes = masters.unwrapped(NAME, wrapped).orElseThrow();
            jdbc.update("UPDATE store_key SET wrapped = ?, master = ?", masters.wrap(NAME, bytes), today);
        });
        return !others.isEmpty();
    }

    /**
     * The store's key.
     *
     * @throws InvalidConfigurationException when it was wrapped with another master key
     */
    static StoreKey readOrMake(JdbcTemplate jdbc, MasterKeys masters) {
        byte[] bytes = new byte[StoreKey.BYTES];
        new SecureRandom().nextBytes(bytes);
        jdbc.update(
                "INSERT INTO store_key (wrapped, master) VALUES (?, ?) ON CONFLICT DO NOTHING",
                masters.wrap(NAME, bytes),
                masters.current().id());
        String wrapped = jdbc.queryForObject("SELECT wrapped FROM store_key", String.class);
        return masters.unwrapped(NAME, wrapped == null ? "" : wrapped)
                .map(StoreKey::new)
                .orElseThrow(() -> new InvalidConfigurationException(
                        "userstore.master-key is not the master key of this database: it was made with another; if the key"
                                + " is being replaced, set userstore.other-master-key to the one before"));
    }
}
