package io.userstore.command.signin;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.command.signin.SignInCommand.Check;
import io.userstore.command.signin.SignInCommand.RecordFailure;
import io.userstore.command.signin.SignInCommand.RecordLogin;
import io.userstore.command.signin.SignInCommand.RecordSignOut;
import io.userstore.command.signin.StoredSignInEvent.LoginFailed;
import io.userstore.command.signin.StoredSignInEvent.LoginRecorded;
import io.userstore.command.signin.StoredSignInEvent.Origin;
import io.userstore.command.signin.StoredSignInEvent.SignedOut;
import io.userstore.command.signin.StoredSignInEvent.UserLocked;
import java.time.Instant;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.junit.jupiter.api.Test;

class SignInsTest {
    private static final String USER = "0198c0de-0000-7000-8000-000000000001";
    private static final String ID = SignIns.idOf(USER);
    private static final Instant THEN = Instant.parse("2026-01-04T23:48:34.288Z");
    private static final Origin HOME = new Origin("192.0.2.1");
    private static final Check CHECK = new Check(1, THEN, LockoutTest.POLICY);

    private final AggregateTestFixture<SignIns> fixture = new AggregateTestFixture<>(SignIns.class);

    @Test
    void theFirstLoginHasNoneBeforeIt() {
        fixture.givenNoPriorActivity()
                .when(new RecordLogin(ID, "cadets", "192.0.2.1", null, CHECK))
                .expectEvents(new LoginRecorded("cadets", null, HOME, "password"));
    }

    @Test
    void aLoginTellsWhenTheOneBeforeWas() {
        fixture.givenCurrentTime(THEN)
                .andGiven(new LoginRecorded(null, null, HOME, "password"), new LoginFailed(null, HOME, 1L))
                .when(new RecordLogin(ID, null, "192.0.2.1", "google", null))
                .expectEvents(new LoginRecorded(null, THEN, HOME, "google"));
    }

    @Test
    void aRightPasswordOfALockedUserIsNotRecordedAndAProviderIs() {
        UserLocked locked = new UserLocked(THEN.plusSeconds(60), 5);
        fixture.given(new LoginFailed(null, HOME, 1L), locked)
                .when(new RecordLogin(ID, null, "192.0.2.1", null, CHECK))
                .expectNoEvents();
        fixture.given(new LoginFailed(null, HOME, 1L), locked)
                .when(new RecordLogin(ID, null, "192.0.2.1", "google", null))
                .expectEvents(new LoginRecorded(null, null, HOME, "google"));
    }

    @Test
    void failuresAndSignOutsAreRecordedEvenBeforeAnyLogin() {
        fixture.givenNoPriorActivity()
                .when(new RecordFailure(ID, null, null, CHECK))
                .expectEvents(new LoginFailed(null, new Origin(null), 1L));
        fixture.given(new LoginFailed(null, HOME, 1L))
                .when(new RecordSignOut(ID, "192.0.2.1"))
                .expectEvents(new SignedOut(HOME));
    }

    @Test
    void failuresAreCountedUntilTheNextLogin() {
        SignInsState state = SignInsState.NONE
                .apply(new LoginFailed(null, HOME, null), THEN)
                .apply(new LoginFailed(null, HOME, null), THEN);
        assertThat(state.failuresSinceLogin()).isEqualTo(2);
        SignInsState after = state.apply(new LoginRecorded(null, null, HOME, "password"), THEN.plusNanos(1));
        assertThat(after).isEqualTo(new SignInsState(THEN, 0, 3, 0, null));
    }

    @Test
    void theStreamIsNamedAfterItsUser() {
        assertThat(SignIns.userIdOf(ID)).isEqualTo(USER);
    }
}
