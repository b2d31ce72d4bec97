package io.userstore.command.rest;

import io.userstore.api.consistency.ConsistencyToken;
import io.userstore.api.event.EventStream;
import io.userstore.api.user.UserResource;
import io.userstore.command.visibility.Visibility;
import io.userstore.command.visibility.VisibilitySettings;
import io.userstore.web.Answers;
import io.userstore.web.Caller;
import io.userstore.web.Preferences;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;

/**
 * Answers a write that has committed: waits, within bounds, until it can be read, and hands out the token with which
 * any later read can wait for it. Thread-safe.
 */
final class WriteAnswers {
    private final Duration maxWait;

    WriteAnswers(VisibilitySettings settings) {
        this.maxWait = settings.maxWait();
    }

    /** Waits as long as the caller prefers, and sets the headers that tell how it went. */
    void settle(
            Visibility.Watch watch,
            Caller caller,
            UUID userId,
            EventStream stream,
            long sequence,
            Preferences preferences,
            HttpServletResponse response) {
        response.setHeader(
                "Consistency-Token", new ConsistencyToken(caller.application(), userId, stream, sequence).encode());
        Duration atMost = patience(preferences, response);
        if (preferences.respondAsync() || !watch.await(stream, sequence, atMost)) {
            response.setHeader("Projection", "pending");
        }
    }

    /** How long to wait at most; tells the caller when that is not at all, as preferred. */
    Duration patience(Preferences preferences, HttpServletResponse response) {
        if (preferences.respondAsync()) {
            response.setHeader("Preference-Applied", "respond-async");
            return Duration.ZERO;
        }
        return preferences.patience().filter(p -> p.compareTo(maxWait) < 0).orElse(maxWait);
    }

    /** Waits for a write that somebody without a key has made: as long as any other write. */
    void settle(Visibility.Watch watch, long version) {
        watch.await(EventStream.USER, version, maxWait);
    }

    /** Answers one whole user with its entity tag; without a body where the caller prefers that. */
    void user(HttpServletResponse response, int status, UserResource user, Preferences preferences) throws IOException {
        user(response, status, user, user, preferences);
    }

    /** Likewise, with a body that holds more than the user. */
    void user(HttpServletResponse response, int status, UserResource user, Object body, Preferences preferences)
            throws IOException {
        response.setHeader("ETag", user.etag());
        body(response, status, body, preferences);
    }

    /** Answers a body, or none where the caller prefers that. */
    void body(HttpServletResponse response, int status, Object body, Preferences preferences) throws IOException {
        if (preferences.minimal()) {
            response.addHeader("Preference-Applied", "return=minimal");
            response.setStatus(status == 200 ? 204 : status);
            return;
        }
        Answers.json(response, status, body);
    }
}
