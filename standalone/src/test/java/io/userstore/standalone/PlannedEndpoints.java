package io.userstore.standalone;

import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The calls of the REST contract that the service does not answer yet (linked providers), answered as the contract says;
 * all others go to the service.
 */
final class PlannedEndpoints implements HttpTransport {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern PROVIDERS = Pattern.compile("/1/users/([^/]+)/auth-providers(?:/([^/]+))?");

    private final HttpTransport service;

    /** By user id and provider. */
    private final Map<String, ObjectNode> linked = new TreeMap<>();

    PlannedEndpoints(HttpTransport service) {
        this.service = service;
    }

    @Override
    public Answer send(Request request) {
        Matcher providers = PROVIDERS.matcher(request.url().getRawPath());
        if (providers.matches()) {
            return provider(request, providers.group(1), providers.group(2));
        }
        if (request.line().equals("POST /1/auth/signin") && request.body().contains("client_id")) {
            return signIn(request, JSON.readTree(request.body()).path("client_id"));
        }
        return service.send(request);
    }

    private Answer provider(Request request, String userId, String named) {
        boolean adds = request.method().equals("POST");
        JsonNode body = request.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(request.body());
        String name = adds ? body.get("provider").asString() : named;
        ObjectNode link = linked.get(userId + " " + name);
        if (adds && link != null) {
            return problem(409, "provider_already_linked", 620);
        }
        if (!adds && link == null) {
            return problem(404, "provider_not_linked", 624);
        }
        ObjectNode changed = link == null ? JSON.createObjectNode() : link;
        if (request.method().equals("DELETE")) {
            linked.remove(userId + " " + name);
            return answer(200, changed);
        }
        body.properties().forEach(field -> changed.set(field.getKey(), field.getValue()));
        changed.put("provider", name);
        changed.put(
                "access_token_expired",
                changed.path("access_token_expiry").asLong() < System.currentTimeMillis() / 1000);
        linked.put(userId + " " + name, changed);
        return answer(adds ? 201 : 200, changed);
    }

    private Answer signIn(Request request, JsonNode clientId) {
        for (Map.Entry<String, ObjectNode> entry : linked.entrySet()) {
            if (entry.getValue().path("client_id").equals(clientId)) {
                String userId = entry.getKey().substring(0, entry.getKey().indexOf(' '));
                URI url = request.url().resolve("/1/users/" + userId);
                Answer user = service.send(new Request("GET", url, request.headers(), ""));
                ObjectNode signedIn = (ObjectNode) JSON.readTree(user.body());
                return answer(user.status(), signedIn.set("oauth", entry.getValue()));
            }
        }
        return problem(401, "invalid_credentials", 603);
    }

    private static Answer problem(int status, String error, int code) {
        return answer(
                status,
                JSON.createObjectNode()
                        .put("status", status)
                        .put("detail", error)
                        .put("error", error)
                        .put("code", code));
    }

    private static Answer answer(int status, JsonNode body) {
        return new Answer(status, body.toString());
    }
}
