package io.userstore.command.rest;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.Faults;
import io.userstore.command.code.Code;
import io.userstore.command.password.PasswordHashing.OverloadedException;
import io.userstore.command.password.PasswordSettings;
import io.userstore.command.password.RawPassword;
import io.userstore.command.rest.Pages.Page;
import io.userstore.command.store.Codes;
import io.userstore.command.store.Commands.UserResult;
import io.userstore.command.store.EventContext;
import io.userstore.command.user.CodePurpose;
import io.userstore.command.visibility.Visibility;
import io.userstore.web.Caller;
import io.userstore.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Where the links in our mails lead. Opening a page spends nothing, since mail scanners follow links; the form on it
 * does. Needs no key: the code is the proof.
 */
@RestController
final class PageController {
    private final Pages pages;
    private final CodeUses uses;
    private final PasswordSettings policy;
    private final Visibility visibility;
    private final WriteAnswers answers;

    PageController(Pages pages, CodeUses uses, PasswordSettings policy, Visibility visibility, WriteAnswers answers) {
        this.pages = pages;
        this.uses = uses;
        this.policy = policy;
        this.visibility = visibility;
        this.answers = answers;
    }

    @GetMapping("/confirm")
    void confirmPage(HttpServletRequest request, HttpServletResponse response) throws IOException {
        show(Page.CONFIRM, CodeUses.PROOFS, request, response);
    }

    @GetMapping("/reset-password")
    void resetPage(HttpServletRequest request, HttpServletResponse response) throws IOException {
        show(Page.RESET_PASSWORD, CodeUses.RESETS, request, response);
    }

    private void show(Page page, Set<CodePurpose> purposes, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        // More parameters than ours are passed over: mail programs and trackers add some.
        String shown = new QueryParameters(request, new Faults()).text("code");
        Code code = Code.of(shown == null ? "" : shown);
        Optional<Codes.Entry> entry = open(code, purposes);
        if (entry.isEmpty()) {
            expired(response);
            return;
        }
        pages.answer(response, 200, page, form(code));
    }

    @PostMapping("/confirm")
    void confirm(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Code code = code(Body.read(request, new Faults()));
        Optional<Codes.Entry> entry = open(code, CodeUses.PROOFS);
        if (entry.isEmpty()) {
            expired(response);
            return;
        }
        spend(
                entry.get(),
                Page.CONFIRMED,
                response,
                () -> uses.verify(entry.get(), code, context(entry.get(), request)));
    }

    @PostMapping("/reset-password")
    void reset(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Fields fields = Body.read(request, new Faults());
        Code code = code(fields);
        Optional<Codes.Entry> entry = open(code, CodeUses.RESETS);
        if (entry.isEmpty()) {
            expired(response);
            return;
        }
        RawPassword password = fields.password("password");
        String fault = fault(password, fields);
        if (password == null || fault != null) {
            Map<String, Object> values = form(code);
            values.put(fault == null ? "invalid" : fault, true);
            pages.answer(response, 400, Page.RESET_PASSWORD, values);
            return;
        }
        spend(
                entry.get(),
                Page.PASSWORD_CHANGED,
                response,
                () -> uses.reset(entry.get(), code, password, context(entry.get(), request)));
    }

    /** What is wrong with a password, as the template's flag; null when nothing is. */
    private @Nullable String fault(@Nullable RawPassword password, Fields fields) {
        if (password == null) {
            return "invalid";
        }
        if (password.length() < policy.minLength()) {
            return "too_short";
        }
        if (password.length() > policy.maxLength()) {
            return "too_long";
        }
        if (policy.deniedFile().contains(password)) {
            return "too_common";
        }
        return fields.isSame("password", "repeat") ? null : "different";
    }

    /** One use of a code; ends in a command. */
    private interface Use {
        UserResult.Done spend();
    }

    private void spend(Codes.Entry entry, Page after, HttpServletResponse response, Use use) throws IOException {
        try (Visibility.Watch watch = visibility.watch(entry.userId().toString())) {
            answers.settle(watch, use.spend().after().version());
            pages.answer(response, 200, after, Map.of());
        } catch (OverloadedException e) {
            response.setIntHeader("Retry-After", 1);
            pages.answer(response, 503, Page.TRY_AGAIN, Map.of());
        } catch (ApiException e) {
            if (e.code() != ErrorCode.CODE_EXPIRED && e.code() != ErrorCode.USER_NOT_FOUND) {
                throw e;
            }
            // Somebody else was faster, or the user is gone.
            expired(response);
        }
    }

    /** The same for a code that has expired, was used or never was: there is nothing else to do about any of them. */
    private void expired(HttpServletResponse response) throws IOException {
        pages.answer(response, 410, Page.CODE_EXPIRED, Map.of());
    }

    private Optional<Codes.Entry> open(Code code, Set<CodePurpose> purposes) {
        return uses.find(code, purposes).filter(uses::isOpen);
    }

    private Map<String, Object> form(Code code) {
        Map<String, Object> values = new HashMap<>();
        values.put("code", code.value());
        values.put("min_length", policy.minLength());
        values.put("max_length", policy.maxLength());
        return values;
    }

    private static Code code(Fields fields) {
        String code = fields.line("code", Fields.MAX_NAME).after(null);
        return Code.of(code == null ? "" : code);
    }

    private static EventContext context(Codes.Entry entry, HttpServletRequest request) {
        return new EventContext(entry.application(), null, Caller.requestIdOf(request));
    }
}
