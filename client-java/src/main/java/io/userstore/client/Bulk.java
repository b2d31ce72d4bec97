package io.userstore.client;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Imports in requests of bounded size. The server reads on only when its results are read; one request that is sent
 * as a whole before its answer is read could wait for a server that waits for it.
 */
final class Bulk {
    private static final int LINES = 500;

    private Bulk() {}

    static Stream<ImportResult> importing(Transport transport, Iterator<?> lines) {
        AtomicLong sent = new AtomicLong();
        return Streams.of(() -> {
                    List<Object> batch = new ArrayList<>(LINES);
                    while (batch.size() < LINES && lines.hasNext()) {
                        batch.add(lines.next());
                    }
                    return batch.isEmpty() ? null : send(transport, batch, sent.getAndAdd(batch.size()));
                })
                .flatMap(List::stream);
    }

    private static List<ImportResult> send(Transport transport, List<Object> batch, long before) {
        List<JsonNode> answer = transport.exchangeLines(Request.of("POST", null, "users", "import"), batch);
        List<ImportResult> results = answer.stream()
                .filter(line -> line.has("line"))
                .map(line -> Transport.parsed(line, tree -> Transport.JSON.treeToValue(tree, ImportResult.class)))
                .map(result -> result.behind(before))
                .toList();
        if (results.size() < batch.size()) {
            throw new UserStoreException.NoAnswer(
                    "the import was broken off behind line " + (before + results.size()), null);
        }
        return results;
    }
}
