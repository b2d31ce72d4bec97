package io.userstore.client;

import io.userstore.api.user.UserResource;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Signs in and out, checks passwords and codes. Thread-safe. */
public final class Auth {
    private static final String AUTH = "auth";

    private final Transport transport;

    Auth(Transport transport) {
        this.transport = transport;
    }

    /** @param oauth the identity that the user came in by; null for a password */
    public record SignedIn(UserResource user, @Nullable AuthProvider oauth) {
        @Override
        public String toString() {
            return "SignedIn[" + user.id() + "]";
        }
    }

    /** What a code is for. */
    public record Token(String type, String userId, Instant expiresAt) {}

    /** A code for a caller who mails by himself. */
    public record ResetCode(String userId, String resetCode, Instant expiresAt) {
        @Override
        public String toString() {
            return "ResetCode[" + userId + ", ***]";
        }
    }

    /**
     * Signs in and records a login.
     *
     * @param signinId the e-mail address or the user name
     * @return the user; one who is not {@link UserResource#active()} comes in without a recorded login
     * @throws UserStoreException.InvalidCredentials whichever of the two is wrong
     */
    public UserResource signIn(String signinId, String password) {
        return signIn(signinId, password, WriteOptions.DEFAULT);
    }

    /** @see #signIn(String, String) */
    public UserResource signIn(String signinId, String password, WriteOptions options) {
        return user("signin", Map.of("signin_id", signinId, "password", password), options);
    }

    /** Signs in by an OAuth identity, which the caller has checked with the provider. */
    public SignedIn signInWithProvider(String provider, String clientId, WriteOptions options) {
        Map<String, String> body = Map.of("provider", provider, "client_id", clientId);
        JsonNode answer = transport.write(Request.of("POST", body, AUTH, "signin"), options);
        return Transport.parsed(
                answer,
                tree -> new SignedIn(
                        Transport.JSON.treeToValue(tree, UserResource.class),
                        tree.has("oauth") ? Transport.JSON.treeToValue(tree.get("oauth"), AuthProvider.class) : null));
    }

    /** Records that the user signed out. */
    public UserResource signOut(String id) {
        return user("signout", Map.of("id", id), WriteOptions.DEFAULT);
    }

    /**
     * Checks a password once more; records no login.
     *
     * @throws UserStoreException.InvalidCredentials
     */
    public UserResource confirm(String id, String password) {
        return user("confirm", Map.of("id", id, "password", password), WriteOptions.DEFAULT);
    }

    /**
     * Marks the e-mail address verified.
     *
     * @throws UserStoreException.NotFound when the code is unknown, used or expired
     */
    public UserResource verify(String code) {
        return user("verify", Map.of("code", code), WriteOptions.DEFAULT);
    }

    /**
     * Sends the mail with which the user sets a new password; tells in no way whether the address is known.
     *
     * @param resetUrl where the mail links to; null for the server's own page
     */
    public void forgotPassword(String email, @Nullable URI resetUrl) {
        Request request = Request.of("POST", Map.of("email", email), AUTH, "forgot-password");
        transport.write(request.with("reset_url", resetUrl), WriteOptions.DEFAULT);
    }

    /** @throws UserStoreException.NotFound when nobody has the address */
    public ResetCode forgotPasswordWithoutMail(String email) {
        Request request = Request.of("POST", Map.of("email", email), AUTH, "forgot-password");
        return transport.write(request.with("send_email", false), WriteOptions.DEFAULT, ResetCode.class);
    }

    /** @throws UserStoreException.NotFound when the code is unknown, used or expired */
    public UserResource resetPassword(String code, String password) {
        return user("reset-password", Map.of("code", code, "password", password), WriteOptions.DEFAULT);
    }

    /** @throws UserStoreException.NotFound when the code is unknown, used or expired */
    public Token token(String code) {
        return transport.read(Request.get("tokens", code), ReadOptions.DEFAULT, Token.class);
    }

    private UserResource user(String call, Map<String, String> body, WriteOptions options) {
        return transport.write(Request.of("POST", body, AUTH, call), options, UserResource.class);
    }
}
