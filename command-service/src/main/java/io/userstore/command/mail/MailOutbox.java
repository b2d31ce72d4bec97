package io.userstore.command.mail;

import io.userstore.api.json.Json;
import io.userstore.command.code.Code;
import io.userstore.command.store.AppendFollower;
import io.userstore.command.store.Enclosure;
import io.userstore.command.store.EventContext;
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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The mails that have to be sent: rows written in the transaction of the event that asks for one, so that there is a mail
 * if and only if there is the event. Times are the database's, whatever the clocks of the instances say. Thread-safe.
 */
final class MailOutbox implements AppendFollower {
    private final JdbcTemplate jdbc;
    private final Mailing mailing;

    MailOutbox(JdbcTemplate jdbc, Mailing mailing) {
        this.jdbc = jdbc;
        this.mailing = mailing;
    }

    /**
     * A mail that is to be tried now.
     *
     * @param attempts including this one
     * @param age since it was asked for
     */
    record Due(
            UUID userId,
            MailKind kind,
            String application,
            UUID id,
            String sealedContent,
            @Nullable String sealedCode,
            int attempts,
            Duration age) {}

    @Override
    public void follow(List<? extends DomainEventMessage<?>> messages, @Nullable Enclosure enclosure) {
        MailRequest request = enclosure instanceof MailRequest mail ? mail : null;
        for (DomainEventMessage<?> message : messages) {
            if (message.getPayload() instanceof StoredUserEvent event) {
                UUID userId = UUID.fromString(message.getAggregateIdentifier());
                follow(userId, EventContext.of(message).application(), event, request);
            }
        }
    }

    private void follow(UUID userId, String application, StoredUserEvent event, @Nullable MailRequest request) {
        switch (event) {
            case UserCreated e -> post(userId, application, MailKind.REGISTRATION, request);
            case VerificationRequested(var purpose, var hash, var expiresAt) ->
                post(
                        userId,
                        application,
                        purpose == CodePurpose.CONFIRMATION ? MailKind.CONFIRMATION : MailKind.VERIFICATION,
                        request);
            case PasswordResetRequested e -> post(userId, application, MailKind.PASSWORD_RESET, request);
            case EmailVerified(var wasVerified, var confirmed) -> {
                if (confirmed) {
                    jdbc.update(
                            "DELETE FROM mail WHERE user_id = ? AND kind = ?", userId, MailKind.CONFIRMATION.text());
                }
            }
            case UserDeleted e -> jdbc.update("DELETE FROM mail WHERE user_id = ?", userId);
            case ProfileUpdated e -> {}
            case UsernameChanged e -> {}
            case EmailChanged e -> {}
            case PasswordChanged e -> {}
            case PasswordRehashed e -> {}
            case UserActivated e -> {}
            case UserDeactivated e -> {}
            case PasswordReset e -> {}
            case ConfirmationMailSent e -> {}
            case ConfirmationMailFailed e -> {}
            case AuthProviderLinked e -> {}
            case AuthProviderUpdated e -> {}
            case AuthProviderUnlinked e -> {}
        }
    }

    /** Writes the request down if it is one for this kind of mail. */
    private void post(UUID userId, String application, MailKind kind, @Nullable MailRequest request) {
        if (request == null || request.kind() != kind) {
            return;
        }
        UUID id = UUID.randomUUID();
        String code = request.code() == null
                ? null
                : mailing.sealing().seal(request.code().value(), codePlace(userId, kind));
        if (request.content() == null && again(userId, kind, id, code)) {
            return;
        }
        MailContent content = request.content() == null ? MailContent.DEFAULT : request.content();
        jdbc.update(
                "INSERT INTO mail (user_id, kind, application, id, content, code, due_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, now())"
                        + " ON CONFLICT (user_id, kind) DO UPDATE SET id = EXCLUDED.id, content = EXCLUDED.content,"
                        + " code = EXCLUDED.code, attempts = 0, asked_at = now(), due_at = now()",
                userId,
                kind.text(),
                application,
                id,
                mailing.sealing().seal(Json.MAPPER.writeValueAsString(content), contentPlace(userId, kind)),
                code);
    }

    private boolean again(UUID userId, MailKind kind, UUID id, @Nullable String code) {
        return jdbc.update(
                        "UPDATE mail SET id = ?, code = ?, attempts = 0, asked_at = now(), due_at = now()"
                                + " WHERE user_id = ? AND kind = ?",
                        id,
                        code,
                        userId,
                        kind.text())
                > 0;
    }

    /**
     * Takes mails that are due and go through the service's own mail server, the one that has waited longest first. Nobody
     * else gets them until {@code lease} is over; whoever dies meanwhile leaves them to the next.
     */
    List<Due> claim(int limit, Duration lease) {
        return jdbc.query(
                claiming("SELECT user_id, kind FROM mail WHERE due_at <= now() AND NOT EXISTS"
                        + " (SELECT FROM application WHERE name = mail.application AND own_mail_server)"
                        + " ORDER BY due_at LIMIT ? FOR UPDATE SKIP LOCKED"),
                MailOutbox::due,
                limit,
                (double) lease.toSeconds());
    }

    /**
     * Takes likewise mails that go through servers of applications.
     *
     * @param each at most so many of one application
     * @param others applications to pass over
     */
    List<Due> claimForOwnServers(int limit, int each, Set<String> others, Duration lease) {
        return jdbc.query(
                claiming("SELECT m.user_id, m.kind FROM application a CROSS JOIN LATERAL"
                        + " (SELECT user_id, kind, due_at FROM mail WHERE application = a.name AND due_at <= now()"
                        + " ORDER BY due_at LIMIT ? FOR UPDATE SKIP LOCKED) m"
                        + " WHERE a.own_mail_server AND a.name <> ALL (?) ORDER BY m.due_at LIMIT ?"),
                MailOutbox::due,
                each,
                others.toArray(String[]::new),
                limit,
                (double) lease.toSeconds());
    }

    private static String claiming(String due) {
        return "WITH due AS MATERIALIZED (" + due + ")"
                + " UPDATE mail SET attempts = attempts + 1, due_at = now() + make_interval(secs => ?)"
                + " WHERE (user_id, kind) IN (SELECT user_id, kind FROM due)"
                + " RETURNING user_id, kind, application, id, content, code, attempts,"
                + " extract(epoch FROM now() - asked_at)";
    }

    private static Due due(ResultSet row, int number) throws SQLException {
        return new Due(
                row.getObject(1, UUID.class),
                MailKind.valueOf(row.getString(2).toUpperCase(Locale.ROOT)),
                row.getString(3),
                row.getObject(4, UUID.class),
                row.getString(5),
                row.getString(6),
                row.getInt(7),
                Duration.ofMillis((long) (row.getDouble(8) * 1_000)));
    }

    /** Tries it again after a pause, unless another mail has taken its place. */
    void retry(Due due, Duration pause) {
        jdbc.update(
                "UPDATE mail SET due_at = now() + make_interval(secs => ?) WHERE user_id = ? AND kind = ? AND id = ?",
                pause.toMillis() / 1_000.0,
                due.userId(),
                due.kind().text(),
                due.id());
    }

    /** Is done with it. What a confirmation said is kept until it is given, to be said again when asked; not its code. */
    void finish(Due due) {
        String sql = due.kind() == MailKind.CONFIRMATION
                ? "UPDATE mail SET due_at = NULL, code = NULL WHERE user_id = ? AND kind = ? AND id = ?"
                : "DELETE FROM mail WHERE user_id = ? AND kind = ? AND id = ?";
        jdbc.update(sql, due.userId(), due.kind().text(), due.id());
    }

    /** Mails that wait, whether it is their time or not. */
    long waiting() {
        Long waiting = jdbc.queryForObject("SELECT count(*) FROM mail WHERE due_at IS NOT NULL", Long.class);
        return waiting == null ? 0 : waiting;
    }

    /** What the mail says; empty when it was sealed with another master key. */
    Optional<MailContent> content(Due due) {
        return mailing.sealing()
                .open(due.sealedContent(), contentPlace(due.userId(), due.kind()))
                .map(json -> Json.MAPPER.readValue(json, MailContent.class));
    }

    /** The code that the mail holds; empty when it has none, or was sealed with another master key. */
    Optional<Code> code(Due due) {
        return Optional.ofNullable(due.sealedCode())
                .flatMap(text -> mailing.sealing().open(text, codePlace(due.userId(), due.kind())))
                .map(Code::of);
    }

    private static String contentPlace(UUID userId, MailKind kind) {
        return userId + "/" + kind.text() + "/content";
    }

    private static String codePlace(UUID userId, MailKind kind) {
        return userId + "/" + kind.text() + "/code";
    }
}
