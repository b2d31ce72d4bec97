package io.userstore.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.api.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.JsonNode;

class DocsTest {
    private final DocumentController controller = new DocumentController();

    @Test
    void thePolicyAdmitsThePagesOwnStyleAndProgramAndNothingElse() throws Exception {
        DocsPage page = DocsPage.load();
        assertThat(page.contentSecurityPolicy())
                .contains("default-src 'none'")
                .contains("script-src '" + hash(between(page.html(), "<script>", "</script>")) + "'")
                .contains("style-src '" + hash(between(page.html(), "<style>", "</style>")) + "'")
                .doesNotContain("unsafe");
        assertThat(page.html()).doesNotContain("http://", "https://", " style=", " onclick=");
    }

    @Test
    void everyReferenceInTheDocumentLeadsSomewhere() {
        JsonNode document = Json.MAPPER.readTree(ApiDocument.json());
        assertThat(document.findValues("$ref"))
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                document.at(reference.asString().substring(1)).isMissingNode())
                        .as(reference.asString())
                        .isFalse());
    }

    @Test
    void everyCallHasANameOfItsOwnAndAGroupThatIsThere() {
        JsonNode document = Json.MAPPER.readTree(ApiDocument.json());
        assertThat(document.findValues("operationId").stream().map(JsonNode::asString))
                .isNotEmpty()
                .doesNotHaveDuplicates();
        TreeSet<String> groups = new TreeSet<>();
        document.get("tags").forEach(tag -> groups.add(tag.get("name").asString()));
        document.get("paths")
                .findValues("tags")
                .forEach(tags -> assertThat(groups).contains(tags.get(0).asString()));
    }

    @Test
    void aBrowserThatHasTheDocumentIsNotSentItAgain() throws Exception {
        MockHttpServletResponse first = new MockHttpServletResponse();
        controller.document(new MockHttpServletRequest("GET", "/openapi.json"), first);
        MockHttpServletRequest again = new MockHttpServletRequest("GET", "/openapi.json");
        again.addHeader("If-None-Match", String.valueOf(first.getHeader("ETag")));
        MockHttpServletResponse second = new MockHttpServletResponse();
        controller.document(again, second);
        assertThat(first.getStatus()).isEqualTo(200);
        assertThat(second.getStatus()).isEqualTo(304);
        assertThat(second.getContentAsByteArray()).isEmpty();
    }

    private static String between(String text, String begin, String end) {
        int start = text.indexOf(begin) + begin.length();
        return text.substring(start, text.indexOf(end, start));
    }

    private static String hash(String text) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return "sha256-" + Base64.getEncoder().encodeToString(digest);
    }
}
