package io.userstore.kafka;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Clients of a Kafka whose name may not be known yet. The constructors of Kafka's clients refuse a {@code bootstrap.servers} none of
 * whose names can be resolved, and where names come and go with containers a broker that is down may have none; whoever can do without
 * Kafka for a while must not fail to start over that. Kafka 4.4 brings {@code bootstrap.resolve.timeout.ms}, which does the same
 * (<a href="https://cwiki.apache.org/confluence/display/KAFKA/KIP-909%3A+DNS+Resolution+Failure+Should+Not+Fail+the+Clients">KIP-909</a>).
 */
public final class DeferredClient {
    private static final String UNRESOLVED = "No resolvable bootstrap urls";

    private DeferredClient() {}

    /**
     * Makes a producer now or, while no name can be resolved, at the first call by which one can; calls before that fail with a {@link
     * KafkaException}, as while the broker is away.
     *
     * @param config without serializers
     * @return thread-safe; {@code close()} waits 5 s at most for what is under way, and not until a broker is back
     * @throws KafkaException when something else is wrong with the configuration
     */
    public static Producer<byte[], byte[]> producer(Map<String, Object> config) {
        Supplier<Producer<byte[], byte[]>> maker = () -> new BytesProducer(config);
        try {
            return maker.get();
        } catch (KafkaException e) {
            @SuppressWarnings("unchecked")
            Producer<byte[], byte[]> late = (Producer<byte[], byte[]>) late(Producer.class, maker, e);
            return late;
        }
    }

    /**
     * Makes a client for administration, likewise.
     *
     * @return thread-safe
     * @throws KafkaException when something else is wrong with the configuration
     */
    public static Admin admin(Map<String, Object> config) {
        try {
            return Admin.create(config);
        } catch (KafkaException e) {
            return late(Admin.class, () -> Admin.create(config), e);
        }
    }

    static <T extends AutoCloseable> T late(Class<T> type, Supplier<? extends T> maker, KafkaException failure) {
        if (!isUnresolved(failure)) {
            throw failure;
        }
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, new Late<T>(maker)));
    }

    private static boolean isUnresolved(KafkaException e) {
        Throwable cause = e instanceof ConfigException ? e : e.getCause();
        return cause instanceof ConfigException
                && cause.getMessage() != null
                && cause.getMessage().startsWith(UNRESOLVED);
    }

    private static final class BytesProducer extends KafkaProducer<byte[], byte[]> {
        private static final Duration PATIENCE = Duration.ofSeconds(5);

        BytesProducer(Map<String, Object> config) {
            super(config, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public void close() {
            close(PATIENCE);
        }
    }

    private static final class Late<T extends AutoCloseable> implements InvocationHandler {
        private final Supplier<? extends T> maker;
        private @Nullable T client;
        private boolean closed;

        Late(Supplier<? extends T> maker) {
            this.maker = maker;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given) throws Throwable {
            if (method.getDeclaringClass() == Object.class) {
                return method.invoke(this, given);
            }
            T made = method.getName().equals("close") ? closing() : made();
            try {
                return made == null ? null : method.invoke(made, given);
            } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
            }
        }

        private synchronized T made() {
            if (closed) {
                throw new KafkaException("the client is closed");
            }
            T made = client;
            if (made == null) {
                made = maker.get();
                client = made;
            }
            return made;
        }

        private synchronized @Nullable T closing() {
            closed = true;
            return client;
        }
    }
}
