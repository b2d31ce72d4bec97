package io.userstore.command.publish;

import io.userstore.command.application.StoredApplicationEvent;
import io.userstore.command.audit.AuditLog;
import io.userstore.command.store.EventContext;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Once, after the update that brought the audit log: makes leaves of what was published before, from the history, before
 * publishing goes on. Stopped in between it goes on where it was.
 */
final class MissingLeaves implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(MissingLeaves.class);
    private static final int AT_ONCE = 1_000;
    private static final int BETWEEN_LOG_LINES = 50_000;

    /** The token is JSON with the place in the history up to which all is published; what comes late is published later. */
    private static final String PUBLISHED = """
            SELECT coalesce(min((convert_from(token, 'UTF8')::jsonb ->> 'index')::bigint), 0)
              FROM token_entry WHERE processor_name = ?
            """;

    private final AuditLog log;
    private final EventStorageEngine storage;
    private final TransactionOperations transactions;
    private final JdbcTemplate jdbc;
    private volatile boolean running;

    MissingLeaves(AuditLog log, EventStorageEngine storage, TransactionOperations transactions, DataSource dataSource) {
        this.log = log;
        this.storage = storage;
        this.transactions = transactions;
        this.jdbc = new JdbcTemplate(dataSource);
    }

    @Override
    public void start() {
        running = true;
        if (!log.isComplete()) {
            make();
        }
    }

    private void make() {
        Long published = jdbc.queryForObject(PUBLISHED, Long.class, Publisher.NAME);
        long last = published == null ? 0 : published;
        long before = log.lastPosition();
        LOG.info("making the audit log of what was published before, from position {} to {}", before, last);
        GapAwareTrackingToken from = before == 0 ? null : GapAwareTrackingToken.newInstance(before, List.of());
        try (Stream<? extends TrackedEventMessage<?>> history = storage.readEvents(from, false)) {
            Iterator<? extends TrackedEventMessage<?>> events = history.iterator();
            List<AuditLog.Entry> entries = new ArrayList<>(AT_ONCE);
            boolean more = true;
            while (running && more) {
                more = events.hasNext() && add((DomainEventMessage<?>) events.next(), last, entries);
                if (entries.size() == AT_ONCE || !more) {
                    append(entries, last);
                }
            }
            if (running) {
                log.complete();
                LOG.info("the audit log is complete");
            }
        }
    }

    /** @return false at the first event that was not published yet */
    private static boolean add(DomainEventMessage<?> event, long last, List<AuditLog.Entry> entries) {
        if (EventContext.positionOf(event) > last) {
            return false;
        }
        if (!(event.getPayload() instanceof StoredApplicationEvent)) {
            entries.add(EventRecord.of(event).leaf());
        }
        return true;
    }

    private void append(List<AuditLog.Entry> entries, long last) {
        long before = log.size();
        transactions.executeWithoutResult(transaction -> log.append(entries));
        entries.clear();
        long size = log.size();
        if (before / BETWEEN_LOG_LINES < size / BETWEEN_LOG_LINES) {
            LOG.info("the audit log has {} leaves, up to position {} of {}", size, log.lastPosition(), last);
        }
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before Axon, and so before publishing. */
    @Override
    public int getPhase() {
        return -1;
    }
}
