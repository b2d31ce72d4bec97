package io.userstore.command.store;

import io.userstore.command.user.Decision;
import io.userstore.command.user.Profile;
import io.userstore.command.user.StoredUserEvent;
import io.userstore.command.user.UserCommand.ImportUser;
import io.userstore.command.user.UserDecisions;
import io.userstore.command.user.UserState;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Creates users many at a time: one transaction, one insert of reservations and one of events for a whole batch, where a
 * command by itself would cost all of that for one user. The events are those that {@link UserDecisions} decides on, and
 * the reservations those of {@link Reservations}, so that a batch competes with any other creation on equal terms.
 * Thread-safe.
 */
public final class UserImports {
    private static final int ATTEMPTS = 8;

    private static final String EMAIL = Reservations.Kind.EMAIL.column();
    private static final String USERNAME = Reservations.Kind.USERNAME.column();
    private static final String ID = "id";

    private static final String TAKEN_NAMES = """
            SELECT taken.kind, taken.value
            FROM unnest(?, ?) AS asked (kind, value)
            JOIN reservation taken ON taken.application = ? AND taken.kind = asked.kind AND taken.value = asked.value""";
    /** An id is used once: also that of a user who has been deleted. */
    private static final String TAKEN_IDS =
            "SELECT 'id' AS kind, aggregate_id AS value FROM domain_event WHERE seq = 0 AND aggregate_id = ANY (?)";

    private static final String CLAIM = """
            INSERT INTO reservation (application, kind, value, user_id)
            SELECT ?, kind, value, user_id FROM unnest(?, ?, ?) AS claim (kind, value, user_id)
            ON CONFLICT DO NOTHING""";

    private final PostgresEventStorage storage;
    private final TransactionManager transactions;
    private final DataSource dataSource;
    private final JdbcTemplate jdbc;
    private final Names reserved;
    private final Runnable committed;

    /** @param committed is called after each commit */
    UserImports(
            PostgresEventStorage storage,
            TransactionManager transactions,
            DataSource dataSource,
            Names reserved,
            Runnable committed) {
        this.storage = storage;
        this.transactions = transactions;
        this.dataSource = dataSource;
        this.jdbc = new JdbcTemplate(dataSource);
        this.reserved = reserved;
        this.committed = committed;
    }

    /** What came of one user; a value, told to the caller at the edge. */
    public enum Fate {
        IMPORTED,
        EMAIL_TAKEN,
        USERNAME_TAKEN,
        /** There is, or was, a user of that id. */
        ID_TAKEN
    }

    /**
     * A user to import.
     *
     * @param idGiven whether the id comes from elsewhere, and so may be another user's
     */
    public record Candidate(ImportUser user, boolean idGiven) {}

    /** What only one user may have; {@code value} is as it stands in the database. */
    private record Name(String kind, String value) {}

    /** Somebody else has committed a claim to one of the names in the meantime: the batch is decided anew. */
    private static final class LostClaimException extends ConcurrencyFailureException {
        private static final long serialVersionUID = 1L;

        LostClaimException() {
            super("a name was claimed in the meantime");
        }
    }

    /**
     * Imports a batch. When it returns, the users that are {@link Fate#IMPORTED} are committed, and no others.
     *
     * @param batch of one application; of two users with the same name the first comes first
     * @return what came of each, in their order
     * @throws ConcurrencyFailureException when others took names of the batch too often to get through
     */
    public List<Fate> importAll(List<Candidate> batch, EventContext context) {
        for (int attempt = 1; ; attempt++) {
            try {
                List<Fate> fates = transactions.fetchInTransaction(() -> claimAndAppend(batch, context));
                committed.run();
                return fates;
            } catch (ConcurrencyFailureException | AggregateStreamCreationException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private List<Fate> claimAndAppend(List<Candidate> batch, EventContext context) {
        List<Fate> fates = fates(batch, taken(batch, context.application()));
        List<ImportUser> users = accepted(batch, fates);
        if (!users.isEmpty()) {
            claim(users, context.application());
            storage.appendCreations(users.stream()
                    .<DomainEventMessage<?>>map(user -> creation(user, context.asMetaData()))
                    .toList());
        }
        return fates;
    }

    private Set<Name> taken(List<Candidate> batch, String application) {
        List<Name> names = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (Candidate candidate : batch) {
            for (Name name : names(candidate)) {
                if (name.kind().equals(ID)) {
                    ids.add(name.value());
                } else {
                    names.add(name);
                }
            }
        }
        Set<Name> taken = new HashSet<>();
        jdbc.query(
                TAKEN_NAMES,
                statement -> {
                    statement.setArray(1, texts(statement, names, Name::kind));
                    statement.setArray(2, texts(statement, names, Name::value));
                    statement.setString(3, application);
                },
                row -> {
                    taken.add(new Name(row.getString(1), row.getString(2)));
                });
        if (!ids.isEmpty()) {
            jdbc.query(TAKEN_IDS, statement -> statement.setArray(1, texts(statement, ids, id -> id)), row -> {
                taken.add(new Name(row.getString(1), row.getString(2)));
            });
        }
        return taken;
    }

    /** One after the other, as if each were a command of its own: who fails takes no name from those behind. */
    private List<Fate> fates(List<Candidate> batch, Set<Name> taken) {
        Set<Name> gone = new HashSet<>(taken);
        List<Fate> fates = new ArrayList<>(batch.size());
        for (Candidate candidate : batch) {
            List<Name> names = names(candidate);
            Fate fate = names.stream()
                    .filter(gone::contains)
                    .findFirst()
                    .map(UserImports::lost)
                    .orElse(Fate.IMPORTED);
            if (fate == Fate.IMPORTED) {
                gone.addAll(names);
            }
            fates.add(fate);
        }
        return fates;
    }

    private static Fate lost(Name name) {
        if (name.kind().equals(EMAIL)) {
            return Fate.EMAIL_TAKEN;
        }
        return name.kind().equals(USERNAME) ? Fate.USERNAME_TAKEN : Fate.ID_TAKEN;
    }

    private List<Name> names(Candidate candidate) {
        List<Name> names = names(candidate.user());
        if (candidate.idGiven()) {
            names.add(new Name(ID, candidate.user().userId()));
        }
        return names;
    }

    private List<Name> names(ImportUser user) {
        Profile profile = user.profile();
        List<Name> names = new ArrayList<>(3);
        if (profile.email() != null) {
            names.add(new Name(EMAIL, reserved.of(user.application(), Reservations.Kind.EMAIL, profile.email())));
        }
        if (profile.username() != null) {
            names.add(new Name(
                    USERNAME, reserved.of(user.application(), Reservations.Kind.USERNAME, profile.username())));
        }
        return names;
    }

    private static List<ImportUser> accepted(List<Candidate> batch, List<Fate> fates) {
        List<ImportUser> accepted = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            if (fates.get(i) == Fate.IMPORTED) {
                accepted.add(batch.get(i).user());
            }
        }
        return accepted;
    }

    private record Claim(Name name, UUID userId) {}

    /**
     * In one order everywhere (addresses before names, and by value), so that two batches, or a batch and a creation,
     * cannot deadlock.
     *
     * @throws LostClaimException when not all could be had; nothing is kept of it, since the transaction ends
     */
    private void claim(List<ImportUser> users, String application) {
        List<Claim> claims = new ArrayList<>();
        for (ImportUser user : users) {
            UUID id = UUID.fromString(user.userId());
            names(user).forEach(name -> claims.add(new Claim(name, id)));
        }
        claims.sort(Comparator.comparing((Claim claim) -> claim.name().kind())
                .thenComparing(claim -> claim.name().value()));
        int claimed = jdbc.update(CLAIM, statement -> {
            statement.setString(1, application);
            statement.setArray(2, texts(statement, claims, claim -> claim.name().kind()));
            statement.setArray(3, texts(statement, claims, claim -> claim.name().value()));
            statement.setArray(
                    4,
                    statement
                            .getConnection()
                            .createArrayOf(
                                    "uuid", claims.stream().map(Claim::userId).toArray()));
        });
        if (claimed < claims.size()) {
            throw new LostClaimException();
        }
    }

    private static DomainEventMessage<StoredUserEvent> creation(ImportUser user, Map<String, Object> metaData) {
        return switch (UserDecisions.decide(UserState.NONE, user)) {
            case Decision.Accepted(var events) ->
                new GenericDomainEventMessage<>(Snapshots.USER_TYPE, user.userId(), 0, events.getFirst(), metaData);
            case Decision.Refused(var rejection) ->
                throw new IllegalStateException("the creation of a user was refused: " + rejection);
        };
    }

    private static <T> Array texts(PreparedStatement statement, Collection<T> all, Function<T, String> text)
            throws SQLException {
        return statement
                .getConnection()
                .createArrayOf("text", all.stream().map(text).toArray());
    }

    /**
     * An import that changes nothing and tells what would come of it.
     *
     * @throws SQLException when the database cannot be reached
     */
    public Rehearsal rehearse() throws SQLException {
        Connection connection = dataSource.getConnection();
        try {
            return new Rehearsal(connection);
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Remembers the names of the users that would have been imported in a temporary table of its own connection: memory
     * stays the same however many there are, and nobody else sees them. Not thread-safe.
     */
    public final class Rehearsal implements AutoCloseable {
        private static final String CREATE =
                "CREATE TEMPORARY TABLE rehearsed (kind TEXT, value TEXT, PRIMARY KEY (kind, value))";
        private static final String DROP = "DROP TABLE IF EXISTS pg_temp.rehearsed";
        private static final String SEEN = """
                SELECT seen.kind, seen.value
                FROM unnest(?, ?) AS asked (kind, value)
                JOIN pg_temp.rehearsed seen ON seen.kind = asked.kind AND seen.value = asked.value""";
        private static final String REMEMBER = "INSERT INTO pg_temp.rehearsed SELECT * FROM unnest(?, ?)";

        private final Connection connection;
        private final JdbcTemplate own;

        private Rehearsal(Connection connection) {
            this.connection = connection;
            this.own = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
            own.execute(DROP);
            own.execute(CREATE);
        }

        /** What would come of each user of a batch, after all batches before it. */
        public List<Fate> importAll(List<Candidate> batch, EventContext context) {
            Set<Name> taken = taken(batch, context.application());
            List<Name> asked = batch.stream()
                    .flatMap(candidate -> names(candidate).stream())
                    .toList();
            own.query(SEEN, statement -> setNames(statement, asked), row -> {
                taken.add(new Name(row.getString(1), row.getString(2)));
            });
            List<Fate> fates = fates(batch, taken);
            List<Name> kept = new ArrayList<>();
            for (int i = 0; i < batch.size(); i++) {
                if (fates.get(i) == Fate.IMPORTED) {
                    kept.addAll(names(batch.get(i)));
                }
            }
            own.update(REMEMBER, statement -> setNames(statement, kept));
            return fates;
        }

        private void setNames(PreparedStatement statement, List<Name> names) throws SQLException {
            statement.setArray(1, texts(statement, names, Name::kind));
            statement.setArray(2, texts(statement, names, Name::value));
        }

        /** Gives the connection back, without the table. */
        @Override
        public void close() throws SQLException {
            try (connection) {
                own.execute(DROP);
            }
        }
    }
}
