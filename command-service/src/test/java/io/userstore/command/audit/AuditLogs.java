package io.userstore.command.audit;

import io.userstore.embedded.TestServers;
import java.util.UUID;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.DatabasePopulatorUtils;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Audit logs in schemas of their own.
 *
 * @param log over the tables
 * @param jdbc the same tables
 * @param transactions of the same database
 */
public record AuditLogs(AuditLog log, JdbcTemplate jdbc, TransactionTemplate transactions) {

    /** A log without leaves. */
    public static AuditLogs empty() {
        String schema = "audit_" + UUID.randomUUID().toString().replace("-", "");
        new JdbcTemplate(dataSource("public")).execute("CREATE SCHEMA " + schema);
        DataSource own = dataSource(schema);
        DatabasePopulatorUtils.execute(
                new ResourceDatabasePopulator(
                        new ClassPathResource("db/migration/V1__event_store.sql"),
                        new ClassPathResource("db/migration/V9__audit_log.sql")),
                own);
        return over(own);
    }

    /** One that does not hold yet what was published before. */
    public static AuditLogs behind() {
        AuditLogs made = empty();
        made.jdbc.update("UPDATE audit_tree SET complete = false");
        return made;
    }

    /** The same log as another process sees it. */
    public AuditLogs again() {
        DataSource dataSource = jdbc.getDataSource();
        if (dataSource == null) {
            throw new IllegalStateException("made with a data source");
        }
        return over(dataSource);
    }

    private static AuditLogs over(DataSource dataSource) {
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        TransactionTemplate transactions = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        return new AuditLogs(new AuditLog(jdbc), jdbc, transactions);
    }

    private static DataSource dataSource(String schema) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(TestServers.jdbcUrl());
        dataSource.setUser(TestServers.jdbcUsername());
        dataSource.setPassword(TestServers.jdbcPassword());
        dataSource.setCurrentSchema(schema);
        return dataSource;
    }
}
