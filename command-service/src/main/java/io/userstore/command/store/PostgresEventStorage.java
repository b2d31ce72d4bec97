package io.userstore.command.store;

import io.micrometer.core.instrument.Timer;
import io.userstore.command.signin.StoredSignInEvent;
import io.userstore.command.store.Reservations.UserGoneException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.JdbcUtils;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventUtils;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.TrackedDomainEventData;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.jdbc.EventSchema;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.jspecify.annotations.Nullable;

/**
 * Axon's JDBC event storage, which also lets others follow in the append's transaction, seals what it writes for those who
 * load it, and starts loading from the latest state in memory. Thread-safe.
 */
final class PostgresEventStorage extends JdbcEventStorageEngine {
    private static final String UNIQUE_VIOLATION = "23505";

    /** Places in the history that are read at once. */
    private static final int BATCH_SIZE = 100;

    private static final EventSchema SCHEMA = EventSchema.builder()
            .eventTable("domain_event")
            .snapshotTable("snapshot_event")
            .globalIndexColumn("global_index")
            .aggregateIdentifierColumn("aggregate_id")
            .sequenceNumberColumn("seq")
            .typeColumn("aggregate_type")
            .eventIdentifierColumn("event_id")
            .timestampColumn("time_stamp")
            .payloadTypeColumn("payload_type")
            .payloadRevisionColumn("payload_revision")
            .payloadColumn("payload")
            .metaDataColumn("meta_data")
            .build();

    private final List<AppendFollower> followers;
    private final EventSealing sealing;
    private final Snapshots snapshots;
    private final Timer appendTimer;
    private final SettledHistory history = new SettledHistory();
    /** How far the history was settled before the read that this thread is at. */
    private final ThreadLocal<Long> settled = ThreadLocal.withInitial(() -> SettledHistory.NOTHING);

    PostgresEventStorage(
            ConnectionProvider connections,
            TransactionManager transactions,
            Serializer serializer,
            EventUpcaster upcasters,
            List<AppendFollower> followers,
            EventSealing sealing,
            Snapshots snapshots,
            Timer appendTimer) {
        super((Builder) JdbcEventStorageEngine.builder()
                .eventSerializer(serializer)
                .snapshotSerializer(serializer)
                .upcasterChain(upcasters)
                .snapshotFilter(PostgresEventStorage::isOfTodaysShape)
                .persistenceExceptionResolver(PostgresEventStorage::isUniqueViolation)
                .connectionProvider(connections)
                .transactionManager(new ReadingAlone(transactions))
                // The numbers of a stream have no gaps: what is no full batch is the last.
                .finalAggregateBatchPredicate(batch -> batch.size() < BATCH_SIZE)
                .batchSize(BATCH_SIZE)
                // By the age of events, which proves nothing; see SettledHistory.
                .gapCleaningThreshold(Integer.MAX_VALUE)
                .schema(SCHEMA)
                .dataType(String.class));
        this.followers = List.copyOf(followers);
        this.sealing = sealing;
        this.snapshots = snapshots;
        this.appendTimer = appendTimer;
    }

    /** A read is one statement, or two that need not agree, so it needs no transaction: that would be one more round trip each. */
    private record ReadingAlone(TransactionManager transactions) implements TransactionManager {
        @Override
        public Transaction startTransaction() {
            return transactions.startTransaction();
        }

        @Override
        public <T> T fetchInTransaction(Supplier<T> read) {
            return read.get();
        }
    }

    /**
     * The next events of the history, in one read.
     *
     * @param events in their order
     * @param more whether there may be more at once, because the read went as far as one goes
     */
    record Read(List<? extends TrackedEventMessage<?>> events, boolean more) {}

    /** Reads on behind a token, or from the beginning where that is null. */
    Read readOn(@Nullable TrackingToken after) {
        List<? extends TrackedEventData<?>> rows = fetchTrackedEvents(after, BATCH_SIZE);
        boolean more = !rows.isEmpty() && position(rows.getLast().trackingToken()) - position(after) >= BATCH_SIZE;
        return new Read(
                EventUtils.upcastAndDeserializeTrackedEvents(rows.stream(), getEventSerializer(), upcasterChain)
                        .toList(),
                more);
    }

    private static long position(@Nullable TrackingToken token) {
        return token == null ? -1 : token.position().orElse(-1);
    }

    @Override
    public void appendEvents(List<? extends EventMessage<?>> events) {
        appendTimer.record(() -> {
            List<DomainEventMessage<?>> domainEvents = new ArrayList<>();
            for (EventMessage<?> event : events) {
                if (event instanceof DomainEventMessage<?> domainEvent) {
                    domainEvents.add(domainEvent);
                }
            }
            Enclosure enclosure = EventContext.enclosureOf(CurrentUnitOfWork.get());
            followers.forEach(follower -> follower.follow(domainEvents, enclosure));
            List<DomainEventMessage<?>> sealed = sealing.seal(domainEvents);
            if (domainEvents.getFirst().getPayload() instanceof StoredSignInEvent) {
                sealed.forEach(this::appendSignIn);
            } else {
                super.appendEvents(sealed);
            }
        });
    }

    /** @throws UserGoneException when the user has been deleted meanwhile */
    private void appendSignIn(DomainEventMessage<?> event) {
        SignInInsert insert = SignInInsert.of(event, getEventSerializer());
        int inserted = JdbcUtils.executeUpdate(getConnection(), insert::on, error -> {
            handlePersistenceException(error, event);
            return new IllegalStateException("not told of a failure to append", error);
        });
        if (inserted == 0) {
            throw new UserGoneException();
        }
    }

    /** Appends creations whose reservations are there already, in one statement. */
    void appendCreations(List<DomainEventMessage<?>> creations) {
        appendTimer.record(() -> super.appendEvents(sealing.seal(creations)));
    }

    @Override
    public void storeSnapshot(DomainEventMessage<?> snapshot) {
        super.storeSnapshot(sealing.sealSnapshot(snapshot));
    }

    @Override
    protected Stream<? extends DomainEventData<?>> readEventData(String identifier, long firstSequenceNumber) {
        if (EventContext.isDecidedFromMemory() && snapshots.endsBefore(identifier, firstSequenceNumber)) {
            return Stream.empty();
        }
        return super.readEventData(identifier, firstSequenceNumber).map(sealing::open);
    }

    @Override
    protected Stream<? extends DomainEventData<?>> readSnapshotData(String aggregateIdentifier) {
        return super.readSnapshotData(aggregateIdentifier)
                .filter(PostgresEventStorage::isOfTodaysShape)
                .flatMap(snapshot -> sealing.openSnapshot(snapshot).stream());
    }

    @Override
    public Optional<DomainEventMessage<?>> readSnapshot(String aggregateIdentifier) {
        // Of whom no event is known, the events from the first one on tell all.
        return snapshots.endsBefore(aggregateIdentifier, 0)
                ? Optional.empty()
                : snapshots.find(aggregateIdentifier).or(() -> super.readSnapshot(aggregateIdentifier));
    }

    /** Asks first how far the history is settled: what is there up to that place is then found by this read. */
    @Override
    protected List<? extends TrackedEventData<?>> fetchTrackedEvents(@Nullable TrackingToken last, int batchSize) {
        SortedSet<Long> gaps = last == null ? null : ((GapAwareTrackingToken) last).getGaps();
        long wanted = gaps == null ? Long.MAX_VALUE : gaps.isEmpty() ? SettledHistory.NOTHING : gaps.last();
        settled.set(history.look(wanted, this::getConnection));
        return super.fetchTrackedEvents(last, batchSize);
    }

    @Override
    @SuppressWarnings("unchecked") // the data type of this storage is text
    protected TrackedEventData<?> getTrackedEventData(ResultSet row, @Nullable GapAwareTrackingToken previous)
            throws SQLException {
        long place = row.getLong(SCHEMA.globalIndexColumn());
        // Not a place to go on from, but one from which any row may be told.
        GapAwareTrackingToken before = GapAwareTrackingToken.newInstance(place - 1, List.of());
        TrackedEventData<?> tracked = super.getTrackedEventData(row, before);
        return PositionedEvent.of(
                (TrackedDomainEventData<String>) tracked, place, token(previous, place, settled.get()));
    }

    /** Gaps before an event stay in its token as long as they may be filled. */
    private static GapAwareTrackingToken token(@Nullable GapAwareTrackingToken previous, long place, long settled) {
        GapAwareTrackingToken from = previous == null
                ? GapAwareTrackingToken.newInstance(Math.min(settled, place - 1), List.of())
                : previous;
        return from.advanceTo(place, Integer.MAX_VALUE).withGapsTruncatedAt(Math.min(settled + 1, place));
    }

    /** A snapshot of another revision than this code writes is passed over; the events are read instead. */
    private static boolean isOfTodaysShape(DomainEventData<?> snapshot) {
        SerializedType type = snapshot.getPayload().getType();
        return StoredCatalog.names().containsValue(new StoredCatalog.Name(type.getName(), revision(type)));
    }

    private static int revision(SerializedType type) {
        String revision = type.getRevision();
        return revision != null && revision.matches("\\d{1,9}") ? Integer.parseInt(revision) : 0;
    }

    /** Axon's own resolver does not know PostgreSQL's exception; without this a conflict would look like a defect. */
    private static boolean isUniqueViolation(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && UNIQUE_VIOLATION.equals(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }
}
