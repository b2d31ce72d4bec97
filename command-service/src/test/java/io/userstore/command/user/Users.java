package io.userstore.command.user;

import io.userstore.command.user.StoredUserEvent.AuthProviderLinked;
import io.userstore.command.user.StoredUserEvent.ProviderIdentity;
import io.userstore.command.user.StoredUserEvent.UserCreated;
import io.userstore.command.user.StoredUserEvent.VerificationRequested;
import io.userstore.command.user.UserCommand.CreateUser;
import io.userstore.command.user.UserCommand.LinkAuthProvider;
import io.userstore.command.user.UserCommand.UpdateUser;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Users and commands that the tests speak of. */
final class Users {
    static final String ID = "0198c0de-0000-7000-8000-000000000001";
    static final String APPLICATION = "default";
    static final Instant THEN = Instant.parse("2026-01-04T23:48:34.288Z");
    static final PasswordHash HASH = new PasswordHash("{argon2}secret");

    private Users() {}

    static Profile johnsProfile() {
        return new Profile("john@example.com", "johnsmith", "John", "Smith", Map.of("color", "Blue"));
    }

    static CreateUser createJohn() {
        return new CreateUser(ID, APPLICATION, johnsProfile(), "cadets", true, HASH, null, null, Map.of());
    }

    static final ProviderLink GOOGLE = new ProviderLink("1234-Ab", "v1.k.x", 1_767_570_574L);

    static LinkAuthProvider link(String provider, ProviderLink link) {
        return new LinkAuthProvider(ID, APPLICATION, provider, link, null);
    }

    static AuthProviderLinked wasLinked(String provider, ProviderLink link) {
        return new AuthProviderLinked(
                provider, link.sealedToken(), link.tokenExpiry(), new ProviderIdentity(link.clientId()));
    }

    /** Has no password, and comes in through google only. */
    static UserState aDevice() {
        return UserState.NONE
                .apply(new UserCreated(APPLICATION, null, true, false, "", johnsProfile()), THEN)
                .apply(wasLinked("google", GOOGLE), THEN);
    }

    static UserCreated johnWasCreated() {
        return new UserCreated(APPLICATION, "cadets", true, false, HASH.encoded(), johnsProfile());
    }

    static UserState aRegisteredUser() {
        return UserState.NONE.apply(johnWasCreated(), THEN);
    }

    /** A code that expires an hour after {@link #THEN}. */
    static IssuedCode aCode(String hash) {
        return new IssuedCode(hash, THEN.plusSeconds(3_600));
    }

    /** John, who has been asked to confirm his address with the code {@code c1}. */
    static UserState aUserWhoIsAskedToConfirm() {
        return UserState.NONE
                .apply(new UserCreated(APPLICATION, "cadets", false, true, HASH.encoded(), johnsProfile()), THEN)
                .apply(
                        new VerificationRequested(
                                CodePurpose.CONFIRMATION, "c1", aCode("c1").expiresAt()),
                        THEN);
    }

    /** An update that changes nothing, to be narrowed by the test. */
    static Update update() {
        return new Update();
    }

    /** Builds an {@link UpdateUser} field by field. */
    static final class Update {
        private Change<String> email = Change.keep();
        private Change<String> username = Change.keep();
        private Change<String> firstName = Change.keep();
        private Change<String> group = Change.keep();
        private Map<String, Change<Object>> extra = Map.of();
        private boolean clearExtra;
        private Change<PasswordHash> hash = Change.keep();
        private @Nullable Boolean active;
        private @Nullable IssuedCode verification;
        private @Nullable Set<Long> ifVersion;
        private String application = APPLICATION;

        Update email(@Nullable String value) {
            email = Change.to(value);
            return this;
        }

        Update username(@Nullable String value) {
            username = Change.to(value);
            return this;
        }

        Update firstName(@Nullable String value) {
            firstName = Change.to(value);
            return this;
        }

        Update group(@Nullable String value) {
            group = Change.to(value);
            return this;
        }

        Update extra(Map<String, Change<Object>> changes) {
            extra = changes;
            return this;
        }

        Update withoutExtra() {
            clearExtra = true;
            return this;
        }

        Update password(PasswordHash value) {
            hash = Change.to(value);
            return this;
        }

        Update active(boolean value) {
            active = value;
            return this;
        }

        Update verification(IssuedCode code) {
            verification = code;
            return this;
        }

        Update ifVersion(long... versions) {
            ifVersion = java.util.Arrays.stream(versions).boxed().collect(java.util.stream.Collectors.toSet());
            return this;
        }

        Update in(String other) {
            application = other;
            return this;
        }

        UpdateUser command() {
            return new UpdateUser(
                    ID,
                    application,
                    email,
                    username,
                    firstName,
                    Change.keep(),
                    group,
                    extra,
                    clearExtra,
                    hash,
                    active,
                    verification,
                    ifVersion);
        }
    }
}
