package io.userstore.web;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.Problem;
import io.userstore.api.json.Json;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Errors that Tomcat finds before any of our code runs (a broken request line, an illegal header) in the shape that
 * all errors have, in place of its HTML page. Public with a public constructor because Tomcat makes it by its name.
 */
public final class ProblemValve extends ErrorReportValve {
    private static final Log LOG = LogFactory.getLog(ProblemValve.class);

    @Override
    protected void report(Request request, Response response, @Nullable Throwable thrown) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        ApiException error = ApiException.of(ProblemAdvice.ofStatus(status));
        try {
            response.setContentType(Problem.MEDIA_TYPE);
            response.getOutputStream().write(Json.MAPPER.writeValueAsBytes(Problem.of(error, null)));
            response.finishResponse();
        } catch (IOException e) {
            LOG.debug("the client went away before its answer", e);
        }
    }
}
