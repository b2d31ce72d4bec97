package io.userstore.query.rest;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.web.Answers;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.stereotype.Controller;
import org.springframework.util.DigestUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.context.request.ServletWebRequest;

/**
 * {@code GET /admin}: the administration page. Asks for no key, because it tells nothing of anybody: what it shows, it
 * asks of the API with the key that its user types in.
 */
@Controller
final class AdminController {
    private final AdminPage page = new AdminPage();

    @GetMapping("/admin")
    void page(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // Not kept either for going back: after logging out, a page with users on it must not return.
        response.setHeader("Cache-Control", "no-store");
        answer(AdminPage.PAGE, request, response);
    }

    @GetMapping("/admin/{name}")
    void file(@PathVariable("name") String name, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setHeader("Cache-Control", "no-cache");
        answer(name, request, response);
    }

    private void answer(String name, HttpServletRequest request, HttpServletResponse response) throws IOException {
        AdminPage.File file = page.file(name);
        if (file == null) {
            throw ApiException.of(ErrorCode.NOT_FOUND);
        }
        response.setHeader("Content-Security-Policy", AdminPage.POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        if (!new ServletWebRequest(request, response).checkNotModified(DigestUtils.md5DigestAsHex(file.bytes()))) {
            Answers.write(response, HttpServletResponse.SC_OK, file.type(), file.bytes());
        }
    }
}
