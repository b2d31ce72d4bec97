package io.userstore.standalone.contract;

import io.userstore.standalone.Client;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A store that the tests of this package speak to, and what only who has started it knows. Thread-safe. */
interface Store extends AutoCloseable {
    /** Speaks with the root key. */
    Client root();

    /** Whether it was started with the properties that tests ask for. */
    boolean isOurs();

    /**
     * The mails that it has sent, the last first, each with {@code from}, {@code to}, {@code subject} and {@code text}; null when
     * they are not at hand.
     */
    @Nullable
    List<JsonNode> mails();

    /** What it has logged; empty when that is not at hand. */
    String log();

    @Override
    void close() throws Exception;
}
