package io.userstore.query.mongo;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/** Breaks a rule of the architecture on purpose, to prove that the rule can fail. */
public final class KnowsARequest {
    @Nullable
    HttpServletRequest field;
}
