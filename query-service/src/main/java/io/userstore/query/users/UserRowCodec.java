package io.userstore.query.users;

import io.userstore.api.user.UserResource;
import io.userstore.query.projection.UserDocuments;
import java.time.Instant;
import java.util.Map;
import org.bson.BsonReader;
import org.bson.BsonType;
import org.bson.BsonWriter;
import org.bson.codecs.Codec;
import org.bson.codecs.DecoderContext;
import org.bson.codecs.EncoderContext;
import org.jspecify.annotations.Nullable;

/**
 * Reads a user's document in one pass, by hand: lists decode thousands a second, and a document in between would cost
 * as much again. Thread-safe.
 */
final class UserRowCodec implements Codec<UserRow> {
    @Override
    public UserRow decode(BsonReader reader, DecoderContext context) {
        Row row = new Row();
        reader.readStartDocument();
        while (reader.readBsonType() != BsonType.END_OF_DOCUMENT) {
            row.take(reader.readName(), reader);
        }
        reader.readEndDocument();
        return row.finished();
    }

    @Override
    public void encode(BsonWriter writer, UserRow value, EncoderContext context) {
        throw new UnsupportedOperationException("only the projection writes users");
    }

    @Override
    public Class<UserRow> getEncoderClass() {
        return UserRow.class;
    }

    private static final class Row {
        private String id = "";
        private String application = "";
        private @Nullable String email;
        private String emailKey = "";
        private @Nullable String username;
        private String usernameKey = "";
        private @Nullable String firstName;
        private @Nullable String lastName;
        private @Nullable String group;
        private Map<String, Object> extra = Map.of();
        private boolean active;
        private boolean emailVerified;
        private @Nullable String confirmation;
        private long lastSignin;
        private long updatedAt;
        private long createdAt;
        private long version;
        private long cursor;

        void take(String field, BsonReader reader) {
            switch (field) {
                case "_id" -> id = reader.readString();
                case UserFields.APPLICATION -> application = reader.readString();
                case UserFields.EMAIL -> email = text(reader);
                case UserFields.EMAIL_KEY -> emailKey = reader.readString();
                case UserFields.USERNAME -> username = text(reader);
                case UserFields.USERNAME_KEY -> usernameKey = reader.readString();
                case UserFields.FIRST_NAME -> firstName = text(reader);
                case UserFields.LAST_NAME -> lastName = text(reader);
                case UserFields.GROUP -> group = text(reader);
                case UserFields.EXTRA -> extra = Extra.read(reader);
                case UserFields.ACTIVE -> active = reader.readBoolean();
                case UserFields.EMAIL_VERIFIED -> emailVerified = reader.readBoolean();
                case UserFields.CONFIRMATION -> confirmation = text(reader);
                case UserFields.LAST_SIGNIN -> lastSignin = reader.readDateTime();
                case UserFields.UPDATED_AT -> updatedAt = reader.readDateTime();
                case UserFields.CREATED_AT -> createdAt = reader.readDateTime();
                case UserDocuments.VERSION -> version = reader.readInt64();
                case UserFields.CURSOR -> cursor = reader.readInt64();
                default -> reader.skipValue();
            }
        }

        UserRow finished() {
            UserResource user = new UserResource(
                    id,
                    email,
                    username,
                    firstName,
                    lastName,
                    group,
                    extra,
                    application,
                    active,
                    emailVerified,
                    active && confirmation == null,
                    confirmation,
                    lastSignin == 0 ? null : Instant.ofEpochMilli(lastSignin),
                    Instant.ofEpochMilli(updatedAt),
                    Instant.ofEpochMilli(createdAt),
                    version);
            return new UserRow(user, cursor, usernameKey, emailKey);
        }

        private static @Nullable String text(BsonReader reader) {
            if (reader.getCurrentBsonType() == BsonType.NULL) {
                reader.readNull();
                return null;
            }
            return reader.readString();
        }
    }
}
