package io.userstore.client;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A user to be created: an e-mail address or a user name, and a password or an OAuth identity.
 *
 * @param extra values are strings, numbers or booleans; at most 50
 * @param active whether the user may sign in; null for the server's default, which is yes
 * @param confirmation asks for a confirmation by mail in Coronium's style
 */
public record NewUser(
        @Nullable String email,
        @Nullable String username,
        @Nullable Password password,
        @Nullable String firstName,
        @Nullable String lastName,
        @Nullable String group,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Object> extra,
        @JsonProperty("is_active") @Nullable Boolean active,
        @Nullable AuthProvider authProvider,
        @Nullable Confirmation confirmation) {

    public NewUser {
        extra = Map.copyOf(extra);
    }

    /** The mail that asks the user to confirm the address. */
    public record Confirmation(
            @Nullable String fromEmail,
            @Nullable String subject,
            @Nullable String emailTpl,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> tplKeys) {
        public Confirmation {
            tplKeys = Map.copyOf(tplKeys);
        }
    }

    public static NewUser withEmail(String email, String password) {
        return new NewUser(email, null, new Password(password), null, null, null, Map.of(), null, null, null);
    }

    public static NewUser withUsername(String username, String password) {
        return new NewUser(null, username, new Password(password), null, null, null, Map.of(), null, null, null);
    }

    /** A user who can only come in through a provider; the server makes up the user name. */
    public static NewUser withProvider(AuthProvider identity) {
        return new NewUser(null, null, null, null, null, null, Map.of(), null, identity, null);
    }

    public NewUser andEmail(String address) {
        return new NewUser(
                address, username, password, firstName, lastName, group, extra, active, authProvider, confirmation);
    }

    public NewUser andUsername(String name) {
        return new NewUser(
                email, name, password, firstName, lastName, group, extra, active, authProvider, confirmation);
    }

    public NewUser named(@Nullable String first, @Nullable String last) {
        return new NewUser(email, username, password, first, last, group, extra, active, authProvider, confirmation);
    }

    public NewUser inGroup(String name) {
        return new NewUser(
                email, username, password, firstName, lastName, name, extra, active, authProvider, confirmation);
    }

    public NewUser withExtra(Map<String, Object> values) {
        return new NewUser(
                email, username, password, firstName, lastName, group, values, active, authProvider, confirmation);
    }

    public NewUser inactive() {
        return new NewUser(
                email, username, password, firstName, lastName, group, extra, false, authProvider, confirmation);
    }

    public NewUser confirmedBy(Confirmation mail) {
        return new NewUser(email, username, password, firstName, lastName, group, extra, active, authProvider, mail);
    }

    @Override
    public String toString() {
        return "NewUser[***]";
    }
}
