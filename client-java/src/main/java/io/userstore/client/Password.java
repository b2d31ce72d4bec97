package io.userstore.client;

import com.fasterxml.jackson.annotation.JsonValue;

/** A password on its way to the server; shown nowhere. */
public record Password(@JsonValue String text) {
    @Override
    public String toString() {
        return "***";
    }
}
