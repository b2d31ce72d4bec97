package io.userstore.standalone.contract;

import static io.userstore.standalone.contract.Api.expect;
import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.standalone.Client.Answer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the REST contract says of itself before its first chapter. Document and services are held together by {@code ApiContractTest}. */
@ExtendWith(OneStore.class)
class DocumentsTest {
    private final Api api;

    DocumentsTest(Api api) {
        this.api = api;
    }

    @Test
    @DisplayName("It is served as OpenAPI 3.1 at /openapi.json")
    void theContractIsServedAsOpenApi() {
        Answer document = expect(200, api.withoutKey().get("/openapi.json"));
        assertThat(document.header("Content-Type")).startsWith("application/json");
        assertThat(document.text("openapi")).startsWith("3.1.");
        assertThat(document.json().get("paths").propertyNames())
                .contains("/1/users", "/1/users/{id}", "/1/auth/signin", "/1/stats", "/1/applications");
    }

    @Test
    @DisplayName("… with a browsable page at /docs")
    void theContractHasABrowsablePage() {
        Answer page = expect(200, api.withoutKey().get("/docs"));
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.body()).contains("/openapi.json").doesNotContain("src=\"http");
    }
}
