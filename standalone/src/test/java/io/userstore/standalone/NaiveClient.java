package io.userstore.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** What a program does that has never heard of projections: it writes, and expects to read what it wrote. */
final class NaiveClient {
    private final Client client;

    NaiveClient(Client client) {
        this.client = client;
    }

    /** Create, get, list, update, get, delete, get; every answer must show all that came before. */
    void liveOneLife() {
        String name = "n" + UUID.randomUUID().toString().replace("-", "");
        Client.Answer created =
                client.json("POST", "/1/users", "{\"username\":\"" + name + "\",\"password\":\"abcd1234\"}");
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        String id = created.text("id");

        assertThat(client.get("/1/users/" + id).json()).isEqualTo(created.json());
        assertThat(onlyUserIn(client.get("/1/users?q=" + name))).isEqualTo(created.json());

        Client.Answer updated = client.json("PATCH", "/1/users/" + id, "{\"first_name\":\"Tina\"}");
        assertThat(updated.status()).as(updated.body()).isEqualTo(200);
        assertThat(client.get("/1/users/" + name + "?query_by=username").json()).isEqualTo(updated.json());

        assertThat(client.delete("/1/users/" + id).status()).isEqualTo(200);
        assertThat(client.get("/1/users/" + id).status()).isEqualTo(404);
    }

    private static JsonNode onlyUserIn(Client.Answer list) {
        assertThat(list.status()).as(list.body()).isEqualTo(200);
        assertThat(list.json().get("paging").get("total_count").asInt()).isEqualTo(1);
        return list.json().get("data").get(0);
    }
}
