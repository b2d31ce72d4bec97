package io.userstore.standalone.contract;

import io.userstore.standalone.Client;
import io.userstore.standalone.RunningStandalone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.util.FileSystemUtils;

/**
 * The one store that all tests of this package share; each test gets an {@link Api} of its own. It is a standalone, started for them; or,
 * with the system property {@code userstore.test.url}, the store at that address, whose root key is {@code userstore.test.key}.
 * That one has to be started with the properties in {@link #PROPERTIES}; what it cannot have, tests assume.
 */
final class OneStore implements ParameterResolver {
    /** Loopback is a proxy, so that each test can come from an address of its own; limits and locks are small enough to be met. */
    private static final Map<String, Object> PROPERTIES = Map.of(
            "userstore.trusted-proxies", "127.0.0.1",
            "userstore.limits.requests-per-second", 20,
            "userstore.limits.requests-burst", 200,
            "userstore.lockout.first", "2s",
            "userstore.visibility.max-wait", "10s");

    /**
     * Where the store is.
     *
     * @param standalone null when it was started by somebody else
     */
    record Running(Client root, @Nullable RunningStandalone standalone) implements AutoCloseable {
        static Running start() {
            String url = System.getProperty("userstore.test.url");
            if (url != null) {
                return new Running(new Client(url, url, System.getProperty("userstore.test.key")), null);
            }
            try {
                Path folder = Files.createTempDirectory("contract-");
                RunningStandalone standalone = new RunningStandalone(folder, PROPERTIES);
                return new Running(new Client(standalone.url(), standalone.url(), RunningStandalone.KEY), standalone);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            if (standalone != null) {
                standalone.close();
                FileSystemUtils.deleteRecursively(standalone.directory());
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Api.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Running store = context.getRoot()
                .getStore(ExtensionContext.Namespace.create(OneStore.class))
                .computeIfAbsent(Running.class, type -> Running.start(), Running.class);
        return Api.ofANewApplication(store);
    }
}
