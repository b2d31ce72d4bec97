package io.userstore.command.user;

import static io.userstore.command.user.Users.aRegisteredUser;
import static io.userstore.command.user.Users.createJohn;
import static io.userstore.command.user.Users.johnWasCreated;
import static io.userstore.command.user.Users.johnsProfile;
import static io.userstore.command.user.Users.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.command.user.StoredUserEvent.Email;
import io.userstore.command.user.StoredUserEvent.EmailChanged;
import io.userstore.command.user.StoredUserEvent.Imported;
import io.userstore.command.user.StoredUserEvent.Name;
import io.userstore.command.user.StoredUserEvent.PasswordChanged;
import io.userstore.command.user.StoredUserEvent.PasswordRehashed;
import io.userstore.command.user.StoredUserEvent.PasswordReset;
import io.userstore.command.user.StoredUserEvent.ProfileUpdated;
import io.userstore.command.user.StoredUserEvent.UserActivated;
import io.userstore.command.user.StoredUserEvent.UserCreated;
import io.userstore.command.user.StoredUserEvent.UserDeactivated;
import io.userstore.command.user.StoredUserEvent.UserDeleted;
import io.userstore.command.user.StoredUserEvent.UsernameChanged;
import io.userstore.command.user.UserCommand.DeleteUser;
import io.userstore.command.user.UserCommand.ImportUser;
import io.userstore.command.user.UserCommand.UpgradePasswordHash;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UserDecisionsTest {
    private static final PasswordHash NEW_HASH = new PasswordHash("{argon2}new");

    @Test
    void creatingAUserRecordsTheWholeProfileOnce() {
        assertThat(decide(UserState.NONE, createJohn())).containsExactly(johnWasCreated());
    }

    @Test
    void anImportedUserBringsWhatTheOtherSystemKnew() {
        Instant earlier = Users.THEN.minusSeconds(86_400);
        ImportUser command =
                new ImportUser(Users.ID, Users.APPLICATION, johnsProfile(), "cadets", false, null, earlier, true);
        UserCreated created = new UserCreated(
                Users.APPLICATION, "cadets", false, false, "", johnsProfile(), new Imported(earlier, true));
        assertThat(decide(UserState.NONE, command)).containsExactly(created);
        UserState state = UserState.NONE.apply(created, Users.THEN);
        assertThat(state.createdAt()).isEqualTo(earlier);
        assertThat(state.emailVerified()).isTrue();
        assertThat(UserState.NONE.apply(johnWasCreated(), Users.THEN).emailVerified())
                .isFalse();
    }

    @Test
    void anImportedUserOfWhomNothingElseIsKnownIsAsANewOne() {
        ImportUser command =
                new ImportUser(Users.ID, Users.APPLICATION, johnsProfile(), "cadets", true, null, null, false);
        assertThat(decide(UserState.NONE, command.withPasswordHash(Users.HASH))).containsExactly(johnWasCreated());
    }

    /** Locks and failures belong to a password by this number. */
    @Test
    void eachNewPasswordHasTheVersionInWhichItWasSet() {
        UserState state = aRegisteredUser();
        assertThat(state.passwordVersion()).isEqualTo(1);
        state = state.apply(new PasswordChanged("{argon2}second"), Users.THEN);
        assertThat(state.passwordVersion()).isEqualTo(2).isEqualTo(state.version());
        state = state.apply(new PasswordRehashed("{argon2}stronger"), Users.THEN);
        assertThat(state.passwordVersion()).as("the same password").isEqualTo(2);
        state = state.apply(new PasswordReset("{argon2}third"), Users.THEN);
        assertThat(state.passwordVersion()).isEqualTo(4).isEqualTo(state.version());
    }

    @Test
    void aNameThatChangesLeavesTheRest() {
        UserState renamed = aRegisteredUser().apply(new UsernameChanged(new Name("john")), Users.THEN);
        assertThat(renamed.profile()).isEqualTo(johnsProfile().withUsername("john"));
        assertThat(renamed.profile().username()).isEqualTo("john");
        Profile nameless = renamed.apply(new UsernameChanged(null), Users.THEN).profile();
        assertThat(nameless.username()).isNull();
        assertThat(nameless.email()).isEqualTo("john@example.com");
    }

    @Test
    void changingNothingRecordsNothing() {
        assertThat(decide(update().command())).isEmpty();
        assertThat(decide(update().email("john@example.com")
                        .username("johnsmith")
                        .firstName("John")
                        .group("cadets")
                        .active(true)
                        .extra(Map.of("color", Change.to("Blue"), "missing", Change.to(null)))
                        .command()))
                .isEmpty();
    }

    @Test
    void aNewAddressIsRecordedAsSuchAndIsUnverified() {
        assertThat(decide(update().email("js@example.com").command()))
                .containsExactly(new EmailChanged(false, new Email("js@example.com")));
    }

    @Test
    void anAddressOrANameCanBeTakenAwayButNotBoth() {
        assertThat(decide(update().email(null).command())).containsExactly(new EmailChanged(false, null));
        assertThat(decide(update().username(null).command())).containsExactly(new UsernameChanged(null));
        assertThat(refusal(update().username(null).email(null).command())).isEqualTo(Rejection.NO_NAME_LEFT);
    }

    @Test
    void severalChangesAreSeveralFactsAndTheProfileIsCarriedAsItWillBe() {
        assertThat(decide(update().username("john")
                        .firstName("Johnny")
                        .password(NEW_HASH)
                        .active(false)
                        .command()))
                .containsExactly(
                        new UsernameChanged(new Name("john")),
                        new ProfileUpdated(
                                Set.of("first_name"),
                                "cadets",
                                "cadets",
                                new Profile("john@example.com", "john", "Johnny", "Smith", Map.of("color", "Blue"))),
                        new PasswordChanged(NEW_HASH.encoded()),
                        new UserDeactivated());
    }

    @Test
    void aGroupChangeTellsTheGroupBefore() {
        assertThat(decide(update().group(null).command()))
                .containsExactly(new ProfileUpdated(Set.of("group"), null, "cadets", johnsProfile()));
    }

    @Test
    void customValuesAreMergedKeyByKey() {
        Map<String, Change<Object>> changes = Map.of("color", Change.to(null), "age", Change.to(24L));
        assertThat(decide(update().extra(changes).command()))
                .singleElement()
                .isInstanceOfSatisfying(
                        ProfileUpdated.class,
                        event -> assertThat(event.personal().extra()).isEqualTo(Map.of("age", 24L)));
        assertThat(decide(update().withoutExtra().command()))
                .singleElement()
                .isInstanceOfSatisfying(
                        ProfileUpdated.class,
                        event -> assertThat(event.personal().extra()).isEmpty());
    }

    @Test
    void aUserHasAtMostFiftyCustomValues() {
        Map<String, Change<Object>> fortyNine = new HashMap<>();
        for (int i = 0; i < 49; i++) {
            fortyNine.put("k" + i, Change.to(true));
        }
        assertThat(decide(update().extra(fortyNine).command())).hasSize(1);
        fortyNine.put("one more", Change.to(true));
        assertThat(refusal(update().extra(fortyNine).command())).isEqualTo(Rejection.TOO_MANY_EXTRA_KEYS);
    }

    @Test
    void deactivatingADeactivatedUserRecordsNothing() {
        UserState inactive = aRegisteredUser().apply(new UserDeactivated(), Users.THEN);
        assertThat(decide(inactive, update().active(false).command())).isEmpty();
        assertThat(decide(inactive, update().active(true).command())).containsExactly(new UserActivated());
    }

    @Test
    void anUpdateOfAnotherVersionThanAskedForIsRefused() {
        assertThat(decide(update().ifVersion(1, 7).group("x").command())).hasSize(1);
        assertThat(refusal(update().ifVersion(2).group("x").command())).isEqualTo(Rejection.VERSION_CONFLICT);
        assertThat(refusal(update().ifVersion().group("x").command())).isEqualTo(Rejection.VERSION_CONFLICT);
    }

    @Test
    void aUserOfAnotherApplicationIsNotThere() {
        assertThat(refusal(update().in("other").group("x").command())).isEqualTo(Rejection.NO_SUCH_USER);
        assertThat(refusal(new DeleteUser(Users.ID, "other", null))).isEqualTo(Rejection.NO_SUCH_USER);
    }

    @Test
    void aDeletedUserIsGoneAndLeavesNothingPersonalInTheState() {
        assertThat(decide(new DeleteUser(Users.ID, Users.APPLICATION, null)))
                .containsExactly(new UserDeleted("cadets", true, false, false));
        UserState deleted = aRegisteredUser().apply(new UserDeleted("cadets", true, false, false), Users.THEN);
        assertThat(deleted.exists()).isFalse();
        assertThat(deleted.profile()).isEqualTo(Profile.EMPTY);
        assertThat(deleted.passwordHash()).isEmpty();
        assertThat(UserDecisions.decide(deleted, update().group("x").command()))
                .isEqualTo(new Decision.Refused(Rejection.NO_SUCH_USER));
    }

    @Test
    void aHashIsUpgradedOnlyWhileItIsTheOneThatWasChecked() {
        UpgradePasswordHash upgrade = new UpgradePasswordHash(Users.ID, Users.APPLICATION, Users.HASH, NEW_HASH);
        assertThat(decide(upgrade)).containsExactly(new PasswordRehashed(NEW_HASH.encoded()));
        UserState changed = aRegisteredUser().apply(new PasswordChanged("{argon2}other"), Users.THEN);
        assertThat(decide(changed, upgrade)).isEmpty();
    }

    @Test
    void everyFactMakesTheVersionOneGreater() {
        UserState state = UserState.NONE;
        long version = 0;
        for (StoredUserEvent event : List.of(
                johnWasCreated(),
                new EmailChanged(false, null),
                new UsernameChanged(new Name("j")),
                new ProfileUpdated(Set.of("group"), "x", null, johnsProfile()),
                new PasswordChanged("h"),
                new PasswordRehashed("h"),
                new UserDeactivated(),
                new UserActivated(),
                new UserDeleted(null, true, false, false))) {
            state = state.apply(event, Users.THEN);
            assertThat(state.version()).isEqualTo(++version);
        }
    }

    @Test
    void aHashNeverPrints() {
        assertThat(createJohn().toString()).doesNotContain("secret");
        assertThat(aRegisteredUser().toString()).doesNotContain("secret").doesNotContain("john");
    }

    private static List<StoredUserEvent> decide(UserCommand command) {
        return decide(aRegisteredUser(), command);
    }

    private static List<StoredUserEvent> decide(UserState state, UserCommand command) {
        Decision decision = UserDecisions.decide(state, command);
        assertThat(decision).isInstanceOf(Decision.Accepted.class);
        return ((Decision.Accepted) decision).events();
    }

    private static Rejection refusal(UserCommand command) {
        Decision decision = UserDecisions.decide(aRegisteredUser(), command);
        assertThat(decision).isInstanceOf(Decision.Refused.class);
        return ((Decision.Refused) decision).rejection();
    }
}
