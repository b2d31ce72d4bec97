package io.userstore.command.rest;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.Faults;
import io.userstore.command.password.PasswordHashing;
import io.userstore.command.password.PasswordSettings;
import io.userstore.command.store.EventContext;
import io.userstore.command.store.UserImports;
import io.userstore.command.store.UserImports.Candidate;
import io.userstore.command.store.UserImports.Fate;
import io.userstore.command.visibility.Visibility;
import io.userstore.web.Answers;
import io.userstore.web.Caller;
import io.userstore.web.Permission;
import io.userstore.web.Preferences;
import io.userstore.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /1/users/import} and {@code GET /1/imports}. */
@RestController
final class ImportController {
    private static final Logger LOG = LoggerFactory.getLogger(ImportController.class);
    private static final String NDJSON = "application/x-ndjson";

    private final UserImports users;
    private final PasswordHashing passwords;
    private final PasswordSettings policy;
    private final ImportSettings settings;
    private final RunningImports imports;
    private final Visibility visibility;
    private final WriteAnswers answers;

    ImportController(
            UserImports users,
            PasswordHashing passwords,
            PasswordSettings policy,
            ImportSettings settings,
            RunningImports imports,
            Visibility visibility,
            WriteAnswers answers) {
        this.users = users;
        this.passwords = passwords;
        this.policy = policy;
        this.settings = settings;
        this.imports = imports;
        this.visibility = visibility;
        this.answers = answers;
    }

    /** The running imports of one application, on this instance. */
    record Imports(List<RunningImports.Shown> data) {}

    @GetMapping("/1/imports")
    void list(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller caller = Caller.of(request, Permission.USERS_WRITE);
        Faults faults = new Faults();
        new QueryParameters(request, faults).rejectOthers();
        faults.throwIfAny();
        Answers.json(response, 200, new Imports(imports.of(caller.application())));
    }

    @PostMapping("/1/users/import")
    void importUsers(HttpServletRequest request, HttpServletResponse response) throws IOException, SQLException {
        Caller caller = Caller.of(request, Permission.USERS_WRITE);
        Faults faults = new Faults();
        QueryParameters options = new QueryParameters(request, faults);
        ImportFormat format = format(options);
        boolean dryRun = Boolean.TRUE.equals(options.flag("dry_run"));
        long fromLine = options.number("from_line", 1, 1, Long.MAX_VALUE);
        options.rejectOthers();
        faults.throwIfAny();
        if (!Body.mediaType(request.getContentType()).equals(NDJSON)) {
            throw ApiException.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "the body must be " + NDJSON);
        }
        EventContext context = new EventContext(caller.application(), caller.keyId(), caller.requestId());
        Duration patience = answers.patience(Preferences.of(request), response);
        LineReader lines = new LineReader(request.getInputStream(), Body.MAX_BYTES);
        try (RunningImports.Progress progress =
                imports.begin(caller.application(), caller.requestId(), format, dryRun)) {
            lines.skipTo(fromLine);
            response.setContentType(NDJSON);
            // An edge that gathered the results before it passes them on would let both sides wait for each other.
            response.setHeader("X-Accel-Buffering", "no");
            if (dryRun) {
                try (UserImports.Rehearsal rehearsal = users.rehearse()) {
                    run(lines, format, caller, rehearsed(rehearsal, context), progress, true, response);
                }
                return;
            }
            try (UnseenUsers unseen = new UnseenUsers(visibility)) {
                run(lines, format, caller, stored(unseen, patience, context), progress, false, response);
            }
        }
    }

    private ImportRun.Destination stored(UnseenUsers unseen, Duration patience, EventContext context) {
        return new ImportRun.Destination() {
            @Override
            public List<Fate> importAll(List<Candidate> batch) {
                return unseen.storing(batch, all -> users.importAll(all, context));
            }

            @Override
            public boolean awaitVisible() {
                return unseen.awaitAll(patience);
            }
        };
    }

    private static ImportRun.Destination rehearsed(UserImports.Rehearsal rehearsal, EventContext context) {
        return new ImportRun.Destination() {
            @Override
            public List<Fate> importAll(List<Candidate> batch) {
                return rehearsal.importAll(batch, context);
            }

            @Override
            public boolean awaitVisible() {
                return true;
            }
        };
    }

    private void run(
            LineReader lines,
            ImportFormat format,
            Caller caller,
            ImportRun.Destination destination,
            RunningImports.Progress progress,
            boolean dryRun,
            HttpServletResponse response)
            throws IOException {
        ImportRun run = new ImportRun(
                lines,
                response.getOutputStream(),
                format,
                caller.application(),
                policy,
                passwords,
                destination,
                progress,
                dryRun,
                settings.batch());
        try {
            run.run(imports);
        } catch (RuntimeException e) {
            if (!response.isCommitted()) {
                throw e;
            }
            LOG.error("an import was broken off after line {}", progress.line(), e);
            run.breakOff(e);
        }
    }

    private static ImportFormat format(QueryParameters options) {
        String[] texts =
                Arrays.stream(ImportFormat.values()).map(ImportFormat::text).toArray(String[]::new);
        return ImportFormat.values()[Arrays.asList(texts).indexOf(options.choice("format", texts))];
    }
}
