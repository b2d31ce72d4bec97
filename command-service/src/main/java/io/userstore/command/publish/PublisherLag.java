package io.userstore.command.publish;

import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** How far publishing is behind the history, whichever instance does it. Asked when metrics are read. Thread-safe. */
final class PublisherLag {
    /** The token is JSON with the place in the history up to which all is published, but for its gaps. */
    private static final String LAG = """
            SELECT (SELECT coalesce(max(global_index), 0) FROM domain_event)
                 - (SELECT coalesce(min((convert_from(token, 'UTF8')::jsonb ->> 'index')::bigint), 0)
                      FROM token_entry WHERE processor_name = ?)
            """;

    private final JdbcTemplate jdbc;

    PublisherLag(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /** Events stored and not yet published; NaN while the database is away. */
    double events() {
        try {
            Long lag = jdbc.queryForObject(LAG, Long.class, Publisher.NAME);
            return lag == null ? Double.NaN : Math.max(0, lag);
        } catch (DataAccessException e) {
            // No number is better than a wrong one; that the database is away is told by the health endpoint.
            return Double.NaN;
        }
    }
}
