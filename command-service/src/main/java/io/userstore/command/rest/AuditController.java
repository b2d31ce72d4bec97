package io.userstore.command.rest;

import io.userstore.api.audit.Hash;
import io.userstore.api.audit.TreeHead;
import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.Faults;
import io.userstore.api.error.FieldFault.Kind;
import io.userstore.command.application.ApplicationState;
import io.userstore.command.audit.AuditLog;
import io.userstore.command.audit.HeadLog;
import io.userstore.command.sign.SigningKey;
import io.userstore.web.Answers;
import io.userstore.web.Caller;
import io.userstore.web.Permission;
import io.userstore.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Heads, proofs and the public key of the audit log, for keys with the permission {@code admin}. The tree is one for all
 * applications; that an event is in it is proved to keys of its own application, and of the application {@code default}.
 */
@RestController
final class AuditController {
    private static final int MAX_PAGE = 1_000;

    private final AuditLog log;
    private final HeadLog heads;

    AuditController(AuditLog log, HeadLog heads) {
        this.log = log;
        this.heads = heads;
    }

    /** The public key in each of the forms that tools read. */
    record Key(String kid, String alg, Map<String, String> jwk, String pem, String origin, String verifierKey) {}

    /** A page of heads, the largest tree first; {@code before} goes on. */
    record Heads(@Nullable Long before, List<TreeHead> data) {}

    /** Proves that an event is in the tree. */
    record Inclusion(
            String event,
            long position,
            long leafIndex,
            Hash leafHash,
            long treeSize,
            Hash rootHash,
            List<Hash> path) {}

    /** Proves that one tree is the beginning of another. */
    record Consistency(long first, Hash firstRoot, long second, Hash secondRoot, List<Hash> path) {}

    @GetMapping("/1/audit/key")
    void key(HttpServletRequest request, HttpServletResponse response) throws IOException {
        withoutOptions(request);
        SigningKey key = heads.key()
                .orElseThrow(() -> ApiException.of(
                        ErrorCode.NOT_FOUND, "nothing is signed here: userstore.signing-key-file names no key"));
        String verifierKey = TreeHead.verifierKey(heads.origin(), key.publicBytes());
        answer(response, new Key(key.keyId(), "EdDSA", key.publicJwk(), key.publicPem(), heads.origin(), verifierKey));
    }

    @GetMapping("/1/audit/head")
    void head(HttpServletRequest request, HttpServletResponse response) throws IOException {
        withoutOptions(request);
        answer(response, latest());
    }

    @GetMapping("/1/audit/heads")
    void heads(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller.of(request, Permission.ADMIN);
        Faults faults = new Faults();
        QueryParameters options = new QueryParameters(request, faults);
        int limit = (int) options.number("limit", 100, 1, MAX_PAGE);
        long before = options.number("before", Long.MAX_VALUE, 1, Long.MAX_VALUE);
        options.rejectOthers();
        faults.throwIfAny();
        List<TreeHead> page = heads.before(before, limit + 1);
        boolean more = page.size() > limit;
        List<TreeHead> data = more ? page.subList(0, limit) : page;
        answer(response, new Heads(more ? data.getLast().treeSize() : null, data));
    }

    @GetMapping("/1/audit/checkpoint")
    void checkpoint(HttpServletRequest request, HttpServletResponse response) throws IOException {
        withoutOptions(request);
        TreeHead head = latest();
        SigningKey key = heads.key()
                .filter(own -> own.keyId().equals(head.kid()) && heads.origin().equals(head.origin()))
                .orElseThrow(() -> ApiException.of(
                        ErrorCode.NOT_FOUND, "the last head was signed with a key that this service does not have"));
        response.setHeader("Cache-Control", "private, no-cache");
        byte[] note = head.checkpoint(key.publicBytes()).getBytes(StandardCharsets.UTF_8);
        Answers.write(response, HttpServletResponse.SC_OK, "text/plain;charset=UTF-8", note);
    }

    @GetMapping("/1/audit/proofs/inclusion")
    void inclusion(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller caller = Caller.of(request, Permission.ADMIN);
        Faults faults = new Faults();
        QueryParameters options = new QueryParameters(request, faults);
        String event = options.text("event");
        String position = options.text("position");
        long place = options.number("position", 0, 1, Long.MAX_VALUE);
        long asked = options.number("tree_size", 0, 1, Long.MAX_VALUE);
        options.rejectOthers();
        UUID eventId = event == null ? null : parsed(event).orElse(null);
        if (event != null && eventId == null) {
            faults.add("event", Kind.INVALID, "must be the id of an event");
        }
        if ((event == null) == (position == null)) {
            faults.add("event", event == null ? Kind.MISSING : Kind.INVALID, "give event or position, one of them");
        }
        long size = treeSize("tree_size", asked, faults);
        faults.throwIfAny();
        Optional<AuditLog.Leaf> found = eventId == null ? log.at(place) : log.of(eventId);
        AuditLog.Leaf leaf = found.filter(one -> one.index() < size)
                .filter(one -> isTheirs(caller, one.position()))
                .orElseThrow(() -> ApiException.of(ErrorCode.NOT_FOUND, "no such event in that tree"));
        answer(
                response,
                new Inclusion(
                        leaf.eventId().toString(),
                        leaf.position(),
                        leaf.index(),
                        leaf.hash(),
                        size,
                        log.proofs().root(size),
                        log.proofs().inclusion(leaf.index(), size)));
    }

    @GetMapping("/1/audit/proofs/consistency")
    void consistency(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller.of(request, Permission.ADMIN);
        Faults faults = new Faults();
        QueryParameters options = new QueryParameters(request, faults);
        long first = options.number("first", 0, 1, Long.MAX_VALUE);
        if (options.text("first") == null) {
            faults.add("first", Kind.MISSING, "is required");
        }
        long asked = options.number("second", 0, 1, Long.MAX_VALUE);
        options.rejectOthers();
        long second = treeSize("second", asked, faults);
        if (first > second) {
            faults.add("first", Kind.INVALID, "must not be larger than the second, which is " + second);
        }
        faults.throwIfAny();
        answer(
                response,
                new Consistency(
                        first,
                        log.proofs().root(first),
                        second,
                        log.proofs().root(second),
                        log.proofs().consistency(first, second)));
    }

    private static void withoutOptions(HttpServletRequest request) {
        Caller.of(request, Permission.ADMIN);
        Faults faults = new Faults();
        new QueryParameters(request, faults).rejectOthers();
        faults.throwIfAny();
    }

    private TreeHead latest() {
        return heads.latest()
                .orElseThrow(() -> ApiException.of(
                        ErrorCode.NOT_FOUND,
                        heads.key().isEmpty()
                                ? "nothing is signed here: userstore.signing-key-file names no key"
                                : "no head has been signed yet"));
    }

    /** The size that was asked for, or that of the last head, or where none was signed of the tree as it is. */
    private long treeSize(String option, long asked, Faults faults) {
        long size = log.size();
        if (asked > size) {
            faults.add(option, Kind.INVALID, "the tree has " + size + " leaves");
        }
        return asked > 0 ? asked : heads.latest().map(TreeHead::treeSize).orElse(size);
    }

    private boolean isTheirs(Caller caller, long position) {
        return caller.application().equals(ApplicationState.DEFAULT)
                || log.applicationAt(position)
                        .filter(caller.application()::equals)
                        .isPresent();
    }

    private static Optional<UUID> parsed(String event) {
        try {
            return Optional.of(UUID.fromString(event))
                    .filter(id -> id.toString().equalsIgnoreCase(event));
        } catch (IllegalArgumentException e) {
            // No id of an event, which the caller is told as a fault.
            return Optional.empty();
        }
    }

    private static void answer(HttpServletResponse response, Object body) throws IOException {
        response.setHeader("Cache-Control", "private, no-cache");
        Answers.json(response, HttpServletResponse.SC_OK, body);
    }
}
