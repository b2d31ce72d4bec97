package io.userstore.command.rest;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.Faults;
import io.userstore.api.error.FieldFault.Kind;
import io.userstore.api.user.UserIds;
import io.userstore.command.password.ForeignHash;
import io.userstore.command.password.PasswordSettings;
import io.userstore.command.password.RawPassword;
import io.userstore.command.store.UserImports.Candidate;
import io.userstore.command.user.PasswordHash;
import io.userstore.command.user.Profile;
import io.userstore.command.user.UserCommand.ImportUser;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One line of an import: a user to be created, or why it cannot be.
 *
 * @param candidate null when the line is at fault
 * @param password to be hashed before the user is imported; null when the line brings a hash, or neither
 * @param fault null when there is a candidate
 */
record ImportLine(
        long number,
        @Nullable Candidate candidate,
        @Nullable RawPassword password,
        @Nullable ApiException fault) {
    private static final int MAX_HASH = 1_024;
    private static final Instant EARLIEST = Instant.EPOCH;

    /** What an export has beside what an import takes. */
    private static final Set<String> READ_ONLY =
            Set.of("application", "validated", "confirmation", "last_signin", "updated_at", "version", "cursor");

    /** @param now later than this no user can have been created */
    static ImportLine parse(
            LineReader.Line line, ImportFormat format, String application, PasswordSettings policy, Instant now) {
        byte[] bytes = line.bytes();
        if (bytes == null) {
            String detail = "a line may have " + Body.MAX_BYTES + " bytes";
            return refused(line.number(), ApiException.of(ErrorCode.PAYLOAD_TOO_LARGE, detail));
        }
        try {
            Faults faults = new Faults();
            Fields fields = new Fields(format.translate(Body.jsonLine(bytes), faults), faults, false);
            RawPassword password = fields.newPassword("password", policy);
            PasswordHash hash = hash(fields);
            boolean hashed = !fields.isBlank("password_hash");
            if (fields.has("password") ? hashed : !hashed && format.passwordRequired()) {
                fields.fault("password", Kind.MISSING, "exactly one of password and password_hash is required");
            }
            Candidate candidate = candidate(fields, application, hash, now);
            fields.ignore(READ_ONLY);
            fields.rejectOthers();
            faults.throwIfAny();
            return new ImportLine(line.number(), candidate, password, null);
        } catch (ApiException e) {
            return refused(line.number(), e);
        }
    }

    private static Candidate candidate(Fields fields, String application, @Nullable PasswordHash hash, Instant now) {
        Profile profile = UserController.newProfile(fields);
        if (fields.isBlank("email") && fields.isBlank("username")) {
            fields.fault("email", Kind.MISSING, "an e-mail address or a user name is required");
        }
        Boolean active = fields.flag("is_active");
        Boolean verified = fields.flag("is_email_verified");
        UUID id = id(fields);
        ImportUser user = new ImportUser(
                (id == null ? UserIds.next() : id).toString(),
                application,
                profile,
                fields.line("group", Fields.MAX_NAME).after(null),
                !Boolean.FALSE.equals(active),
                hash,
                createdAt(fields, now),
                Boolean.TRUE.equals(verified) && profile.email() != null);
        return new Candidate(user, id != null);
    }

    private static @Nullable PasswordHash hash(Fields fields) {
        String text = fields.line("password_hash", MAX_HASH).after(null);
        if (text == null) {
            return null;
        }
        Optional<PasswordHash> hash = ForeignHash.parse(text);
        if (hash.isEmpty()) {
            fields.fault(
                    "password_hash",
                    Kind.INVALID,
                    "not a hash that can be checked here: unknown, broken, or too costly");
        }
        return hash.orElse(null);
    }

    private static @Nullable UUID id(Fields fields) {
        String text = fields.line("id", Fields.MAX_NAME).after(null);
        if (text == null) {
            return null;
        }
        Optional<UUID> id = UserIds.parse(text);
        if (id.isEmpty()) {
            fields.fault("id", Kind.INVALID, "must be a UUID of 36 characters");
        }
        return id.orElse(null);
    }

    private static @Nullable Instant createdAt(Fields fields, Instant now) {
        String text = fields.line("created_at", Fields.MAX_NAME).after(null);
        if (text == null) {
            return null;
        }
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            if (!time.isBefore(EARLIEST) && !time.isAfter(now)) {
                return time;
            }
            fields.fault("created_at", Kind.INVALID, "must lie between 1970 and now");
        } catch (DateTimeException e) {
            fields.fault("created_at", Kind.WRONG_TYPE, "must be a time such as 2026-01-04T23:48:34Z");
        }
        return null;
    }

    /** The line with the hash of its password. */
    ImportLine hashed(PasswordHash hash) {
        return candidate == null
                ? this
                : new ImportLine(
                        number,
                        new Candidate(candidate.user().withPasswordHash(hash), candidate.idGiven()),
                        null,
                        null);
    }

    private static ImportLine refused(long number, ApiException fault) {
        return new ImportLine(number, null, null, fault);
    }
}
