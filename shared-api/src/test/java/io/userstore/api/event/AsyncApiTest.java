package io.userstore.api.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.api.json.Json;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;

/** {@code docs/asyncapi.yaml} tells of every topic and every type, and leads nowhere where nothing is. */
class AsyncApiTest {
    private static final Path DOCUMENT = Path.of("../docs/asyncapi.yaml");
    private static final Set<String> OTHERS = Set.of("userKey", "treeHead");

    private JsonNode document = Json.MAPPER.createObjectNode();

    @BeforeEach
    void read() throws IOException {
        try (Reader text = Files.newBufferedReader(DOCUMENT)) {
            LoaderOptions options = new LoaderOptions();
            options.setAllowDuplicateKeys(false);
            document = Json.MAPPER.valueToTree(new Yaml(new SafeConstructor(options)).load(text));
        }
    }

    private static Set<String> names(JsonNode object) {
        return object.properties().stream().map(java.util.Map.Entry::getKey).collect(Collectors.toSet());
    }

    @Test
    void itIsADocumentOfAsyncApi3WithWhatThatNeeds() {
        assertThat(document.get("asyncapi").asString()).isEqualTo("3.0.0");
        assertThat(names(document))
                .isSubsetOf(
                        "asyncapi",
                        "id",
                        "info",
                        "servers",
                        "defaultContentType",
                        "channels",
                        "operations",
                        "components")
                .contains("info", "channels", "operations");
        assertThat(names(document.get("info"))).contains("title", "version");
        document.get("operations").forEach(operation -> {
            assertThat(operation.get("action").asString()).isIn("send", "receive");
            assertThat(operation.at("/channel/$ref").asString()).startsWith("#/channels/");
        });
        document.get("channels").forEach(channel -> assertThat(names(channel)).contains("address", "messages"));
    }

    @Test
    void everyTypeIsAMessageOfTheTopicOfEvents() {
        Set<String> types =
                Arrays.stream(EventType.values()).map(EventType::publishedName).collect(Collectors.toSet());
        assertThat(names(document.at("/channels/events/messages"))).isEqualTo(types);
        assertThat(names(document.at("/components/messages")))
                .isEqualTo(Stream.concat(types.stream(), OTHERS.stream()).collect(Collectors.toSet()));
        for (String type : types) {
            JsonNode message = document.get("components").get("messages").get(type);
            assertThat(message.get("name").asString()).isEqualTo(type);
            assertThat(message.at("/payload/schema/$ref").asString()).endsWith("/" + type + ".json");
        }
    }

    @Test
    void theTopicsAndHeadersAreThoseOfTheCode() {
        assertThat(document.get("channels")
                        .valueStream()
                        .map(channel -> channel.get("address").asString()))
                .containsExactlyInAnyOrder(Topics.EVENTS, Topics.USER_KEYS, Topics.AUDIT_HEADS);
        assertThat(document.at("/channels/events/bindings/kafka/partitions").asInt())
                .isEqualTo(Topics.DEFAULT_PARTITIONS);
        JsonNode headers = document.at("/components/schemas/Headers");
        Set<String> sent = EventCodec.headers(EventCodecTest.published(new UserEvent.UserActivated()))
                .keySet();
        assertThat(names(headers.get("properties"))).isEqualTo(sent);
        assertThat(headers.get("required").valueStream().map(JsonNode::asString))
                .containsExactlyInAnyOrderElementsOf(sent);
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> references = new ArrayList<>();
        document.findValues("$ref").forEach(reference -> references.add(reference.asString()));
        assertThat(references).hasSizeGreaterThan(2 * EventType.values().length);
        for (String reference : references) {
            if (reference.startsWith("#")) {
                assertThat(document.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse();
            } else {
                assertThat(DOCUMENT.resolveSibling(reference)).exists();
            }
        }
    }
}
