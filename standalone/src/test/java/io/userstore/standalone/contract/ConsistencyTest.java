package io.userstore.standalone.contract;

import static io.userstore.standalone.contract.Api.data;
import static io.userstore.standalone.contract.Api.each;
import static io.userstore.standalone.contract.Api.expect;
import static io.userstore.standalone.contract.Api.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.standalone.Client.Answer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The chapter "Consistency" of the REST contract, line by line. That writes keep working while the query side is away is
 * shown by {@code ServicesApartTest}: a standalone cannot lose it.
 */
@ExtendWith(OneStore.class)
class ConsistencyTest {
    private static final String[] ASYNC = {"Prefer", "respond-async"};

    private final Api api;
    private final AtomicInteger names = new AtomicInteger();

    ConsistencyTest(Api api) {
        this.api = api;
    }

    private Answer createAsync() {
        return expect(
                201,
                api.post("/1/users", "{'username':'u" + names.incrementAndGet() + "','password':'abcd1234'}", ASYNC));
    }

    @RepeatedTest(5)
    @DisplayName("By default a write answers only once the query side has applied it")
    void byDefaultAWriteAnswersOnlyOnceTheQuerySideHasAppliedIt() {
        Answer created = api.aUser("'username':'tiny'");
        String path = "/1/users/" + created.text("id");
        assertThat(created.header("Projection")).isEmpty();
        assertThat(api.get(path).json()).isEqualTo(created.json());
        assertThat(each("username", api.get("/1/users"))).containsExactly("tiny");
        assertThat(api.total("users")).isOne();
        assertThat(api.activityTypes(created.text("id"))).containsExactly("user.created");

        Answer patched = api.patch(path, "{'first_name':'Tina'}");
        assertThat(api.get(path).json()).isEqualTo(patched.json());
        Answer signedIn = api.signInTiny("abcd1234");
        assertThat(api.get(path).text("last_signin")).isEqualTo(signedIn.text("last_signin"));
        api.delete(path);
        refused(api.get(path), 404, "user_not_found", 604);
        assertThat(data(api.get("/1/users"))).isEmpty();
    }

    @Test
    @DisplayName("Bounded: then it answers anyway with Projection: pending")
    void aWriteWhoseBoundIsReachedAnswersWithProjectionPending() {
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            String body = "{'username':'w" + names.incrementAndGet() + "','password':'abcd1234'}";
            Answer created = expect(201, api.post("/1/users", body, "Prefer", "wait=0"));
            return created.header("Projection").equals("pending")
                    && !created.header("Consistency-Token").isEmpty();
        });
    }

    @Test
    @DisplayName("Prefer: respond-async (RFC 7240) answers at once")
    void preferRespondAsyncAnswersAtOnce() {
        Answer created = createAsync();
        assertThat(created.header("Preference-Applied")).isEqualTo("respond-async");
        assertThat(created.header("Projection")).isEqualTo("pending");
        assertThat(created.text("username")).isEqualTo("u1");
    }

    @Test
    @DisplayName("Every write returns Consistency-Token")
    void everyWriteReturnsAConsistencyToken() {
        Answer created = api.aUser("'username':'tiny'");
        String id = created.text("id");
        for (Answer write : List.of(
                created,
                api.put("/1/users/" + id, "{'first_name':'A'}"),
                api.patch("/1/users/" + id, "{'first_name':'B'}"),
                api.signInTiny("abcd1234"),
                api.post("/1/auth/signout", "{'id':'" + id + "'}"),
                api.post("/1/users/" + id + "/auth-providers", "{'provider':'google','client_id':'c'}"),
                api.delete("/1/users/" + id + "/auth-providers"),
                api.delete("/1/users/" + id))) {
            assertThat(write.status()).as(write.body()).isIn(200, 201);
            assertThat(write.header("Consistency-Token")).as(write.body()).isNotEmpty();
        }
    }

    @RepeatedTest(5)
    @DisplayName(
            "Sent with any read (get, list, statistics, activity) it makes that read wait until the projection has that write")
    void aReadThatCarriesTheTokenWaitsUntilTheProjectionHasThatWrite() {
        Answer get = createAsync();
        assertThat(read("/1/users/" + get.text("id"), get).text("username")).isEqualTo("u1");
        Answer list = createAsync();
        assertThat(each("username", read("/1/users", list))).containsExactly("u1", "u2");
        Answer statistics = createAsync();
        assertThat(read("/1/stats", statistics).json().at("/totals/users").asInt())
                .isEqualTo(3);
        Answer activity = createAsync();
        assertThat(each("type", read("/1/users/" + activity.text("id") + "/activity", activity)))
                .containsExactly("user.created");
    }

    private Answer read(String path, Answer write) {
        return expect(200, api.get(path, "Consistency-Token", write.header("Consistency-Token"), "Prefer", "wait=30"));
    }

    @Test
    @DisplayName("Bounded by Prefer: wait=N; still not there: 503 with Retry-After, never stale data")
    void aReadWhoseBoundIsReachedIsAnswered503WithRetryAfterNeverStaleData() {
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            Answer write = createAsync();
            Answer read = api.get(
                    "/1/users?sort=-created_at&limit=1",
                    "Consistency-Token",
                    write.header("Consistency-Token"),
                    "Prefer",
                    "wait=0");
            if (read.status() == 200) {
                assertThat(each("id", read)).as("stale").containsExactly(write.text("id"));
                return false;
            }
            refused(read, 503, "not_yet_visible", 810);
            assertThat(read.header("Retry-After")).matches("\\d+");
            return true;
        });
    }
}
