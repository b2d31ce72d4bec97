package io.userstore.command.user;

/** A password's hash with the name of its algorithm, for example {@code {argon2@1}$argon2id$…}. A secret. */
public record PasswordHash(String encoded) {
    @Override
    public String toString() {
        return "***";
    }
}
