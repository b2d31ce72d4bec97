package io.userstore.command.rest;

/** Breaks a rule of the architecture on purpose. */
public final class WritesSql {
    void write(org.springframework.jdbc.core.JdbcTemplate jdbc) {
        jdbc.execute("SELECT 1");
    }
}
