package io.userstore.audit;

import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The rebuild of one view, by the calls of the running user store.
 *
 * @param name of the view: lower-case letters and underscores
 */
record ViewRebuild(Service service, String name) {
    private static final long PAUSE_MILLIS = 500;
    private static final Set<String> UNDER_WAY = Set.of("replaying", "filling", "indexing", "joining", "comparing");

    ViewRebuild {
        if (!name.matches("[a-z_]+")) {
            throw CommandFailedException.usage("not the name of a view: " + name);
        }
    }

    /** Where all that concerns it is. */
    String path() {
        return "/1/projections/" + name;
    }

    /**
     * Begins one; answers how the view is then.
     *
     * @param condition when the new documents are read, as the service takes it; {@code from} likewise, out of what it is made
     */
    JsonNode begin(String condition, String from) throws IOException, InterruptedException {
        return service.send("POST", path() + "/rebuild?switch=" + condition + "&from=" + from);
    }

    /** How the view is once no rebuild is under way. */
    JsonNode awaited(JsonNode first, Progress progress) throws IOException, InterruptedException {
        JsonNode entry = first;
        while (UNDER_WAY.contains(entry.at("/rebuild/state").asString(""))) {
            JsonNode rebuild = entry.get("rebuild");
            progress.at(
                    name + ": " + rebuild.path("state").asString(""),
                    rebuild.path("done").asLong(0),
                    rebuild.path("total").asLong(0));
            Thread.sleep(PAUSE_MILLIS);
            // For a moment the log or the views may not answer; what is under way goes on.
            @Nullable JsonNode next = service.find(path());
            entry = next == null ? entry : next;
        }
        progress.clear();
        return entry;
    }
}
