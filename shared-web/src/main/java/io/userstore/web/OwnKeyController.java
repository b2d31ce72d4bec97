package io.userstore.web;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /1/key}: what the key that was sent may do. Of any valid key, and the same from both services. */
@RestController
final class OwnKeyController {

    /** The answer; the key itself is not in it. */
    @JsonPropertyOrder({"id", "application", "permissions"})
    record Answer(String id, String application, List<String> permissions) {}

    @GetMapping("/1/key")
    void tell(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller caller = Caller.known(request).orElseThrow(() -> ApiException.of(ErrorCode.UNAUTHORIZED));
        response.setHeader("Cache-Control", "no-store");
        Answers.json(
                response,
                HttpServletResponse.SC_OK,
                new Answer(
                        caller.keyId(),
                        caller.application(),
                        caller.permissions().stream()
                                .map(Permission::text)
                                .sorted()
                                .toList()));
    }
}
