package io.userstore.client;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.userstore.api.error.Problem;
import io.userstore.api.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends requests, and turns what is no success into an exception. Thread-safe. */
final class Transport {
    private static final String NDJSON = "application/x-ndjson";
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    /** A list or map that an answer leaves out is an empty one. */
    static final JsonMapper JSON = Json.MAPPER
            .rebuild()
            .withConfigOverride(Map.class, o -> o.setNullHandling(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)))
            .withConfigOverride(List.class, o -> o.setNullHandling(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)))
            .build();

    private final HttpClient http;
    private final String base;
    private final String authorization;
    private final Duration timeout;
    private final @Nullable AtomicReference<String> unseenWrite;

    /** @param unseenWrite where the token of the last write is kept that reads may not show yet; null for nowhere */
    Transport(
            HttpClient http, String base, String key, Duration timeout, @Nullable AtomicReference<String> unseenWrite) {
        this.http = http;
        this.base = base;
        this.authorization = "Bearer " + key;
        this.timeout = timeout;
        this.unseenWrite = unseenWrite;
    }

    <T> T read(Request request, ReadOptions options, Class<T> type) {
        return parsed(read(request, options), tree -> JSON.treeToValue(tree, type));
    }

    JsonNode read(Request request, ReadOptions options) {
        return tree(send(prepared(request, options), BodyHandlers.ofString()).body());
    }

    private HttpRequest prepared(Request request, ReadOptions options) {
        String unseen = unseenWrite == null ? null : unseenWrite.get();
        Request sent = request.with(options);
        return builder(options.consistencyToken() == null ? sent.header("Consistency-Token", unseen) : sent)
                .build();
    }

    <T> T write(Request request, WriteOptions options, Class<T> type) {
        return parsed(write(request, options), tree -> JSON.treeToValue(tree, type));
    }

    /** The answer's body; a missing node when there is none. */
    JsonNode write(Request request, WriteOptions options) {
        HttpResponse<String> response = send(builder(request.with(options)).build(), BodyHandlers.ofString());
        Receipt receipt = new Receipt(
                header(response, "Consistency-Token"),
                "pending".equals(header(response, "Projection")),
                "true".equals(header(response, "Idempotency-Replayed")),
                header(response, "X-Request-Id"));
        if (unseenWrite != null && receipt.pending() && receipt.consistencyToken() != null) {
            unseenWrite.set(receipt.consistencyToken());
        }
        if (options.receipt() != null) {
            options.receipt().accept(receipt);
        }
        return tree(response.body());
    }

    /**
     * A long answer, line by line as it comes; whoever takes the stream closes it.
     *
     * @throws UserStoreException.NoAnswer also in the midst of the stream, when the connection breaks
     */
    Stream<JsonNode> readLines(Request request, ReadOptions options) {
        HttpRequest sent = prepared(request.header("Accept", NDJSON), options);
        return lines(sent).map(Transport::tree);
    }

    /** Likewise, an answer that may have no end. */
    Stream<String> readText(Request request, String mediaType) {
        return lines(builder(request.header("Accept", mediaType)).build());
    }

    private Stream<String> lines(HttpRequest request) {
        Stream<String> lines = send(request, BodyHandlers.ofLines()).body();
        Iterator<String> each = lines.iterator();
        return Streams.of(() -> line(each)).onClose(lines::close);
    }

    private static @Nullable String line(Iterator<String> lines) {
        try {
            return lines.hasNext() ? lines.next() : null;
        } catch (UncheckedIOException e) {
            throw new UserStoreException.NoAnswer("the answer was broken off", e);
        }
    }

    /** Sends lines and answers lines. */
    List<JsonNode> exchangeLines(Request request, List<?> lines) {
        String body = lines.stream().map(JSON::writeValueAsString).collect(Collectors.joining("\n", "", "\n"));
        HttpRequest sent = builder(request.header("Content-Type", NDJSON), BodyPublishers.ofString(body))
                .build();
        return send(sent, BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> !line.isBlank())
                .map(Transport::tree)
                .toList();
    }

    private HttpRequest.Builder builder(Request request) {
        Object body = request.body();
        if (body == null) {
            return builder(request, BodyPublishers.noBody());
        }
        String json = JSON.writeValueAsString(body);
        return builder(request.header("Content-Type", "application/json"), BodyPublishers.ofString(json));
    }

    private HttpRequest.Builder builder(Request request, BodyPublisher body) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.uri(base))
                .timeout(timeout)
                .header("Authorization", authorization)
                .method(request.method(), body);
        request.headers().forEach(builder::header);
        return builder;
    }

    private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> success) {
        try {
            HttpResponse<Object> response = http.send(request, info -> {
                BodyHandler<?> handler = info.statusCode() / 100 == 2 ? success : BodyHandlers.ofString();
                return HttpResponse.BodySubscribers.mapping(handler.apply(info), body -> (Object) body);
            });
            if (response.statusCode() / 100 != 2) {
                throw refusal(response);
            }
            @SuppressWarnings("unchecked") // A success was read by the handler of T.
            HttpResponse<T> answered = (HttpResponse<T>) (HttpResponse<?>) response;
            return answered;
        } catch (IOException e) {
            throw new UserStoreException.NoAnswer(
                    "the user store did not answer: " + e.getClass().getSimpleName(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserStoreException.NoAnswer("interrupted while waiting for the user store", e);
        }
    }

    private static UserStoreException refusal(HttpResponse<?> response) {
        String retryAfter = header(response, "Retry-After");
        Duration wait = retryAfter != null && SECONDS.matcher(retryAfter).matches()
                ? Duration.ofSeconds(Long.parseLong(retryAfter))
                : null;
        return UserStoreException.of(problem(response), wait);
    }

    /** What the answer says is wrong; when it came from something in between, all that is known is the status. */
    private static Problem problem(HttpResponse<?> response) {
        try {
            Problem problem = JSON.readValue(String.valueOf(response.body()), Problem.class);
            // Jackson fills a record as it finds it.
            if (problem != null && (Object) problem.error() != null && (Object) problem.detail() != null) {
                return problem;
            }
        } catch (JacksonException e) {
            return unknown(response.statusCode());
        }
        return unknown(response.statusCode());
    }

    private static Problem unknown(int status) {
        return new Problem(
                "about:blank",
                "HTTP status " + status,
                status,
                "no answer of a user store",
                "unknown",
                810,
                null,
                null);
    }

    private static @Nullable String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    static JsonNode tree(String body) {
        return parsed(body, text -> text.isEmpty() ? JSON.missingNode() : JSON.readTree(text));
    }

    /** Reads an answer; the parser's own message would quote it, and is left out. */
    static <S, T> T parsed(S source, Function<S, T> reading) {
        try {
            return reading.apply(source);
        } catch (JacksonException e) {
            throw new UserStoreException.NoAnswer(
                    "the answer is not that of a user store: " + e.getClass().getSimpleName(), null);
        }
    }
}
