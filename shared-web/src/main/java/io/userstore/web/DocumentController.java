package io.userstore.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.stereotype.Controller;
import org.springframework.util.DigestUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.context.request.ServletWebRequest;

/** {@code GET /openapi.json} and {@code GET /docs}: the API's document, for programs and for people. Asks for no key. */
@Controller
final class DocumentController {
    private final byte[] document = ApiDocument.json();
    private final DocsPage page = DocsPage.load();

    @GetMapping("/openapi.json")
    void document(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // Tools on other sites may read it: it is the same for everybody and tells nothing of anybody.
        response.setHeader("Access-Control-Allow-Origin", "*");
        answer(request, response, "application/json", document);
    }

    @GetMapping("/docs")
    void page(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Content-Security-Policy", page.contentSecurityPolicy());
        response.setHeader("Referrer-Policy", "no-referrer");
        answer(request, response, "text/html;charset=UTF-8", page.html().getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(HttpServletRequest request, HttpServletResponse response, String type, byte[] body)
            throws IOException {
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cache-Control", "no-cache");
        if (!new ServletWebRequest(request, response).checkNotModified(DigestUtils.md5DigestAsHex(body))) {
            Answers.write(response, HttpServletResponse.SC_OK, type, body);
        }
    }
}
