package io.userstore.standalone.contract;

import io.userstore.standalone.Client;
import io.userstore.standalone.RunningStandalone;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/** A standalone of the tests' own. */
final class StandaloneStore implements Store {
    private final RunningStandalone standalone;
    private final Client root;

    StandaloneStore(Map<String, Object> properties) throws IOException {
        standalone = new RunningStandalone(Files.createTempDirectory("contract-"), properties);
        root = new Client(standalone.url(), standalone.url(), RunningStandalone.KEY);
    }

    @Override
    public Client root() {
        return root;
    }

    @Override
    public boolean isOurs() {
        return true;
    }

    @Override
    public List<JsonNode> mails() {
        return Api.data(root.get("/dev/mailbox"));
    }

    @Override
    public String log() {
        return standalone.output();
    }

    @Override
    public void close() throws IOException {
        standalone.close();
        FileSystemUtils.deleteRecursively(standalone.directory());
    }
}
