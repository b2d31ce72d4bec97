package io.userstore.command.store;

import io.userstore.api.seal.MasterKeys;
import io.userstore.command.seal.StoreKey;
import io.userstore.web.InvalidConfigurationException;
import java.security.SecureRandom;
import org.springframework.jdbc.core.JdbcTemplate;

/** The one row with the store's own key, wrapped by the master key: made by the first instance that ever starts. */
final class StoreKeyRow {
    /** The name by which the key is wrapped. */
    static final String NAME = "store";

    private StoreKeyRow() {}

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
                                + " is being replaced, set userstore.previous-master-key to the one before"));
    }
}
