package io.userstore.standalone.contract;

import io.userstore.standalone.Client;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A store that somebody else has started. */
record StoreElsewhere(Client root) implements Store {
    static StoreElsewhere at(String url, String key) {
        return new StoreElsewhere(new Client(url, url, key));
    }

    @Override
    public boolean isOurs() {
        return false;
    }

    @Override
    public @Nullable List<JsonNode> mails() {
        return null;
    }

    @Override
    public String log() {
        return "";
    }

    @Override
    public void close() {
        // Who has started it stops it.
    }
}
