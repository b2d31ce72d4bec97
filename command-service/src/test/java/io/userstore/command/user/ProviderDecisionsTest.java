package io.userstore.command.user;

import static io.userstore.command.user.Users.APPLICATION;
import static io.userstore.command.user.Users.GOOGLE;
import static io.userstore.command.user.Users.ID;
import static io.userstore.command.user.Users.THEN;
import static io.userstore.command.user.Users.aDevice;
import static io.userstore.command.user.Users.aRegisteredUser;
import static io.userstore.command.user.Users.johnsProfile;
import static io.userstore.command.user.Users.link;
import static io.userstore.command.user.Users.update;
import static io.userstore.command.user.Users.wasLinked;
import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.command.user.StoredUserEvent.AuthProviderUnlinked;
import io.userstore.command.user.StoredUserEvent.AuthProviderUpdated;
import io.userstore.command.user.StoredUserEvent.PasswordChanged;
import io.userstore.command.user.StoredUserEvent.PasswordRehashed;
import io.userstore.command.user.StoredUserEvent.ProviderIdentity;
import io.userstore.command.user.StoredUserEvent.UserCreated;
import io.userstore.command.user.StoredUserEvent.UserDeleted;
import io.userstore.command.user.UserCommand.CreateUser;
import io.userstore.command.user.UserCommand.LinkAuthProvider;
import io.userstore.command.user.UserCommand.UnlinkAuthProviders;
import io.userstore.command.user.UserCommand.UpdateAuthProvider;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProviderDecisionsTest {

    @Test
    void aUserWithoutAPasswordIsCreatedWithItsLink() {
        CreateUser create =
                new CreateUser(ID, APPLICATION, johnsProfile(), null, true, null, null, null, Map.of("google", GOOGLE));
        assertThat(decide(UserState.NONE, create))
                .containsExactly(
                        new UserCreated(APPLICATION, null, true, false, "", johnsProfile()),
                        wasLinked("google", GOOGLE));
        assertThat(aDevice().links()).containsExactly(Map.entry("google", GOOGLE));
        assertThat(aDevice().version()).isEqualTo(2);
    }

    @Test
    void aUserIsLinkedToEachProviderOnce() {
        assertThat(decide(aRegisteredUser(), link("google", GOOGLE))).containsExactly(wasLinked("google", GOOGLE));
        assertThat(refusal(aDevice(), link("google", GOOGLE))).isEqualTo(Rejection.PROVIDER_ALREADY_LINKED);
        assertThat(decide(aDevice(), link("facebook", GOOGLE))).hasSize(1);
    }

    @Test
    void aUserHasAtMostTwentyProviders() {
        UserState state = aRegisteredUser();
        for (int i = 0; i < 20; i++) {
            assertThat(decide(state, link("p" + i, GOOGLE))).hasSize(1);
            state = state.apply(wasLinked("p" + i, GOOGLE), THEN);
        }
        assertThat(refusal(state, link("one-more", GOOGLE))).isEqualTo(Rejection.TOO_MANY_PROVIDERS);
    }

    @Test
    void anUpdateRecordsWhatChangedAndTheWholeLink() {
        assertThat(decide(aDevice(), updateGoogle(Change.keep(), Change.keep(), Change.to(7L))))
                .containsExactly(new AuthProviderUpdated(
                        "google", Set.of("access_token_expiry"), "v1.k.x", 7L, new ProviderIdentity("1234-Ab")));
        assertThat(decide(aDevice(), updateGoogle(Change.to("other"), Change.to(null), Change.to(null))))
                .containsExactly(new AuthProviderUpdated(
                        "google",
                        Set.of("client_id", "access_token", "access_token_expiry"),
                        null,
                        null,
                        new ProviderIdentity("other")));
    }

    @Test
    void anUpdateThatChangesNothingRecordsNothing() {
        assertThat(decide(aDevice(), updateGoogle(Change.to("1234-Ab"), Change.keep(), Change.keep())))
                .isEmpty();
        assertThat(refusal(aRegisteredUser(), updateGoogle(Change.keep(), Change.keep(), Change.keep())))
                .isEqualTo(Rejection.PROVIDER_NOT_LINKED);
    }

    @Test
    void theLastWayInIsNotTakenAway() {
        assertThat(refusal(aDevice(), unlink("google"))).isEqualTo(Rejection.LAST_WAY_IN);
        assertThat(refusal(aDevice(), unlink(null))).isEqualTo(Rejection.LAST_WAY_IN);
        UserState withTwo = aDevice().apply(wasLinked("facebook", GOOGLE), THEN);
        assertThat(decide(withTwo, unlink("google"))).containsExactly(new AuthProviderUnlinked("google"));
        assertThat(refusal(withTwo, unlink(null))).isEqualTo(Rejection.LAST_WAY_IN);
    }

    @Test
    void whoHasAPasswordCanUnlinkAll() {
        UserState state =
                aDevice().apply(wasLinked("facebook", GOOGLE), THEN).apply(new PasswordChanged("{argon2}new"), THEN);
        assertThat(decide(state, unlink(null)))
                .containsExactly(new AuthProviderUnlinked("facebook"), new AuthProviderUnlinked("google"));
        assertThat(decide(aRegisteredUser(), unlink(null))).isEmpty();
        assertThat(refusal(aRegisteredUser(), unlink("google"))).isEqualTo(Rejection.PROVIDER_NOT_LINKED);
    }

    @Test
    void aLinkOfAnotherVersionThanAskedForIsRefused() {
        assertThat(refusal(aRegisteredUser(), new LinkAuthProvider(ID, APPLICATION, "google", GOOGLE, Set.of(7L))))
                .isEqualTo(Rejection.VERSION_CONFLICT);
        assertThat(refusal(aDevice(), new UnlinkAuthProviders(ID, APPLICATION, "google", Set.of(7L))))
                .isEqualTo(Rejection.VERSION_CONFLICT);
        assertThat(refusal(aDevice(), new UnlinkAuthProviders(ID, "other", "google", null)))
                .isEqualTo(Rejection.NO_SUCH_USER);
    }

    @Test
    void aDeletedUserKeepsNoLink() {
        assertThat(aDevice()
                        .apply(new UserDeleted(null, true, false, false), THEN)
                        .links())
                .isEmpty();
    }

    @Test
    void theVersionOfThePasswordIsThatInWhichItWasSet() {
        UserState state = aRegisteredUser();
        assertThat(state.passwordVersion()).isEqualTo(1);
        state = state.apply(wasLinked("google", GOOGLE), THEN).apply(new PasswordRehashed("{argon2}z"), THEN);
        assertThat(state.passwordVersion()).isEqualTo(1);
        state = state.apply(new PasswordChanged("{argon2}new"), THEN);
        assertThat(state.passwordVersion()).isEqualTo(4).isEqualTo(state.version());
        assertThat(decide(state, update().group("x").command())).hasSize(1);
    }

    @Test
    void aLinkNeverPrints() {
        assertThat(link("google", GOOGLE).toString()).doesNotContain("1234-Ab").doesNotContain("v1.k.x");
        assertThat(aDevice().toString()).doesNotContain("1234-Ab");
    }

    private static UpdateAuthProvider updateGoogle(Change<String> clientId, Change<String> token, Change<Long> expiry) {
        return new UpdateAuthProvider(ID, APPLICATION, "google", clientId, token, expiry, null);
    }

    private static UnlinkAuthProviders unlink(@Nullable String provider) {
        return new UnlinkAuthProviders(ID, APPLICATION, provider, null);
    }

    private static List<StoredUserEvent> decide(UserState state, UserCommand command) {
        Decision decision = UserDecisions.decide(state, command);
        assertThat(decision).isInstanceOf(Decision.Accepted.class);
        return ((Decision.Accepted) decision).events();
    }

    private static Rejection refusal(UserState state, UserCommand command) {
        Decision decision = UserDecisions.decide(state, command);
        assertThat(decision).isInstanceOf(Decision.Refused.class);
        return ((Decision.Refused) decision).rejection();
    }
}
