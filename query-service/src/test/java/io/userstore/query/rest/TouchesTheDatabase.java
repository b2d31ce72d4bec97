package io.userstore.query.rest;

import com.mongodb.client.MongoDatabase;
import org.jspecify.annotations.Nullable;

/** Breaks a rule of the architecture on purpose, to prove that the rule can fail. */
public final class TouchesTheDatabase {
    @Nullable
    MongoDatabase field;
}
