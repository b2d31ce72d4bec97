package io.userstore.command.rest;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.api.error.Faults;
import io.userstore.api.user.UserIds;
import io.userstore.command.publish.ErasureCertificate;
import io.userstore.command.publish.ErasureCertificates;
import io.userstore.web.Answers;
import io.userstore.web.Caller;
import io.userstore.web.Permission;
import io.userstore.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /1/erasures/{user_id}}: that a user of the caller's application was erased, signed. */
@RestController
final class ErasureController {
    private final ErasureCertificates certificates;

    ErasureController(ErasureCertificates certificates) {
        this.certificates = certificates;
    }

    @GetMapping("/1/erasures/{user_id}")
    void erasure(@PathVariable("user_id") String text, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Caller caller = Caller.of(request, Permission.USERS_READ);
        Faults faults = new Faults();
        new QueryParameters(request, faults).rejectOthers();
        faults.throwIfAny();
        ErasureCertificate certificate = UserIds.parse(text)
                .flatMap(id -> certificates.find(caller.application(), id))
                .orElseThrow(() -> ApiException.of(ErrorCode.USER_NOT_FOUND));
        Answers.json(response, HttpServletResponse.SC_OK, certificate);
    }
}
