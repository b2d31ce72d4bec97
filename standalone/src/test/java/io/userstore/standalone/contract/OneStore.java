package io.userstore.standalone.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The one store that all tests of this package share; each test gets an {@link Api} of its own. System properties say which:
 *
 * <ul>
 *   <li>none: a standalone, started for them;
 *   <li>{@code userstore.test.apart=true}: the two services apart, likewise; for a run of these tests alone, since other tests start
 *       these services over the same servers;
 *   <li>{@code userstore.test.url}: the store at that address, whose root key is {@code userstore.test.key}. What it cannot have,
 *       tests assume. It should believe what loopback says of where requests come from, or tests use up each other's attempts.
 * </ul>
 */
final class OneStore implements ParameterResolver {
    /** Loopback is a proxy, so that each test can come from an address of its own; limits and locks are small enough to be met. */
    private static final Map<String, Object> PROPERTIES = Map.of(
            "userstore.trusted-proxies", "127.0.0.1",
            "userstore.limits.requests-per-second", 20,
            "userstore.limits.requests-burst", 200,
            "userstore.lockout.first", "2s",
            "userstore.visibility.max-wait", "10s");

    /** Started at its first use, and gone with this JVM: the tests of a JVM need not be one run to JUnit. */
    private static final class Running {
        static final Store STORE = start();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(Running::stop, "stop-contract-store"));
        }

        private static void stop() {
            try {
                STORE.close();
            } catch (Exception e) {
                throw new IllegalStateException("the store of the tests did not stop", e);
            }
        }
    }

    private static Store start() {
        String url = System.getProperty("userstore.test.url");
        if (url != null) {
            return StoreElsewhere.at(url, System.getProperty("userstore.test.key"));
        }
        try {
            return Boolean.getBoolean("userstore.test.apart")
                    ? new StoreApart(PROPERTIES)
                    : new StandaloneStore(PROPERTIES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Api.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return Api.ofANewApplication(Running.STORE);
    }
}
