package io.userstore.embedded;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What the contract tests have in common: an empty collection each, through the official driver. They name the page of MongoDB's
 * manual that they follow, and pass on a real server as well (see {@link TestServers}).
 */
abstract class MongoContract {

    static final int DUPLICATE_KEY = 11000;

    MongoClient client;
    MongoDatabase database;
    MongoCollection<Document> users;

    @BeforeEach
    void openCollection() {
        client = MongoClients.create(TestServers.mongoUri());
        database = client.getDatabase("contract");
        users = database.getCollection("users-" + UUID.randomUUID());
    }

    @AfterEach
    void dropCollection() {
        users.drop();
        client.close();
    }

    static Document json(String json) {
        return Document.parse(json);
    }

    void insert(String... documents) {
        users.insertMany(List.of(documents).stream().map(Document::parse).toList());
    }

    List<Object> ids(String filter) {
        return ids(json(filter));
    }

    /** In ascending order of ids. */
    List<Object> ids(Bson filter) {
        return idsInOrder(filter, json("{_id: 1}"), 0);
    }

    List<Object> idsInOrder(Bson filter, Bson sort, int limit) {
        return users.find(filter)
                .sort(sort)
                .limit(limit)
                .map(document -> document.get("_id"))
                .into(new ArrayList<>());
    }
}
