package io.userstore.command.store;

import io.userstore.command.application.StoredApplicationEvent;
import io.userstore.command.signin.SignIns;
import io.userstore.command.signin.StoredSignInEvent;
import io.userstore.command.user.Profile;
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
import io.userstore.command.user.StoredUserEvent.ProviderIdentity;
import io.userstore.command.user.StoredUserEvent.UserActivated;
import io.userstore.command.user.StoredUserEvent.UserCreated;
import io.userstore.command.user.StoredUserEvent.UserDeactivated;
import io.userstore.command.user.StoredUserEvent.UserDeleted;
import io.userstore.command.user.StoredUserEvent.UsernameChanged;
import io.userstore.command.user.StoredUserEvent.VerificationRequested;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Which e-mail addresses, user names and identities at providers are taken: rows with a unique key, written in the transaction that appends the
 * event, so that of any number of concurrent claims exactly one commits. The rows hold {@link Names}, not the texts. Thread-safe.
 */
public final class Reservations implements AppendFollower {
    private static final String INSERT =
            "INSERT INTO reservation (application, kind, value, user_id) VALUES (?, ?, ?, ?)";
    /** With how far the holder's streams have come, in the same statement: who has states of then need not read them. */
    private static final String HOLDER = """
            SELECT user_id,
                   (SELECT max(seq) + 1 FROM domain_event WHERE aggregate_id = user_id::text) AS version,
                   (SELECT max(seq) + 1 FROM domain_event WHERE aggregate_id = user_id::text || ?) AS sign_ins
            FROM reservation WHERE application = ? AND kind = ? AND value = ?""";

    private static final String ON_CONFLICT = " ON CONFLICT ON CONSTRAINT reservation_value DO NOTHING RETURNING kind";

    private final JdbcTemplate jdbc;
    private final Names names;

    Reservations(JdbcTemplate jdbc, Names names) {
        this.jdbc = jdbc;
        this.names = names;
    }

    /** What can be reserved; the order is the order of claiming, the same everywhere, so that claims cannot deadlock. */
    public enum Kind {
        EMAIL("email"),
        USERNAME("username"),
        PROVIDER("provider");

        private final String column;

        Kind(String column) {
            this.column = column;
        }

        String column() {
            return column;
        }
    }

    private record Claim(Kind kind, String value) {}

    /**
     * Who has what was asked for.
     *
     * @param version of the user at that moment, from 1
     * @param signIns events of the user's signing in at that moment, from 0
     */
    public record Holder(UUID userId, long version, long signIns) {}

    /** Who has that address or name in that application, compared by {@link Text#key(String)}. */
    public Optional<Holder> holder(String application, Kind kind, String text) {
        return holderOf(application, kind, names.of(application, kind, text));
    }

    /** Who is linked to that identity at that provider in that application; compared exactly. */
    public Optional<Holder> linkedTo(String application, String provider, String clientId) {
        return holderOf(application, Kind.PROVIDER, names.of(application, provider, clientId));
    }

    private Optional<Holder> holderOf(String application, Kind kind, String value) {
        return jdbc
                .query(
                        HOLDER,
                        (row, number) -> new Holder(
                                row.getObject("user_id", UUID.class), row.getLong("version"), row.getLong("sign_ins")),
                        SignIns.SUFFIX,
                        application,
                        kind.column,
                        value)
                .stream()
                .findFirst();
    }

    /**
     * Brings the reservations in line with events that are about to be appended. To be called in their transaction.
     *
     * @throws TakenException when somebody else has the address or the name
     */
    @Override
    public void follow(List<? extends DomainEventMessage<?>> messages, @Nullable Enclosure enclosure) {
        for (DomainEventMessage<?> message : messages) {
            String id = message.getAggregateIdentifier();
            switch (message.getPayload()) {
                case StoredUserEvent event ->
                    follow(UUID.fromString(id), EventContext.of(message).application(), event);
                // Appended only while there is a reservation: see SignInInsert.
                case StoredSignInEvent event -> {}
                case StoredApplicationEvent event -> {}
                default -> throw new IllegalArgumentException("not in the catalog: " + message.getPayloadType());
            }
        }
    }

    private void follow(UUID userId, String application, StoredUserEvent event) {
        switch (event) {
            case UserCreated(var app, var group, var active, var pending, var hash, Profile personal, var imported) ->
                claim(userId, application, claims(application, personal));
            case EmailChanged(var wasVerified, var personal) ->
                change(userId, application, Kind.EMAIL, personal == null ? null : personal.email());
            case UsernameChanged(var personal) ->
                change(userId, application, Kind.USERNAME, personal == null ? null : personal.username());
            case UserDeleted deleted -> {
                jdbc.update("DELETE FROM reservation WHERE user_id = ?", userId);
                jdbc.update(
                        "DELETE FROM snapshot_event WHERE aggregate_id IN (?, ?)",
                        userId.toString(),
                        SignIns.idOf(userId.toString()));
            }
            case ProfileUpdated e -> {}
            case PasswordChanged e -> {}
            case PasswordRehashed e -> {}
            case UserActivated e -> {}
            case UserDeactivated e -> {}
            case VerificationRequested e -> {}
            case EmailVerified e -> {}
            case PasswordResetRequested e -> {}
            case PasswordReset e -> {}
            case ConfirmationMailSent e -> {}
            case ConfirmationMailFailed e -> {}
            case AuthProviderLinked e -> claim(userId, application, e.provider(), e.personal());
            case AuthProviderUpdated e -> {
                if (e.changed().contains("client_id")) {
                    release(userId, e.provider());
                    claim(userId, application, e.provider(), e.personal());
                }
            }
            case AuthProviderUnlinked e -> release(userId, e.provider());
        }
    }

    private List<Claim> claims(String application, Profile profile) {
        List<Claim> claims = new ArrayList<>(2);
        if (profile.email() != null) {
            claims.add(new Claim(Kind.EMAIL, names.of(application, Kind.EMAIL, profile.email())));
        }
        if (profile.username() != null) {
            claims.add(new Claim(Kind.USERNAME, names.of(application, Kind.USERNAME, profile.username())));
        }
        return claims;
    }

    private void claim(UUID userId, String application, List<Claim> claims) {
        if (claims.isEmpty()) {
            return;
        }
        List<Object> arguments = new ArrayList<>();
        for (Claim claim : claims) {
            arguments.addAll(List.of(application, claim.kind().column, claim.value(), userId));
        }
        String sql = INSERT + ", (?, ?, ?, ?)".repeat(claims.size() - 1) + ON_CONFLICT;
        List<@Nullable String> won = jdbc.queryForList(sql, String.class, arguments.toArray());
        for (Claim claim : claims) {
            if (!won.contains(claim.kind().column)) {
                throw new TakenException(claim.kind());
            }
        }
    }

    private void claim(UUID userId, String application, String provider, ProviderIdentity identity) {
        claim(
                userId,
                application,
                List.of(new Claim(Kind.PROVIDER, names.of(application, provider, identity.clientId()))));
    }

    /** A user has at most one row per provider. */
    private void release(UUID userId, String provider) {
        jdbc.update(
                "DELETE FROM reservation WHERE user_id = ? AND kind = ? AND starts_with(value, ?)",
                userId,
                Kind.PROVIDER.column,
                // Without ambiguity: no provider has a colon in its name.
                provider + ':');
    }

    /** Updates the row where there is one: a sign-in that waits for it must find the user again. */
    private void change(UUID userId, String application, Kind kind, @Nullable String text) {
        if (text == null) {
            jdbc.update("DELETE FROM reservation WHERE user_id = ? AND kind = ?", userId, kind.column);
            return;
        }
        String value = names.of(application, kind, text);
        try {
            int updated = jdbc.update(
                    "UPDATE reservation SET value = ? WHERE user_id = ? AND kind = ?", value, userId, kind.column);
            if (updated == 0) {
                claim(userId, application, List.of(new Claim(kind, value)));
            }
        } catch (DuplicateKeyException e) {
            throw new TakenException(kind);
        }
    }

    /** Holds off a deletion until the transaction has committed; what comes after the deletion finds no row. */
    void requireUser(UUID userId) {
        List<@Nullable Integer> rows =
                jdbc.queryForList("SELECT 1 FROM reservation WHERE user_id = ? FOR KEY SHARE", Integer.class, userId);
        if (rows.isEmpty()) {
            throw new UserGoneException();
        }
    }

    /** Somebody else has the address or the name. Carries neither; has no stack trace: it is an answer. */
    public static final class TakenException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final Kind kind;

        TakenException(Kind kind) {
            super(kind + " is taken", null, false, false);
            this.kind = kind;
        }

        public Kind kind() {
            return kind;
        }
    }

    /** The user has been deleted meanwhile. */
    public static final class UserGoneException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UserGoneException() {
            super("the user has been deleted", null, false, false);
        }
    }
}
