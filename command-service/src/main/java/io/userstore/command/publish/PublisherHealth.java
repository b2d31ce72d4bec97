package io.userstore.command.publish;

import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** How far the publishers of all instances are behind the history. Asked when metrics are read. Thread-safe. */
final class PublisherHealth {
    private static final String HEAD = "SELECT coalesce(max(global_index), 0) FROM domain_event";

    private final Publisher publisher;
    private final JdbcTemplate jdbc;

    PublisherHealth(Publisher publisher, DataSource dataSource) {
        this.publisher = publisher;
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /** Events stored and not yet published by this instance; NaN while it has published none or the database is away. */
    double lag() {
        long published = publisher.position();
        if (published < 0) {
            return Double.NaN;
        }
        try {
            Long head = jdbc.queryForObject(HEAD, Long.class);
            return head == null ? Double.NaN : Math.max(0, head - published);
        } catch (DataAccessException e) {
            // No number is better than a wrong one; that the database is away is told by the health endpoint.
            return Double.NaN;
        }
    }
}
