package io.userstore.client;

import io.userstore.api.user.UserResource;
import java.net.URI;
import java.time.Instant;
import java.util.Iterator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Creates, reads, changes and deletes users. Thread-safe. */
public final class Users {
    private static final String USERS = "users";

    private final Transport transport;

    Users(Transport transport) {
        this.transport = transport;
    }

    /**
     * What is to be done about the e-mail address.
     *
     * @param verifyUser make a code that proves the address
     * @param sendEmail send the registration mail
     * @param verifyUrl where that mail links to, with {@code ?code=…}; required with both others
     */
    public record Verification(
            boolean verifyUser, boolean sendEmail, @Nullable URI verifyUrl) {
        /** Nothing. */
        public static final Verification NONE = new Verification(false, false, null);

        Request on(Request request) {
            return request.with("verify_user", verifyUser ? true : null)
                    .with("send_email", sendEmail ? true : null)
                    .with("verify_url", verifyUrl);
        }
    }

    /** @param verificationCode where one was asked for; told this once */
    public record Created(UserResource user, @Nullable String verificationCode) {
        @Override
        public String toString() {
            return "Created[" + user.id() + "]";
        }
    }

    /**
     * What a PUT answers.
     *
     * @param fields those that changed, by their JSON names, with {@code updated_at}
     * @param verificationCode where the address changed and a code was asked for
     */
    public record Changed(JsonNode fields, @Nullable String verificationCode) {
        @Override
        public String toString() {
            return "Changed" + fields.propertyNames();
        }
    }

    /** @throws UserStoreException.Conflict when somebody has the address or the name */
    public UserResource create(NewUser user) {
        return create(user, Verification.NONE, WriteOptions.DEFAULT).user();
    }

    /** @throws UserStoreException.Conflict when somebody has the address or the name */
    public Created create(NewUser user, Verification verification, WriteOptions options) {
        JsonNode answer = transport.write(verification.on(Request.of("POST", user, USERS)), options);
        return new Created(
                Transport.parsed(answer, tree -> Transport.JSON.treeToValue(tree, UserResource.class)), code(answer));
    }

    private static @Nullable String code(JsonNode answer) {
        return answer.has("verification_code") ? answer.get("verification_code").asString() : null;
    }

    /** @throws UserStoreException.NotFound */
    public UserResource get(String id) {
        return get(id, ReadOptions.DEFAULT);
    }

    /** @throws UserStoreException.NotFound */
    public UserResource get(String id, ReadOptions options) {
        return transport.read(Request.get(USERS, id), options, UserResource.class);
    }

    /** @throws UserStoreException.NotFound */
    public UserResource getByEmail(String email) {
        return by("email", email);
    }

    /** @throws UserStoreException.NotFound */
    public UserResource getByUsername(String username) {
        return by("username", username);
    }

    private UserResource by(String field, String text) {
        Request request = Request.get(USERS, text).with("query_by", field);
        return transport.read(request, ReadOptions.DEFAULT, UserResource.class);
    }

    /** The user as of then. */
    public UserResource getAsOf(String id, Instant time) {
        Request request = Request.get(USERS, id).with("as_of", time);
        return transport.read(request, ReadOptions.DEFAULT, UserResource.class);
    }

    /** @param version from 1 */
    public UserResource getVersion(String id, long version) {
        Request request = Request.get(USERS, id).with("version", version);
        return transport.read(request, ReadOptions.DEFAULT, UserResource.class);
    }

    /** One page. */
    public Page<UserResource> page(UserQuery query) {
        return page(query, ReadOptions.DEFAULT);
    }

    /** One page. */
    public Page<UserResource> page(UserQuery query, ReadOptions options) {
        return Pages.page(transport, query.on(Request.get(USERS)), options, UserResource.class);
    }

    /** All that the query names, in pages that are asked for as the stream gets there. */
    public Stream<UserResource> list(UserQuery query) {
        return Pages.all(transport, query.on(Request.get(USERS)), UserResource.class);
    }

    /** Changes a user (PATCH). */
    public UserResource patch(String id, UserChanges changes) {
        return patch(id, changes, WriteOptions.DEFAULT);
    }

    /** Changes a user (PATCH). */
    public UserResource patch(String id, UserChanges changes, WriteOptions options) {
        return transport.write(Request.of("PATCH", changes, USERS, id), options, UserResource.class);
    }

    /** Changes a user (PUT); {@code verification} holds for a changed address. */
    public Changed update(String id, UserChanges changes, Verification verification, WriteOptions options) {
        Request request = verification.on(Request.of("PUT", changes, USERS, id));
        JsonNode answer = transport.write(request, options);
        return new Changed(answer, code(answer));
    }

    /** Deletes a user for good; answers the user as last seen. */
    public UserResource delete(String id) {
        return delete(id, WriteOptions.DEFAULT);
    }

    /** Deletes a user for good; answers the user as last seen. */
    public UserResource delete(String id, WriteOptions options) {
        return transport.write(Request.of("DELETE", null, USERS, id), options, UserResource.class);
    }

    /** The user's own events, newest first, in pages that are asked for as the stream gets there. */
    public Stream<ActivityEntry> activity(String id) {
        return Pages.all(transport, Request.get(USERS, id, "activity"), ActivityEntry.class);
    }

    /** @param after the cursor of the page before; null for the newest */
    public Page<ActivityEntry> activityPage(String id, int limit, @Nullable Long after) {
        Request request =
                Request.get(USERS, id, "activity").with("limit", limit).with("after", after);
        return Pages.page(transport, request, ReadOptions.DEFAULT, ActivityEntry.class);
    }

    /** Everything that is kept of one person, for that person to have. */
    public Person person(String id) {
        return transport.read(Request.get(USERS, id, "export"), ReadOptions.DEFAULT, Person.class);
    }

    /** That a user was deleted, signed. */
    public ErasureCertificate erasure(String id) {
        return transport.read(Request.get("erasures", id), ReadOptions.DEFAULT, ErasureCertificate.class);
    }

    /** Sends the confirmation mail once more. */
    public void resendConfirmation(String id) {
        transport.write(Request.of("POST", null, USERS, id, "confirmation"), WriteOptions.DEFAULT);
    }

    /** Sends the mail with which the user sets a new password. */
    public void sendPasswordReset(String id) {
        transport.write(Request.of("POST", null, USERS, id, "password-reset"), WriteOptions.DEFAULT);
    }

    /**
     * Creates many users. Lines are sent as the stream of results gets there, some hundreds at a time; broken off, it
     * goes on from any line, since a user who is there already fails by itself.
     *
     * @param lines objects that {@code POST /1/users/import} takes: a {@link NewUser}, or a map
     * @throws UserStoreException in the midst of the stream, when the server breaks off
     */
    public Stream<ImportResult> importUsers(Iterator<?> lines) {
        return Bulk.importing(transport, lines);
    }

    /** All users, as the server sends them; the stream must be closed. */
    public Stream<UserResource> export(UserQuery query) {
        return transport
                .readLines(query.on(Request.get(USERS, "export")), ReadOptions.DEFAULT)
                .map(line -> Transport.parsed(line, tree -> Transport.JSON.treeToValue(tree, UserResource.class)));
    }
}
