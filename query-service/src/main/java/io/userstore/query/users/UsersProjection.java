package io.userstore.query.users;

import com.mongodb.client.MongoDatabase;
import io.userstore.api.event.EventType;
import io.userstore.query.projection.Attempts;
import io.userstore.query.projection.Count;
import io.userstore.query.projection.CounterDocuments;
import io.userstore.query.projection.Delivery;
import io.userstore.query.projection.Generation;
import io.userstore.query.projection.Projection;
import io.userstore.query.projection.Skipped;
import io.userstore.query.projection.UserDocuments;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * Keeps {@code users}, one document per user, and {@code users_totals}, how many users each application has.
 *
 * <p>The totals are written before the users: after a crash between the two, the users still tell which events are
 * news, and the totals know by their offset that they have counted them.
 */
final class UsersProjection implements Projection {
    private final UserDocuments users;
    private final CounterDocuments totals;

    UsersProjection(MongoDatabase database, Generation generation) {
        this.users = new UserDocuments(
                database.getCollection(generation.collection(UserFields.COLLECTION), BsonDocument.class),
                UserChanges::of,
                UserChanges::fillIn);
        this.totals = new CounterDocuments(
                database.getCollection(generation.collection(UserFields.TOTALS), BsonDocument.class));
    }

    @Override
    public boolean skip(Skipped event) {
        return users.skip(event);
    }

    @Override
    public List<Delivery> apply(List<Delivery> batch) {
        List<Delivery> refused = new ArrayList<>();
        Attempts.untilTaken(() -> {
            UserDocuments.Fold fold = users.fold(batch);
            refused.clear();
            refused.addAll(fold.refused());
            totals.add(fold.accepted().stream()
                    .filter(delivery -> sign(delivery) != 0)
                    .map(UsersProjection::count)
                    .toList());
            return users.write(fold);
        });
        return refused;
    }

    private static int sign(Delivery delivery) {
        EventType type = delivery.event().type();
        return type == EventType.USER_CREATED ? 1 : type == EventType.USER_DELETED ? -1 : 0;
    }

    private static Count count(Delivery delivery) {
        String application = delivery.event().application();
        Count.Counters counters = new Count.Counters(
                application + "|p" + delivery.partition(),
                new BsonDocument(UserFields.APPLICATION, new BsonString(application)));
        return new Count(counters, delivery.offset(), UserFields.USERS, sign(delivery));
    }
}
