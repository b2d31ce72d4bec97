package io.userstore.command.store;

import io.userstore.command.user.CodePurpose;
import io.userstore.command.user.StoredUserEvent;
import io.userstore.command.user.StoredUserEvent.AuthProviderLinked;
import io.userstore.command.user.StoredUserEvent.AuthProviderUnlinked;
import io.userstore.command.user.StoredUserEvent.AuthProviderUpdated;
import io.userstore.command.user.StoredUserEvent.ConfirmationMailFailed;
import io.userstore.command.user.StoredUserEvent.ConfirmationMailSent;
import io.userstore.command.user.StoredUserEvent.EmailChanged;
import io.userstore.command.user.StoredUserEvent.EmailVerified;
import io.userstore.command.user.StoredUserEvent.PasswordChanged;
import io.userstore.command.user.StoredUserEvent.PasswordRehashed;
import io.userstore.command.user.StoredUserEvent.PasswordReset;
import io.userstore.command.user.StoredUserEvent.PasswordResetRequested;
import io.userstore.command.user.StoredUserEvent.ProfileUpdated;
import io.userstore.command.user.StoredUserEvent.UserActivated;
import io.userstore.command.user.StoredUserEvent.UserCreated;
import io.userstore.command.user.StoredUserEvent.UserDeactivated;
import io.userstore.command.user.StoredUserEvent.UserDeleted;
import io.userstore.command.user.StoredUserEvent.UsernameChanged;
import io.userstore.command.user.StoredUserEvent.VerificationRequested;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Whose a code is, by its hash: rows that follow the events in their transaction. Only an index: whether a code is good
 * is decided on the user's own state. Used and void codes stay for a while, to be told apart from those that never
 * were. Thread-safe.
 */
public final class Codes implements AppendFollower {
    private final JdbcTemplate jdbc;

    Codes(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A code that was handed out.
     *
     * @param closed whether it has been used, or is void
     */
    public record Entry(String application, UUID userId, CodePurpose purpose, Instant expiresAt, boolean closed) {
        /** Whether it can be used at that time, as far as is known here. */
        public boolean isOpen(Instant now) {
            return !closed && now.isBefore(expiresAt);
        }
    }

    /** @param hash SHA-256 of the code, hexadecimal */
    public Optional<Entry> find(String hash) {
        return jdbc
                .query(
                        "SELECT application, user_id, purpose, expires_at, closed_at IS NOT NULL FROM code"
                                + " WHERE code_hash = ?",
                        (row, n) -> new Entry(
                                row.getString(1),
                                row.getObject(2, UUID.class),
                                CodePurpose.valueOf(row.getString(3).toUpperCase(Locale.ROOT)),
                                row.getTimestamp(4).toInstant(),
                                row.getBoolean(5)),
                        hash)
                .stream()
                .findFirst();
    }

    /** Forgets codes that expired longer ago than {@code keep}, by the database's clock. */
    int forgetOlderThan(Duration keep) {
        return jdbc.update(
                "DELETE FROM code WHERE expires_at < now() - make_interval(secs => ?)", (double) keep.toSeconds());
    }

    @Override
    public void follow(List<? extends DomainEventMessage<?>> messages, @Nullable Enclosure enclosure) {
        for (DomainEventMessage<?> message : messages) {
            if (message.getPayload() instanceof StoredUserEvent event) {
                UUID userId = UUID.fromString(message.getAggregateIdentifier());
                follow(userId, EventContext.of(message).application(), event);
            }
        }
    }

    /** Closes what {@link io.userstore.command.user.UserState} no longer accepts. */
    private void follow(UUID userId, String application, StoredUserEvent event) {
        switch (event) {
            case VerificationRequested(var purpose, var hash, var expiresAt) ->
                open(userId, application, purpose, hash, expiresAt);
            case PasswordResetRequested(var hash, var expiresAt) ->
                open(userId, application, CodePurpose.PASSWORD_RESET, hash, expiresAt);
            case EmailVerified(var wasVerified, var confirmed) ->
                close(userId, Set.of(confirmed ? CodePurpose.CONFIRMATION : CodePurpose.VERIFICATION));
            case PasswordReset e -> close(userId, Set.of(CodePurpose.PASSWORD_RESET));
            case PasswordChanged e -> close(userId, Set.of(CodePurpose.PASSWORD_RESET));
            case EmailChanged e -> close(userId, EnumSet.allOf(CodePurpose.class));
            case UserDeactivated e -> close(userId, Set.of(CodePurpose.CONFIRMATION));
            case UserDeleted e -> jdbc.update("DELETE FROM code WHERE user_id = ?", userId);
            case UserCreated e -> {}
            case ProfileUpdated e -> {}
            case UsernameChanged e -> {}
            case PasswordRehashed e -> {}
            case UserActivated e -> {}
            case ConfirmationMailSent e -> {}
            case ConfirmationMailFailed e -> {}
            case AuthProviderLinked e -> {}
            case AuthProviderUpdated e -> {}
            case AuthProviderUnlinked e -> {}
        }
    }

    private void open(UUID userId, String application, CodePurpose purpose, String hash, Instant expiresAt) {
        close(userId, Set.of(purpose));
        jdbc.update(
                "INSERT INTO code (code_hash, application, user_id, purpose, expires_at) VALUES (?, ?, ?, ?, ?)",
                hash,
                application,
                userId,
                purpose.text(),
                Timestamp.from(expiresAt));
    }

    private void close(UUID userId, Set<CodePurpose> purposes) {
        jdbc.update(
                "UPDATE code SET closed_at = now() WHERE user_id = ? AND closed_at IS NULL AND purpose = ANY (?)",
                userId,
                purposes.stream().map(CodePurpose::text).toArray(String[]::new));
    }
}
