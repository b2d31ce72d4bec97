package io.userstore.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.FieldFault;
import io.userstore.embedded.TestServers;
import io.userstore.standalone.ApiContract.Operation;
import io.userstore.standalone.HttpAnswer.Header;
import io.userstore.standalone.HttpAnswer.Sent;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The API's document and the running services say the same. */
@SpringBootTest(
        classes = Standalone.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "userstore.secret-key=" + ApiContractTest.KEY,
            "userstore.master-key=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "userstore.signing-key=MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g",
            "userstore.limits.sign-in-failures-burst=0",
            "userstore.limits.code-failures-burst=0",
            "userstore.mongodb.database=contract",
            "userstore.query.consumer-group=contract",
            "userstore.visibility.max-wait=20s",
            "userstore.password.memory-kib=8",
            "userstore.password.iterations=1",
            "userstore.password.queue=1000",
            "logging.level.com.networknt=error"
        })
@DirtiesContext
class ApiContractTest {
    static final String KEY = "sk_contract_0123456789abcdef";

    private static final JsonMapper JSON = JsonMapper.shared();

    /** Documented, and being built. An entry whose call is there fails the test: take it out. */
    private static final Set<String> NOT_YET = Set.of();

    /** Examples of calls that are there, with options that are being built. One that succeeds fails the test. */
    private static final Set<String> EXAMPLES_NOT_YET = Set.of();

    /**
     * Examples hold a code, an identity or a key that nobody has, ask for a head that may not be signed yet, or lack an option
     * that a proof needs, or come while a rebuild is under way: the answer is a documented one, no success.
     */
    private static final Set<String> ABOUT_NOTHING_THERE = Set.of(
            "POST /1/users/{id}/confirmation",
            "GET /1/users/{id}/auth-providers/{provider}",
            "PATCH /1/users/{id}/auth-providers/{provider}",
            "DELETE /1/users/{id}/auth-providers/{provider}",
            "POST /1/auth/signin body provider",
            "POST /1/auth/verify",
            "POST /1/auth/reset-password",
            "GET /1/tokens/{code}",
            "GET /1/erasures/{user_id}",
            "GET /1/audit/head",
            "GET /1/audit/checkpoint",
            "GET /1/audit/proofs/inclusion",
            "GET /1/audit/proofs/consistency",
            "GET /confirm",
            "POST /confirm",
            "GET /reset-password",
            "POST /reset-password",
            "POST /1/projections/{name}/rebuild",
            "DELETE /1/projections/{name}/rebuild",
            "POST /1/projections/{name}/rollback",
            "POST /1/applications/{name}/keys/{id}/rotate",
            "DELETE /1/applications/{name}/keys/{id}");

    /** The user that the examples are about. */
    private static final String JOHN = """
            {"username":"johnsmith","email":"john@example.com","password":"correct horse battery staple",
             "first_name":"John","last_name":"Smith","group":"cadets","extra":{"color":"Blue","age":24}}""";

    private static final String EXAMPLE_ID = "0198c0de-7a53-7c62-9d6c-3c1f1c0f5a11";

    @LocalServerPort
    private int port;

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    private RequestMappingHandlerMapping routes;

    private ApiContract contract;
    private int examplesSent;
    private String lastCreation = "";

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        registry.add("spring.datasource.url", TestServers::jdbcUrl);
        registry.add("spring.datasource.username", TestServers::jdbcUsername);
        registry.add("spring.datasource.password", TestServers::jdbcPassword);
        registry.add("spring.kafka.bootstrap-servers", TestServers::kafkaBootstrapServers);
        registry.add("userstore.mongodb.uri", TestServers::mongoUri);
    }

    @BeforeEach
    void readTheDocument() {
        HttpAnswer answer = new Sent("GET", "/openapi.json", List.of(), new byte[0]).to(port);
        assertThat(answer.status()).isEqualTo(200);
        contract = new ApiContract(answer.body());
    }

    @Test
    void everyRouteIsDocumentedAndEveryDocumentedCallHasARoute() {
        Set<String> served = new TreeSet<>(sidesOfRoutes().keySet());
        Set<String> documented =
                contract.operations().stream().map(Operation::name).collect(Collectors.toCollection(TreeSet::new));
        Set<String> missing = new TreeSet<>(documented);
        missing.removeAll(served);
        assertThat(documented).as("routes that the document does not tell of").containsAll(served);
        assertThat(missing).as("calls without a route; compare NOT_YET").containsExactlyInAnyOrderElementsOf(NOT_YET);
    }

    @Test
    void eachCallIsServedByTheServiceThatTheDocumentNames() {
        Map<String, String> sides = sidesOfRoutes();
        for (Operation operation : contract.operations()) {
            if (sides.containsKey(operation.name())) {
                assertThat(operation.node().path("x-side").asString())
                        .as(operation.name())
                        .isEqualTo(sides.get(operation.name()));
            }
        }
    }

    @Test
    void theEdgeLeadsEachCallToTheServiceThatTheDocumentNames() {
        EdgeRoutes routes = EdgeRoutes.ofNginx();
        for (Operation operation : contract.operations()) {
            String side = operation.node().path("x-side").asString();
            if (side.equals("command") || side.equals("query")) {
                String path = operation.path().replaceAll("\\{[^}]*}", "x");
                assertThat(routes.leadsToCommandService(operation.method(), path))
                        .as(operation.name())
                        .isEqualTo(side.equals("command"));
            }
        }
    }

    /** Pages of administration are for people behind their own log-in, and no part of the API. */
    private Map<String, String> sidesOfRoutes() {
        Map<String, String> sides = new TreeMap<>();
        for (Map.Entry<RequestMappingInfo, HandlerMethod> route :
                routes.getHandlerMethods().entrySet()) {
            String code = route.getValue().getBeanType().getPackageName();
            String side = Stream.of("command", "query", "standalone")
                    .filter(module -> code.startsWith("io.userstore." + module))
                    .findFirst()
                    .orElse("both");
            for (String path : route.getKey().getPatternValues()) {
                if (!path.equals("/error") && !path.startsWith("/admin")) {
                    route.getKey()
                            .getMethodsCondition()
                            .getMethods()
                            .forEach(method -> sides.put(method + " " + path, side));
                }
            }
        }
        return sides;
    }

    @Test
    void theDocumentIsAnOpenApiDocument() throws IOException {
        try (InputStream schema = ApiContractTest.class.getResourceAsStream("/openapi/schema-3.1.json")) {
            List<Error> errors = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(schema)
                    .validate(contract.document().toString(), InputFormat.JSON);
            assertThat(errors).isEmpty();
        }
    }

    @Test
    void everyExampleIsValid() {
        List<String> faults = new ArrayList<>();
        for (Operation operation : contract.operations()) {
            List<JsonNode> holders = new ArrayList<>();
            Stream.of("path", "query", "header")
                    .forEach(place -> holders.addAll(contract.parameters(operation, place)));
            operation.node().path("requestBody").path("content").forEach(holders::add);
            operation
                    .node()
                    .get("responses")
                    .forEach(response ->
                            contract.resolve(response).path("content").forEach(holders::add));
            for (JsonNode holder : holders) {
                contract.examples(holder)
                        .forEach((name, example) -> contract.faults(holder.get("schema"), example)
                                .forEach(fault -> faults.add(operation.name() + " " + name + ": " + fault)));
            }
        }
        contract.document()
                .get("components")
                .get("schemas")
                .properties()
                .forEach(schema -> schema.getValue()
                        .path("examples")
                        .forEach(example -> contract.faults(schema.getValue(), example)
                                .forEach(fault -> faults.add(schema.getKey() + ": " + fault))));
        assertThat(faults).isEmpty();
    }

    @Test
    void everyKindOfErrorIsDocumented() {
        JsonNode kinds = contract.document().at("/components/schemas/Problem/properties/error/enum");
        assertThat(kinds.valueStream().map(JsonNode::asString))
                .containsAll(
                        Arrays.stream(ErrorCode.values()).map(ErrorCode::error).toList());
    }

    @Test
    void everyKindOfFaultIsDocumented() {
        JsonNode kinds = contract.document().at("/components/schemas/Fault/properties/code/enum");
        assertThat(kinds.valueStream().map(JsonNode::asString))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(FieldFault.Kind.values())
                        .map(FieldFault.Kind::text)
                        .toList());
    }

    @TestFactory
    Stream<DynamicTest> everyExampleIsAnsweredAsDocumented() {
        readTheDocument();
        return contract.operationsThatEnd().stream()
                .filter(operation -> !NOT_YET.contains(operation.name()))
                .flatMap(operation -> examples(operation).entrySet().stream()
                        .map(example -> DynamicTest.dynamicTest(
                                example.getKey(), () -> check(operation, example.getKey(), example.getValue()))));
    }

    private void check(Operation operation, String name, Sent example) {
        removeEverybody();
        Sent sent = forThisTime(example, create(JOHN));
        HttpAnswer answer = sent.to(port);
        lastCreation = answer.status() == 201 ? answer.header("Consistency-Token") : "";
        String told = sent + " → " + answer.status() + " " + answer.body();
        assertThat(contract.surprises(operation, answer)).as(told).isEmpty();
        if (EXAMPLES_NOT_YET.contains(name)) {
            assertThat(answer.status())
                    .as("it is there now, take it out of EXAMPLES_NOT_YET: " + told)
                    .isGreaterThanOrEqualTo(400);
        } else if (!ABOUT_NOTHING_THERE.contains(operation.name()) && !ABOUT_NOTHING_THERE.contains(name)) {
            assertThat(answer.status()).as(told).isLessThan(400);
        }
    }

    /** Each example of the body, and the first of them with each example of each option and header. */
    private Map<String, Sent> examples(Operation operation) {
        Map<String, Sent> examples = new TreeMap<>();
        Sent plain = new Sent(operation.method(), path(operation), List.of(), new byte[0]);
        if (!operation.path().equals("/openapi.json") && !operation.path().equals("/docs")) {
            plain = plain.with("x-api-key", KEY);
        }
        Sent first = plain;
        for (Map.Entry<String, JsonNode> media :
                operation.node().path("requestBody").path("content").properties()) {
            for (Map.Entry<String, JsonNode> body :
                    contract.examples(media.getValue()).entrySet()) {
                Sent whole = plain.withBody(media.getKey(), encoded(media.getKey(), body.getValue()));
                first = first.body().length == 0 ? whole : first;
                examples.put(operation.name() + " body " + body.getKey(), whole);
            }
        }
        if (examples.isEmpty()) {
            examples.put(operation.name(), plain);
        }
        for (String place : List.of("query", "header")) {
            for (JsonNode parameter : contract.parameters(operation, place)) {
                Sent base = first;
                String option = parameter.get("name").asString();
                contract.examples(parameter).forEach((kind, value) -> {
                    Sent with = place.equals("query")
                            ? new Sent(
                                    base.method(),
                                    base.target() + "?" + option + "=" + escaped(value.asString()),
                                    base.headers(),
                                    base.body())
                            : base.with(option, value.asString());
                    examples.put((operation.name() + " " + place + " " + option + " " + kind).strip(), with);
                });
            }
        }
        return examples;
    }

    private String path(Operation operation) {
        String path = operation.path();
        for (JsonNode parameter : contract.parameters(operation, "path")) {
            path = path.replace(
                    "{" + parameter.get("name").asString() + "}",
                    escaped(parameter.get("example").asString()));
        }
        return path;
    }

    static byte[] encoded(String mediaType, JsonNode value) {
        if (!mediaType.equals("application/x-www-form-urlencoded")) {
            return JSON.writeValueAsBytes(value);
        }
        List<String> pairs = new ArrayList<>();
        value.properties().forEach(field -> {
            if (field.getValue().isObject()) {
                field.getValue()
                        .properties()
                        .forEach(inner -> pairs.add(escaped(field.getKey() + "[" + inner.getKey() + "]") + "="
                                + escaped(inner.getValue().asString(""))));
            } else if (field.getValue().isArray()) {
                pairs.add(escaped(field.getKey()) + "="
                        + escaped(field.getValue()
                                .valueStream()
                                .map(each -> each.asString(""))
                                .collect(Collectors.joining(","))));
            } else {
                pairs.add(
                        escaped(field.getKey()) + "=" + escaped(field.getValue().asString("")));
            }
        });
        return String.join("&", pairs).getBytes(StandardCharsets.UTF_8);
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The example with the id that its user has this time, and names that no earlier example has taken. */
    private Sent forThisTime(Sent example, String id) {
        examplesSent++;
        String body = new String(example.body(), StandardCharsets.UTF_8)
                .replace(EXAMPLE_ID, id)
                .replace("shop", "shop" + examplesSent)
                .replace("forum", "forum" + examplesSent);
        List<Header> headers = example.headers().stream()
                .map(header -> header.name().equals("Idempotency-Key")
                        ? new Header(header.name(), header.value() + "-" + examplesSent)
                        : header)
                .toList();
        return new Sent(
                example.method(),
                example.target().replace(EXAMPLE_ID, id),
                headers,
                body.getBytes(StandardCharsets.UTF_8));
    }

    private String create(String user) {
        Sent create = new Sent("POST", "/1/users", List.of(new Header("x-api-key", KEY)), new byte[0]);
        HttpAnswer answer = create.withBody("application/json", user.getBytes(StandardCharsets.UTF_8))
                .to(port);
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return JSON.readTree(answer.body()).get("id").asString();
    }

    /** Also of the user whose creation did not wait for reads to show it; one shown still may be gone already. */
    private void removeEverybody() {
        List<Header> key = List.of(new Header("x-api-key", KEY));
        Sent list = new Sent("GET", "/1/users?limit=1000", key, new byte[0]);
        HttpAnswer page = (lastCreation.isEmpty() ? list : list.with("Consistency-Token", lastCreation)).to(port);
        assertThat(page.status()).as(page.body()).isEqualTo(200);
        for (JsonNode user : JSON.readTree(page.body()).get("data")) {
            String path = "/1/users/" + user.get("id").asString();
            assertThat(new Sent("DELETE", path, key, new byte[0]).to(port).status())
                    .isIn(200, 404);
        }
    }

    @Test
    void nothingThatIsSentBreaksTheServicesOrTheirWord() {
        long seed = Long.getLong("fuzz.seed", 20_260_104);
        int requests = Integer.getInteger("fuzz.requests", 1_500);
        List<String> users = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            users.add(create("{\"username\":\"fuzzed" + System.nanoTime() + "\",\"password\":\"abcd1234\"}"));
        }
        List<Operation> operations = contract.operationsThatEnd().stream()
                .filter(operation -> !NOT_YET.contains(operation.name()))
                .toList();
        RequestFuzzer fuzzer = new RequestFuzzer(contract, KEY, users, seed);
        Map<String, List<String>> surprises = new TreeMap<>();
        int done = 0;
        for (int i = 0; i < requests; i++) {
            Operation operation = operations.get(i % operations.size());
            Sent sent = fuzzer.next(operation);
            HttpAnswer answer = sent.to(port);
            contract.surprises(operation, answer)
                    .forEach(surprise -> surprises
                            .computeIfAbsent(
                                    operation.name() + " " + answer.status() + ": " + surprise, k -> new ArrayList<>())
                            .add(sent + " → " + answer.body()));
            done += answer.status() < 300 ? 1 : 0;
            if (answer.status() == 201 && operation.name().equals("POST /1/users")) {
                users.add(answer.header("Location").substring("/1/users/".length()));
            }
        }
        assertThat(surprises.entrySet().stream()
                        .map(kind -> kind.getValue().size() + " times " + kind.getKey() + "\n    for example "
                                + kind.getValue().getFirst()))
                .as("seed " + seed + ", " + requests + " requests")
                .isEmpty();
        assertThat(done).as("both kinds of requests were made").isBetween(requests / 20, requests - requests / 20);
    }
}
