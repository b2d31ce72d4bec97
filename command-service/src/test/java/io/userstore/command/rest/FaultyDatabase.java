package io.userstore.command.rest;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Puts itself before the database and lets one call of the next request fail: taking a connection, a statement, or the commit. The
 * service's own work in the background goes through untouched. For one request at a time.
 */
final class FaultyDatabase implements BeanPostProcessor {
    private static final String REQUESTS = "http-nio-";
    private static final Set<String> STATEMENT_CALLS =
            Set.of("execute", "executeQuery", "executeUpdate", "executeBatch", "executeLargeUpdate");

    private final AtomicReference<@Nullable Plan> plan = new AtomicReference<>();

    /** How a call fails; the states are PostgreSQL's. */
    enum Fault {
        CONNECTION_LOST_BEFORE("08006", false, true),
        CONNECTION_LOST_AFTER("08006", true, true),
        DISK_FULL("53100", false, false),
        CANCELED("57014", false, false),
        LOCK_NOT_AVAILABLE("55P03", false, false),
        SERIALIZATION_FAILURE("40001", false, false),
        READ_ONLY("25006", false, false);

        private final String sqlState;
        private final boolean carriedOut;
        private final boolean lasting;

        /**
         * @param carriedOut whether the server has carried out the call, and only its answer is lost
         * @param lasting whether the connection is of no use after it
         */
        Fault(String sqlState, boolean carriedOut, boolean lasting) {
            this.sqlState = sqlState;
            this.carriedOut = carriedOut;
            this.lasting = lasting;
        }
    }

    private static final class Plan {
        private final int place;
        private final Fault fault;
        private int calls;
        private @Nullable String failed;

        Plan(int place, Fault fault) {
            this.place = place;
            this.fault = fault;
        }

        synchronized boolean isNow(String call) {
            calls++;
            if (calls == place) {
                failed = call;
            }
            return calls == place;
        }

        synchronized Optional<String> failed() {
            return Optional.ofNullable(failed);
        }
    }

    /** @param place which call fails, from 1 */
    void failAt(int place, Fault fault) {
        plan.set(new Plan(place, fault));
    }

    /** Fails no more, and tells which call has failed; empty when there were fewer. */
    Optional<String> heal() {
        Plan last = plan.getAndSet(null);
        return last == null ? Optional.empty() : last.failed();
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof DataSource dataSource ? new FaultyDataSource(dataSource) : bean;
    }

    @FunctionalInterface
    private interface Call<R> {
        @Nullable
        R run() throws Throwable;
    }

    private <R> @Nullable R through(String name, boolean[] dead, Call<R> call) throws Throwable {
        Plan current = plan.get();
        if (dead[0]) {
            throw new SQLException("the connection is lost", Fault.CONNECTION_LOST_BEFORE.sqlState);
        }
        if (current == null || !Thread.currentThread().getName().startsWith(REQUESTS) || !current.isNow(name)) {
            return call.run();
        }
        if (current.fault.carriedOut) {
            call.run();
        }
        dead[0] = current.fault.lasting;
        throw new SQLException("failed as planned", current.fault.sqlState);
    }

    private final class FaultyDataSource extends DelegatingDataSource {
        FaultyDataSource(DataSource real) {
            super(real);
        }

        @Override
        public Connection getConnection() throws SQLException {
            try {
                through("getConnection", new boolean[1], () -> null);
                return faulty(Connection.class, super.getConnection(), new boolean[1]);
            } catch (SQLException | RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private <T> T faulty(Class<T> type, T real, boolean[] dead) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                    String name = method.getName();
                    if (STATEMENT_CALLS.contains(name)) {
                        return through(name, dead, () -> invoke(real, method, given));
                    }
                    if (real instanceof Connection connection && name.equals("commit")) {
                        return commit(connection, dead);
                    }
                    if (name.equals("rollback") && dead[0]) {
                        invoke(real, method, given);
                        throw new SQLException("the connection is lost", Fault.CONNECTION_LOST_BEFORE.sqlState);
                    }
                    Object result = invoke(real, method, given);
                    return switch (result) {
                        case PreparedStatement statement -> faulty(PreparedStatement.class, statement, dead);
                        case java.sql.Statement statement -> faulty(java.sql.Statement.class, statement, dead);
                        case null, default -> result;
                    };
                }));
    }

    /** A commit that fails has rolled back: nobody would do so, and the next use of the connection would commit after all. */
    private @Nullable Object commit(Connection connection, boolean[] dead) throws Throwable {
        boolean[] done = new boolean[1];
        try {
            return through("commit", dead, () -> {
                done[0] = true;
                connection.commit();
                return null;
            });
        } catch (SQLException e) {
            if (!done[0]) {
                connection.rollback();
            }
            throw e;
        }
    }

    private static @Nullable Object invoke(Object real, Method method, Object @Nullable [] given) throws Throwable {
        try {
            return method.invoke(real, given);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
