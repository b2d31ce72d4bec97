package io.userstore.api.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.userstore.api.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The schemas that {@code ce_dataschema} names say what the code does, no less and no more. */
class EventSchemasTest {
    private static final Path FOLDER = Path.of("src/main/resources/io/userstore/api/event/schemas");
    private static final String SEALED = "eyJhbGciOiJkaXIifQ..AAAAAAAAAAAAAAAA.c2VhbGVk.AAAAAAAAAAAAAAAAAAAAAA";

    private static JsonNode schema(EventType type) {
        return read("schemas/" + type.publishedName() + ".json");
    }

    private static ObjectNode golden(EventType type) {
        return (ObjectNode) read("/golden/published/" + type.publishedName() + ".json");
    }

    private static JsonNode read(String resource) {
        try (InputStream file = EventCodec.class.getResourceAsStream(resource)) {
            assertThat(file).as(resource).isNotNull();
            return Json.MAPPER.readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Error> faults(JsonNode schema, JsonNode instance) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema.toString(), InputFormat.JSON)
                .validate(instance.toString(), InputFormat.JSON);
    }

    private static Set<String> names(JsonNode properties) {
        return properties.properties().stream()
                .map(java.util.Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<RecordComponent> components(Class<?> type) {
        return Arrays.stream(type.getRecordComponents());
    }

    private static String named(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static Set<String> names(Class<?> type) {
        return components(type).map(EventSchemasTest::named).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those that are never left out of the JSON. */
    private static Set<String> alwaysThere(Class<?> type) {
        return components(type)
                .filter(component -> !component.getAnnotatedType().isAnnotationPresent(Nullable.class))
                .filter(component -> !component.getAccessor().isAnnotationPresent(JsonInclude.class))
                .map(EventSchemasTest::named)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void eachTypeHasASchemaAndEachSchemaIsOfAType() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(EventType.values())
                            .map(type -> type.publishedName() + ".json")
                            .toList());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSchemaIsTheOneThatTheRecordNames(EventType type) {
        UserEvent event = EventCodecTest.examples()
                .filter(example -> EventType.of(example) == type)
                .findFirst()
                .orElseThrow();
        byte[] named = EventCodec.headers(EventCodecTest.published(event)).get("ce_dataschema");
        assertThat(schema(type).get("$id").asString()).isEqualTo(new String(named, StandardCharsets.UTF_8));
        assertThat(schema(type).get("title").asString()).isEqualTo(type.publishedName());
    }

    @ParameterizedTest
    @EnumSource
    void aSchemasPropertiesAreTheRecordsComponents(EventType type) {
        JsonNode data = schema(type).at("/properties/data");
        assertThat(names(data.get("properties"))).isEqualTo(names(type.eventClass()));
        assertThat(texts(data.path("required"))).isEqualTo(alwaysThere(type.eventClass()));
        components(type.eventClass())
                .filter(component -> component.getName().equals("personal"))
                .forEach(personal -> {
                    JsonNode opened = schema(type).at("/$defs/Personal");
                    assertThat(names(opened.get("properties"))).isEqualTo(names(personal.getType()));
                    assertThat(texts(opened.path("required"))).isEqualTo(alwaysThere(personal.getType()));
                });
        String number = type.stream() == EventStream.USER ? "version" : "login_sequence";
        assertThat(texts(schema(type).get("required")))
                .containsExactlyInAnyOrder("application", "user_id", number, "position", "actor", "data");
    }

    @ParameterizedTest
    @EnumSource
    void whatIsFrozenIsValidSealedAndOpened(EventType type) {
        ObjectNode golden = golden(type);
        assertThat(faults(schema(type), golden)).isEmpty();
        ObjectNode data = (ObjectNode) golden.get("data");
        if (data.has("personal")) {
            data.put("personal", SEALED);
            assertThat(faults(schema(type), golden)).isEmpty();
            data.put("personal", "john@example.com");
            assertThat(faults(schema(type), golden)).isNotEmpty();
        }
    }

    /** What makes adding a field a compatible change. */
    @ParameterizedTest
    @EnumSource
    void aFieldOfALaterVersionIsValidAndAMissingOneIsNot(EventType type) {
        ObjectNode later = golden(type);
        later.put("a_later_field", 1);
        ((ObjectNode) later.get("data")).put("another", "x");
        assertThat(faults(schema(type), later)).isEmpty();
        for (String required : texts(schema(type).get("required"))) {
            ObjectNode lacking = golden(type);
            lacking.remove(required);
            assertThat(faults(schema(type), lacking)).as(required).isNotEmpty();
        }
    }

    /** Forward and backward: a consumer of today reads what was written before an optional field was there. */
    @ParameterizedTest
    @EnumSource
    void anEventWithoutItsOptionalFieldsIsRead(EventType type) {
        ObjectNode earlier = golden(type);
        ObjectNode data = (ObjectNode) earlier.get("data");
        Set<String> required = texts(schema(type).at("/properties/data/required"));
        names(data).stream().filter(name -> !required.contains(name)).forEach(data::remove);
        assertThat(faults(schema(type), earlier)).isEmpty();
        UserEvent event = EventCodecTest.examples()
                .filter(example -> EventType.of(example) == type)
                .findFirst()
                .orElseThrow();
        PublishedEvent read = EventCodec.decode(
                EventCodec.headers(EventCodecTest.published(event))::get,
                earlier.toString().getBytes(StandardCharsets.UTF_8));
        assertThat(read.type()).isEqualTo(type);
    }
}
