package io.userstore.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.api.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code deploy/nginx.conf} says fits what the services say. */
class EdgeTest {
    private static final Pattern PROBLEMS = Pattern.compile("map \\$status \\$problem \\{(.*?)\n  }\n", Pattern.DOTALL);
    private static final Pattern PROBLEM = Pattern.compile("(?m)^    (\\S+) '(.*)';$");

    @Test
    void whatTheEdgeAnswersByItselfIsAnErrorOfTheContract() throws IOException {
        Map<String, JsonNode> problems = problems();
        assertThat(problems).containsKeys("default", "\"~^5\"", "400", "404", "413", "503", "504");
        problems.forEach((status, problem) -> {
            String name = problem.path("error").asString();
            ErrorCode error = ErrorCode.valueOf(name.toUpperCase(Locale.ROOT));
            assertThat(problem.path("type").asString()).as(status).isEqualTo(error.type());
            assertThat(problem.path("title").asString()).as(status).isEqualTo(error.title());
            assertThat(problem.path("code").asInt()).as(status).isEqualTo(error.code());
            assertThat(problem.path("detail").asString()).as(status).isNotEmpty();
            if (status.matches("\\d+")) {
                assertThat(problem.path("status").asString()).isEqualTo(status);
            }
        });
    }

    @Test
    void aServiceThatIsAwayIsUnavailableAndToBeAskedAgain() throws IOException {
        assertThat(problems())
                .hasEntrySatisfying(
                        "503",
                        problem ->
                                assertThat(problem.path("error").asString()).isEqualTo(ErrorCode.UNAVAILABLE.error()));
        assertThat(configuration())
                .contains("error_page 502 =503 /edge-problem;")
                .containsPattern("map \\$status \\$retry_after \\{\\s+default \"\";\\s+503 1;");
    }

    @Test
    void usersCalledAsACallOfTheOtherServiceAreReadWhereUsersAreRead() {
        EdgeRoutes routes = EdgeRoutes.ofNginx();
        for (String name : List.of("import", "export")) {
            assertThat(routes.leadsToCommandService("GET", "/1/users/" + name)).isFalse();
            assertThat(routes.leadsToCommandService("HEAD", "/1/users/" + name)).isFalse();
        }
        assertThat(routes.leadsToCommandService("POST", "/1/users/import")).isTrue();
    }

    /** In the order of the file, by status. */
    private static Map<String, JsonNode> problems() throws IOException {
        Matcher map = PROBLEMS.matcher(configuration());
        assertThat(map.find()).isTrue();
        Map<String, JsonNode> problems = new LinkedHashMap<>();
        PROBLEM.matcher(map.group(1))
                .results()
                .forEach(problem -> problems.put(
                        problem.group(1),
                        JsonMapper.shared().readTree("{" + problem.group(2).replace("$status", "\"$status\"") + "}")));
        return problems;
    }

    private static String configuration() throws IOException {
        return Files.readString(Path.of("../deploy/nginx.conf"));
    }
}
