package io.userstore.command.user;

import static io.userstore.command.user.Users.APPLICATION;
import static io.userstore.command.user.Users.HASH;
import static io.userstore.command.user.Users.ID;
import static io.userstore.command.user.Users.THEN;
import static io.userstore.command.user.Users.aCode;
import static io.userstore.command.user.Users.aRegisteredUser;
import static io.userstore.command.user.Users.aUserWhoIsAskedToConfirm;
import static io.userstore.command.user.Users.johnsProfile;
import static io.userstore.command.user.Users.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.command.user.StoredUserEvent.ConfirmationMailFailed;
import io.userstore.command.user.StoredUserEvent.ConfirmationMailSent;
import io.userstore.command.user.StoredUserEvent.Email;
import io.userstore.command.user.StoredUserEvent.EmailChanged;
import io.userstore.command.user.StoredUserEvent.EmailVerified;
import io.userstore.command.user.StoredUserEvent.PasswordChanged;
import io.userstore.command.user.StoredUserEvent.PasswordReset;
import io.userstore.command.user.StoredUserEvent.PasswordResetRequested;
import io.userstore.command.user.StoredUserEvent.UserActivated;
import io.userstore.command.user.StoredUserEvent.UserCreated;
import io.userstore.command.user.StoredUserEvent.UserDeactivated;
import io.userstore.command.user.StoredUserEvent.UserDeleted;
import io.userstore.command.user.StoredUserEvent.VerificationRequested;
import io.userstore.command.user.UserCommand.CreateUser;
import io.userstore.command.user.UserCommand.DeleteUser;
import io.userstore.command.user.UserCommand.RecordConfirmationMail;
import io.userstore.command.user.UserCommand.RequestConfirmation;
import io.userstore.command.user.UserCommand.RequestPasswordReset;
import io.userstore.command.user.UserCommand.ResetPassword;
import io.userstore.command.user.UserCommand.VerifyEmail;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Verification, confirmation and reset. */
class CodeDecisionsTest {
    private static final Instant SOON = THEN.plusSeconds(60);
    private static final PasswordHash NEW_HASH = new PasswordHash("{argon2}new");

    @Test
    void aUserWhoIsAskedForAConfirmationStartsInactiveWhateverIsAskedFor() {
        assertThat(decide(UserState.NONE, create(null, aCode("c1"))))
                .containsExactly(
                        new UserCreated(APPLICATION, "cadets", false, true, HASH.encoded(), johnsProfile()),
                        requested(CodePurpose.CONFIRMATION, "c1"));
        assertThat(aUserWhoIsAskedToConfirm().confirmation()).isEqualTo(Confirmation.PENDING);
        assertThat(aUserWhoIsAskedToConfirm().validated()).isFalse();
    }

    @Test
    void aUserWhoGetsAVerificationCodeIsActiveAtOnce() {
        UserState state = after(UserState.NONE, create(aCode("v1"), null));
        assertThat(state.active()).isTrue();
        assertThat(state.confirmation()).isNull();
        assertThat(state.updatedAt()).isEqualTo(state.createdAt());
    }

    @Test
    void aConfirmationMakesTheUserActiveAndValidatedAndTheAddressVerified() {
        assertThat(decide(aUserWhoIsAskedToConfirm(), confirm("c1", SOON)))
                .containsExactly(new EmailVerified(false, true), new UserActivated());
        UserState confirmed = after(aUserWhoIsAskedToConfirm(), confirm("c1", SOON));
        assertThat(confirmed.active()).isTrue();
        assertThat(confirmed.validated()).isTrue();
        assertThat(confirmed.emailVerified()).isTrue();
        assertThat(confirmed.codes()).isEmpty();
    }

    @Test
    void aUserWhomSomebodyHasActivatedMeanwhileIsNotActivatedTwice() {
        UserState active = aUserWhoIsAskedToConfirm().apply(new UserActivated(), THEN);
        assertThat(active.validated()).isFalse();
        assertThat(decide(active, confirm("c1", SOON))).containsExactly(new EmailVerified(false, true));
    }

    @Test
    void aUserWhoWasDeactivatedDoesNotComeBackByAnOldMail() {
        UserState banned =
                aUserWhoIsAskedToConfirm().apply(new UserActivated(), THEN).apply(new UserDeactivated(), THEN);
        assertThat(refusal(banned, confirm("c1", SOON))).isEqualTo(Rejection.CODE_EXPIRED);
    }

    @Test
    void aUserWhoIsToConfirmCanBeBarredOnceAndIsNotLetInByTheMailThatIsOut() {
        UserCommand bar = update().active(false).command();
        assertThat(decide(aUserWhoIsAskedToConfirm(), bar)).containsExactly(new UserDeactivated());
        UserState barred = after(aUserWhoIsAskedToConfirm(), bar);
        assertThat(barred.active()).isFalse();
        assertThat(barred.codes()).isEmpty();
        assertThat(refusal(barred, confirm("c1", SOON))).isEqualTo(Rejection.CODE_EXPIRED);
        assertThat(decide(barred, bar)).isEmpty();
        assertThat(decide(barred, mail("c1", true))).isEmpty();
        assertThat(decide(barred, update().active(true).command())).containsExactly(new UserActivated());
    }

    @Test
    void whoBarsAUserTogetherWithANewAddressVoidsTheCodeWithEither() {
        UserState barred = after(
                aUserWhoIsAskedToConfirm(),
                update().email("js@example.com").active(false).command());
        assertThat(barred.active()).isFalse();
        assertThat(barred.codes()).isEmpty();
    }

    @Test
    void anUpdateThatDoesNotSayWhetherAUserIsActiveLeavesTheConfirmation() {
        UserState renamed =
                after(aUserWhoIsAskedToConfirm(), update().group("officers").command());
        assertThat(decide(renamed, confirm("c1", SOON)))
                .containsExactly(new EmailVerified(false, true), new UserActivated());
    }

    @Test
    void aConfirmationThatIsAskedForAgainLetsABarredUserInAsWhoAsksForItWants() {
        UserState barred =
                after(aUserWhoIsAskedToConfirm(), update().active(false).command());
        UserState askedAgain = after(barred, new RequestConfirmation(ID, APPLICATION, aCode("c2")));
        assertThat(refusal(askedAgain, confirm("c1", SOON))).isEqualTo(Rejection.CODE_EXPIRED);
        assertThat(after(askedAgain, confirm("c2", SOON)).validated()).isTrue();
    }

    @Test
    void aCodeIsGoodOnceForItsOwnPurposeAndUntilItExpires() {
        UserState state = after(UserState.NONE, create(aCode("v1"), null));
        assertThat(refusal(state, verify("other", SOON))).isEqualTo(Rejection.CODE_EXPIRED);
        assertThat(refusal(state, confirm("v1", SOON))).isEqualTo(Rejection.CODE_EXPIRED);
        assertThat(refusal(state, verify("v1", aCode("v1").expiresAt()))).isEqualTo(Rejection.CODE_EXPIRED);
        assertThat(decide(state, verify("v1", aCode("v1").expiresAt().minusMillis(1))))
                .containsExactly(new EmailVerified(false, false));
        assertThat(refusal(after(state, verify("v1", SOON)), verify("v1", SOON)))
                .isEqualTo(Rejection.CODE_EXPIRED);
    }

    @Test
    void aVerificationOfAnAddressThatIsVerifiedCountsOnce() {
        UserState verified = aRegisteredUser()
                .apply(new EmailVerified(false, false), THEN)
                .apply(requested(CodePurpose.VERIFICATION, "v2"), THEN);
        assertThat(decide(verified, verify("v2", SOON))).containsExactly(new EmailVerified(true, false));
    }

    @Test
    void aVerificationDoesNotConfirm() {
        UserState both = aUserWhoIsAskedToConfirm().apply(requested(CodePurpose.VERIFICATION, "v1"), THEN);
        UserState verified = after(both, verify("v1", SOON));
        assertThat(verified.emailVerified()).isTrue();
        assertThat(verified.confirmation()).isEqualTo(Confirmation.PENDING);
        assertThat(verified.codes()).containsOnlyKeys(CodePurpose.CONFIRMATION);
    }

    @Test
    void aChangedAddressIsUnverifiedAndVoidsAllCodes() {
        UserState state = aUserWhoIsAskedToConfirm()
                .apply(requested(CodePurpose.VERIFICATION, "v1"), THEN)
                .apply(new PasswordResetRequested("r1", aCode("r1").expiresAt()), THEN)
                .apply(new EmailVerified(false, false), THEN)
                .apply(new EmailChanged(true, new Email("js@example.com")), THEN);
        assertThat(state.emailVerified()).isFalse();
        assertThat(state.codes()).isEmpty();
        assertThat(state.confirmation()).isEqualTo(Confirmation.PENDING);
        assertThat(refusal(state, reset("r1", SOON))).isEqualTo(Rejection.CODE_EXPIRED);
    }

    @Test
    void anUpdateMakesACodeOnlyWhenItBringsANewAddress() {
        assertThat(decide(
                        aRegisteredUser(),
                        update().group("x").verification(aCode("v2")).command()))
                .noneMatch(VerificationRequested.class::isInstance);
        assertThat(decide(
                        aRegisteredUser(),
                        update().email(null).verification(aCode("v2")).command()))
                .containsExactly(new EmailChanged(false, null));
        assertThat(decide(
                        aRegisteredUser(),
                        update().email("js@example.com")
                                .verification(aCode("v2"))
                                .command()))
                .containsExactly(
                        new EmailChanged(false, new Email("js@example.com")),
                        requested(CodePurpose.VERIFICATION, "v2"));
    }

    @Test
    void aConfirmationCanBeAskedForAgainWhileItIsPendingOrItsMailHasFailed() {
        RequestConfirmation again = new RequestConfirmation(ID, APPLICATION, aCode("c2"));
        UserState failed = aUserWhoIsAskedToConfirm().apply(new ConfirmationMailFailed(), THEN);
        assertThat(failed.confirmation()).isEqualTo(Confirmation.FAILED);
        assertThat(decide(failed, again)).containsExactly(requested(CodePurpose.CONFIRMATION, "c2"));
        assertThat(after(failed, again).confirmation()).isEqualTo(Confirmation.PENDING);
        assertThat(refusal(after(aUserWhoIsAskedToConfirm(), again), confirm("c1", SOON)))
                .isEqualTo(Rejection.CODE_EXPIRED);
        assertThat(refusal(aRegisteredUser(), again)).isEqualTo(Rejection.NO_PENDING_CONFIRMATION);
        UserState withoutAddress = aUserWhoIsAskedToConfirm().apply(new EmailChanged(false, null), THEN);
        assertThat(refusal(withoutAddress, again)).isEqualTo(Rejection.NO_EMAIL);
    }

    @Test
    void whatBecameOfAMailIsRecordedOnceAndOnlyOfTheLatest() {
        UserState pending = aUserWhoIsAskedToConfirm();
        assertThat(decide(pending, mail("c1", true))).containsExactly(new ConfirmationMailSent());
        assertThat(decide(pending, mail("c1", false))).containsExactly(new ConfirmationMailFailed());
        assertThat(decide(pending, mail("c0", false))).isEmpty();
        UserState failed = pending.apply(new ConfirmationMailFailed(), THEN);
        assertThat(decide(failed, mail("c1", false))).isEmpty();
        assertThat(decide(after(pending, confirm("c1", SOON)), mail("c1", true)))
                .isEmpty();
    }

    @Test
    void aResetSetsThePasswordAndNothingElse() {
        UserState inactive = aRegisteredUser()
                .apply(new UserDeactivated(), THEN)
                .apply(new PasswordResetRequested("r1", aCode("r1").expiresAt()), THEN);
        assertThat(decide(inactive, reset("r1", SOON))).containsExactly(new PasswordReset(NEW_HASH.encoded()));
        UserState after = after(inactive, reset("r1", SOON));
        assertThat(after.passwordHash()).isEqualTo(NEW_HASH.encoded());
        assertThat(after.active()).isFalse();
        assertThat(after.emailVerified()).isFalse();
        assertThat(refusal(after, reset("r1", SOON))).isEqualTo(Rejection.CODE_EXPIRED);
    }

    @Test
    void aLaterResetCodeOrAnotherPasswordVoidsAResetCode() {
        UserState asked = after(aRegisteredUser(), new RequestPasswordReset(ID, APPLICATION, aCode("r1")));
        UserState askedAgain = after(asked, new RequestPasswordReset(ID, APPLICATION, aCode("r2")));
        assertThat(refusal(askedAgain, reset("r1", SOON))).isEqualTo(Rejection.CODE_EXPIRED);
        assertThat(decide(askedAgain, reset("r2", SOON))).hasSize(1);
        UserState changed = asked.apply(new PasswordChanged("{argon2}other"), THEN);
        assertThat(refusal(changed, reset("r1", SOON))).isEqualTo(Rejection.CODE_EXPIRED);
    }

    @Test
    void aUserWithoutAnAddressGetsNoResetCode() {
        UserState nameless = aRegisteredUser().apply(new EmailChanged(false, null), THEN);
        assertThat(refusal(nameless, new RequestPasswordReset(ID, APPLICATION, aCode("r1"))))
                .isEqualTo(Rejection.NO_EMAIL);
    }

    @Test
    void aDeletionTellsThatAConfirmationWasPending() {
        assertThat(decide(aUserWhoIsAskedToConfirm(), new DeleteUser(ID, APPLICATION, null)))
                .containsExactly(new UserDeleted("cadets", false, false, true));
    }

    @Test
    void aCodeThatWasMadeOrAMailThatWasSentIsNoChangeOfTheUser() {
        UserState later = aRegisteredUser()
                .apply(requested(CodePurpose.VERIFICATION, "v1"), SOON)
                .apply(new PasswordResetRequested("r1", aCode("r1").expiresAt()), SOON)
                .apply(new ConfirmationMailSent(), SOON);
        assertThat(later.updatedAt()).isEqualTo(THEN);
        assertThat(later.version()).isEqualTo(4);
    }

    private static CreateUser create(@Nullable IssuedCode verification, @Nullable IssuedCode confirmation) {
        return new CreateUser(
                ID, APPLICATION, johnsProfile(), "cadets", true, HASH, verification, confirmation, Map.of());
    }

    private static VerificationRequested requested(CodePurpose purpose, String hash) {
        return new VerificationRequested(purpose, hash, aCode(hash).expiresAt());
    }

    private static VerifyEmail verify(String hash, Instant at) {
        return new VerifyEmail(ID, APPLICATION, CodePurpose.VERIFICATION, hash, at);
    }

    private static VerifyEmail confirm(String hash, Instant at) {
        return new VerifyEmail(ID, APPLICATION, CodePurpose.CONFIRMATION, hash, at);
    }

    private static ResetPassword reset(String hash, Instant at) {
        return new ResetPassword(ID, APPLICATION, hash, NEW_HASH, at);
    }

    private static RecordConfirmationMail mail(String hash, boolean sent) {
        return new RecordConfirmationMail(ID, APPLICATION, hash, sent);
    }

    private static List<StoredUserEvent> decide(UserState state, UserCommand command) {
        return ((Decision.Accepted) UserDecisions.decide(state, command)).events();
    }

    private static Rejection refusal(UserState state, UserCommand command) {
        return ((Decision.Refused) UserDecisions.decide(state, command)).rejection();
    }

    private static UserState after(UserState state, UserCommand command) {
        UserState after = state;
        for (StoredUserEvent event : decide(state, command)) {
            after = after.apply(event, THEN);
        }
        return after;
    }
}
