package io.userstore.command.rest;

import io.userstore.api.error.Faults;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;

/** What the lines of an import look like. */
enum ImportFormat {
    /** Our own fields; a password, or a hash of one, is required. */
    USERSTORE((fields, faults) -> fields),
    /** Users of a realm that Keycloak has exported. */
    KEYCLOAK(KeycloakUsers::translate),
    /** Users as Auth0 takes and gives them in bulk. */
    AUTH0(Auth0Users::translate);

    private final BiFunction<Map<String, Object>, Faults, Map<String, Object>> translation;

    ImportFormat(BiFunction<Map<String, Object>, Faults, Map<String, Object>> translation) {
        this.translation = translation;
    }

    /** As it is asked for, for example {@code keycloak}. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Exports of other systems often lack the hashes; such users set a password by a reset. */
    boolean passwordRequired() {
        return this == USERSTORE;
    }

    /** The line in our own fields; what another system has beyond those is passed over. */
    Map<String, Object> translate(Map<String, Object> line, Faults faults) {
        return translation.apply(line, faults);
    }
}
