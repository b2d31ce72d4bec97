package io.userstore.command.rest;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.FieldFault;
import io.userstore.api.error.FieldFault.Kind;
import io.userstore.command.application.ApplicationDecisions;
import io.userstore.command.idempotency.Claims.ClaimLostException;
import io.userstore.command.password.PasswordHashing.OverloadedException;
import io.userstore.command.store.Commands.ApplicationResult;
import io.userstore.command.store.Commands.UserResult;
import io.userstore.command.store.Reservations;
import io.userstore.command.store.Reservations.UserGoneException;
import io.userstore.command.store.UserImports.Fate;
import io.userstore.command.user.Rejection;
import io.userstore.command.user.UserDecisions;
import io.userstore.web.Answers;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.axonframework.common.AxonException;
import org.axonframework.common.AxonTransientException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** The one place where a refusal or a failure of the write side becomes an HTTP error. */
@RestControllerAdvice(basePackageClasses = Refusals.class)
@Order(0)
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final int RETRY_SECONDS = 1;

    /** What the caller is told of a command that was refused. */
    static ApiException of(UserResult.Refused refused) {
        return switch (refused.rejection()) {
            case NO_SUCH_USER -> ApiException.of(ErrorCode.USER_NOT_FOUND);
            case VERSION_CONFLICT ->
                ApiException.of(ErrorCode.VERSION_CONFLICT, "the user has another version than If-Match asks for");
            case NO_NAME_LEFT -> fault("username", Kind.MISSING, "a user must keep an e-mail address or a user name");
            case TOO_MANY_EXTRA_KEYS ->
                fault("extra", Kind.TOO_LONG, "may have at most " + UserDecisions.MAX_EXTRA_KEYS + " keys");
            case NO_EMAIL -> fault("email", Kind.MISSING, "the user has no e-mail address");
            case NO_PENDING_CONFIRMATION -> ApiException.of(ErrorCode.NO_PENDING_CONFIRMATION);
            case CODE_EXPIRED -> ApiException.of(ErrorCode.CODE_EXPIRED);
            case PROVIDER_ALREADY_LINKED ->
                ApiException.of(ErrorCode.PROVIDER_ALREADY_LINKED, "the user is linked to this provider already");
            case PROVIDER_NOT_LINKED ->
                ApiException.of(ErrorCode.PROVIDER_NOT_LINKED, "the user is not linked to this provider");
            case TOO_MANY_PROVIDERS ->
                fault(
                        "provider",
                        Kind.TOO_LONG,
                        "a user may have at most " + UserDecisions.MAX_PROVIDERS + " providers");
            case LAST_WAY_IN ->
                ApiException.of(
                        ErrorCode.LAST_WAY_IN,
                        "the user has no password: set one before the last provider is unlinked");
        };
    }

    /** What the caller is told of an address or a name that somebody else has. */
    static ApiException of(UserResult.Taken taken) {
        return switch (taken.kind()) {
            case EMAIL -> ApiException.of(ErrorCode.EMAIL_TAKEN, "another user has this e-mail address");
            case USERNAME -> ApiException.of(ErrorCode.USERNAME_TAKEN, "another user has this user name");
            case PROVIDER ->
                ApiException.of(
                        ErrorCode.PROVIDER_ALREADY_LINKED, "another user is linked to this identity at the provider");
        };
    }

    /** What the caller is told of a command on an application that was refused. */
    static ApiException of(ApplicationResult.Refused refused) {
        return switch (refused.rejection()) {
            case NO_SUCH_APPLICATION -> noSuchApplication();
            case NO_SUCH_KEY -> ApiException.of(ErrorCode.NOT_FOUND, "no such key");
            case ALREADY_EXISTS -> ApiException.of(ErrorCode.APPLICATION_EXISTS);
            case BEYOND_THE_GIVERS_PERMISSIONS ->
                ApiException.of(ErrorCode.FORBIDDEN, "a key cannot give permissions that it lacks");
            case ROTATED_ALREADY ->
                ApiException.of(ErrorCode.CONFLICT, "the key has been rotated already: rotate its successor");
            case NO_MAIL_PASSWORD ->
                fault(
                        "mail.smtp.password",
                        Kind.MISSING,
                        "is required with a user name, and again when the server or the user name changes");
            case TOO_MANY_KEYS ->
                ApiException.of(
                        ErrorCode.CONFLICT,
                        "an application may have " + ApplicationDecisions.MAX_KEYS + " keys: revoke some");
        };
    }

    static ApiException noSuchApplication() {
        return ApiException.of(ErrorCode.NOT_FOUND, "no such application");
    }

    /** What the caller is told of a user who cannot be imported. */
    static ApiException of(Fate fate) {
        return switch (fate) {
            case EMAIL_TAKEN -> of(new UserResult.Taken(Reservations.Kind.EMAIL));
            case USERNAME_TAKEN -> of(new UserResult.Taken(Reservations.Kind.USERNAME));
            case ID_TAKEN -> ApiException.of(ErrorCode.CONFLICT, "another user has, or had, this id");
            case IMPORTED -> throw new IllegalArgumentException("nothing was refused");
        };
    }

    /** What the caller is told when a stream of answers, which has begun, cannot go on. */
    static ApiException ofBroken(RuntimeException error) {
        boolean passing = error instanceof DataAccessException
                || error instanceof TransactionException
                || error instanceof AxonException;
        return passing
                ? ApiException.of(ErrorCode.UNAVAILABLE, "the event store cannot be reached")
                : ApiException.of(ErrorCode.INTERNAL_ERROR);
    }

    static ApiException notFound() {
        return of(new UserResult.Refused(Rejection.NO_SUCH_USER));
    }

    private static ApiException fault(String field, Kind kind, String message) {
        return ApiException.validation(List.of(new FieldFault(field, kind, message)));
    }

    @ExceptionHandler
    void on(OverloadedException error, HttpServletRequest request, HttpServletResponse response) throws IOException {
        answer(request, response, ErrorCode.OVERLOADED, "too many passwords wait to be hashed");
    }

    @ExceptionHandler
    void on(UserGoneException error, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Answers.problem(request, response, notFound());
    }

    @ExceptionHandler
    void on(ClaimLostException error, HttpServletRequest request, HttpServletResponse response) throws IOException {
        answer(
                request,
                response,
                ErrorCode.IDEMPOTENCY_KEY_IN_USE,
                "it took so long that another request with this key has taken over");
    }

    @ExceptionHandler({AxonTransientException.class, ConcurrencyFailureException.class})
    void onConflict(Exception error, HttpServletRequest request, HttpServletResponse response) throws IOException {
        answer(request, response, ErrorCode.OVERLOADED, "it changes too often at this moment");
    }

    @ExceptionHandler({DataAccessException.class, TransactionException.class, SQLException.class})
    void onDatabase(Exception error, HttpServletRequest request, HttpServletResponse response) throws IOException {
        LOG.error("the event store cannot be used now: {}", error.getClass().getName(), error);
        answer(request, response, ErrorCode.UNAVAILABLE, "the event store cannot be reached");
    }

    private static void answer(HttpServletRequest request, HttpServletResponse response, ErrorCode code, String detail)
            throws IOException {
        Answers.problem(request, response, ApiException.retryLater(code, detail, RETRY_SECONDS));
    }
}
