package io.userstore.command.user;

import static io.userstore.command.user.Users.createJohn;
import static io.userstore.command.user.Users.johnWasCreated;
import static io.userstore.command.user.Users.update;

import io.userstore.command.user.StoredUserEvent.UserDeactivated;
import io.userstore.command.user.StoredUserEvent.UserDeleted;
import io.userstore.command.user.UserCommand.DeleteUser;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.junit.jupiter.api.Test;

class UserAggregateTest {
    private final AggregateTestFixture<UserAggregate> fixture = new AggregateTestFixture<>(UserAggregate.class);

    @Test
    void aUserIsCreated() {
        fixture.givenNoPriorActivity().when(createJohn()).expectEvents(johnWasCreated());
    }

    @Test
    void aUserIsLoadedFromItsEventsAndChanged() {
        fixture.given(johnWasCreated()).when(update().active(false).command()).expectEvents(new UserDeactivated());
    }

    @Test
    void aRefusedCommandRecordsNothingAndSaysWhy() {
        UserState deleted = Users.aRegisteredUser().apply(new UserDeleted("cadets", true, false, false), Users.THEN);
        fixture.givenCurrentTime(Users.THEN)
                .andGiven(johnWasCreated(), new UserDeleted("cadets", true, false, false))
                .when(new DeleteUser(Users.ID, Users.APPLICATION, null))
                .expectNoEvents()
                .expectResultMessagePayload(
                        new UserAggregate.Outcome(new Decision.Refused(Rejection.NO_SUCH_USER), deleted, deleted));
    }

    @Test
    void aUserThatNeverWasIsNotFound() {
        fixture.givenNoPriorActivity()
                .when(update().active(false).command())
                .expectException(AggregateNotFoundException.class);
    }
}
