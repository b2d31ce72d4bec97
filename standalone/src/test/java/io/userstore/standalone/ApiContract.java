package io.userstore.standalone;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The API's document as the tests read it: its operations, and whether an answer is one that it tells of. */
final class ApiContract {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

    private final JsonNode document;
    private final Map<JsonNode, Schema> schemas = new HashMap<>();

    ApiContract(String json) {
        this.document = JSON.readTree(json);
    }

    /** One call: {@code shared} is what all calls of the path have in common. */
    record Operation(String method, String path, JsonNode node, JsonNode shared) {
        /** For example {@code GET /1/users/{id}}. */
        String name() {
            return method + " " + path;
        }
    }

    JsonNode document() {
        return document;
    }

    List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        document.get("paths")
                .properties()
                .forEach(path -> METHODS.stream()
                        .filter(path.getValue()::has)
                        .map(method -> new Operation(
                                method.toUpperCase(java.util.Locale.ROOT),
                                path.getKey(),
                                path.getValue().get(method),
                                path.getValue().path("parameters")))
                        .forEach(operations::add));
        return operations;
    }

    /** Calls whose answer ends; of the others the services' own tests tell. */
    List<Operation> operationsThatEnd() {
        return operations().stream()
                .filter(operation -> !operation.node().path("x-stream").asBoolean(false))
                .toList();
    }

    /** Follows a reference within the document; what is none stays as it is. */
    JsonNode resolve(JsonNode node) {
        return node.has("$ref")
                ? resolve(document.at(node.get("$ref").asString().substring(1)))
                : node;
    }

    /** The parameters of a call that travel in this place: {@code path}, {@code query} or {@code header}. */
    List<JsonNode> parameters(Operation operation, String place) {
        List<JsonNode> parameters = new ArrayList<>();
        for (JsonNode list : List.of(operation.shared(), operation.node().path("parameters"))) {
            list.forEach(parameter -> parameters.add(resolve(parameter)));
        }
        return parameters.stream()
                .filter(parameter -> parameter.get("in").asString().equals(place))
                .toList();
    }

    /** The examples of a parameter, a body or an answer, by their names. */
    Map<String, JsonNode> examples(JsonNode holder) {
        Map<String, JsonNode> examples = new LinkedHashMap<>();
        if (holder.has("example")) {
            examples.put("", holder.get("example"));
        }
        holder.path("examples")
                .properties()
                .forEach(each ->
                        examples.put(each.getKey(), resolve(each.getValue()).get("value")));
        return examples;
    }

    /** What an instance has against a schema of the document; nothing when it is valid. */
    List<String> faults(JsonNode schema, JsonNode instance) {
        return schemas.computeIfAbsent(schema, this::compiled).validate(instance).stream()
                .map(Error::toString)
                .toList();
    }

    /** The schema with the document's others beside it, so that references lead somewhere. */
    private Schema compiled(JsonNode schema) {
        ObjectNode root = JSON.createObjectNode();
        root.set("components", document.get("components"));
        root.putArray("allOf").add(schema);
        return SCHEMAS.getSchema(root);
    }

    /** What the document does not tell of an answer to a call; nothing when the answer is as documented. */
    List<String> surprises(Operation operation, HttpAnswer answer) {
        List<String> surprises = new ArrayList<>();
        JsonNode documented = operation.node().get("responses").path(String.valueOf(answer.status()));
        if (documented.isMissingNode()) {
            return List.of("the status is not documented");
        }
        JsonNode response = resolve(documented);
        response.path("headers").properties().forEach(header -> {
            boolean required = resolve(header.getValue()).path("required").asBoolean(false);
            String value = answer.header(header.getKey());
            if (value.isEmpty() && required) {
                surprises.add("the header " + header.getKey() + " is missing");
            } else if (!value.isEmpty()) {
                faults(resolve(header.getValue()).get("schema"), JSON.valueToTree(value))
                        .forEach(fault -> surprises.add(header.getKey() + ": " + fault));
            }
        });
        surprises.addAll(surprisesOfBody(response.path("content"), answer));
        return surprises;
    }

    private List<String> surprisesOfBody(JsonNode content, HttpAnswer answer) {
        if (answer.body().isEmpty()) {
            // A stream of lines may have none.
            boolean expected = content.isEmpty()
                    || content.has("application/x-ndjson")
                    || answer.header("Preference-Applied").contains("return=minimal");
            return expected ? List.of() : List.of("the body is missing");
        }
        String type = answer.header("Content-Type").replaceAll(";.*", "");
        if (!content.has(type)) {
            return List.of("the content type is not documented: " + type);
        }
        if (!type.endsWith("json")) {
            return List.of();
        }
        try {
            return type.endsWith("ndjson")
                    ? answer.body()
                            .lines()
                            .flatMap(line -> faults(content.get(type).get("schema"), JSON.readTree(line)).stream())
                            .toList()
                    : faults(content.get(type).get("schema"), JSON.readTree(answer.body()));
        } catch (JacksonException e) {
            return List.of("the body is not JSON");
        }
    }
}
