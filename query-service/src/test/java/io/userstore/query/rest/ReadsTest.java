package io.userstore.query.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.api.consistency.ConsistencyToken;
import io.userstore.api.event.EventStream;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.UserEvent;
import io.userstore.api.json.Json;
import io.userstore.api.user.UserIds;
import io.userstore.api.user.UserResource;
import io.userstore.query.fixture.History;
import io.userstore.query.fixture.PlainFold;
import io.userstore.query.fixture.QueryServer;
import io.userstore.query.fixture.RandomHistory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadsTest {
    private QueryServer server;

    @BeforeAll
    void start() {
        server = QueryServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** A token is no secret: whoever makes up one of a write to come must not keep everybody else from reading. */
    @Test
    void readsThatWaitInVainLeaveThreadsForThoseThatNeedNotWait() throws Exception {
        History history = History.ofSomeApplication();
        History.Person ann = history.aUserCalled("ann");
        String path = "/1/users/" + ann.id();
        String never = new ConsistencyToken(history.application(), ann.id(), EventStream.USER, 99).encode();
        try (QueryServer small = QueryServer.start("server.tomcat.threads.max=4", "server.tomcat.threads.min-spare=4");
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            small.publish(history.events());
            small.awaitApplied();
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(callers.submit(
                        () -> small.get(history.application(), path, "Consistency-Token", never, "Prefer", "wait=10")
                                .status()));
            }
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> all.stream().filter(Future::isDone).count() == 5);
            assertThat(small.get(history.application(), path, "Consistency-Token", ann.token())
                            .status())
                    .isEqualTo(200);
            assertThat(all.stream().filter(Future::isDone).count())
                    .as("three wait")
                    .isEqualTo(5);
            for (Future<Integer> each : all) {
                assertThat(each.get()).isEqualTo(503);
            }
        }
    }

    @Test
    void aUserIsAnsweredByIdByAddressAndByNameInAnyCase() {
        History history = History.ofSomeApplication();
        History.Person john = history.somebody()
                .created(
                        History.profile(
                                "John@Example.com", "JohnSmith", "John", "Smith", Map.of("age", 24, "color", "Blue")),
                        "cadets",
                        true)
                .signedIn("192.0.2.1");
        server.publish(history.events());

        String app = history.application();
        QueryServer.Answer byId = server.get(app, "/1/users/" + john.id(), "Consistency-Token", john.signInToken());

        assertThat(byId.status()).as(byId.body()).isEqualTo(200);
        assertThat(byId.header("ETag")).contains("\"1\"");
        JsonNode user = byId.json();
        assertThat(user.get("id").asString()).isEqualTo(john.id().toString());
        assertThat(user.get("email").asString()).isEqualTo("John@Example.com");
        assertThat(user.get("extra").get("age").asInt()).isEqualTo(24);
        assertThat(user.get("group").asString()).isEqualTo("cadets");
        assertThat(user.get("is_active").asBoolean()).isTrue();
        assertThat(user.get("last_signin").asString()).isEqualTo("2026-03-01T08:00:00.137Z");
        assertThat(server.get(app, "/1/users/JOHN%40example.COM?query_by=email").body())
                .isEqualTo(byId.body());
        assertThat(server.get(app, "/1/users/johnSMITH?query_by=username").body())
                .isEqualTo(byId.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"export", "import"})
    void aUserMayBeCalledAsACallIs(String name) {
        History history = History.ofSomeApplication();
        History.Person user = history.aUserCalled(name);
        server.publish(history.events());
        String app = history.application();
        String path = "/1/users/" + name;

        QueryServer.Answer byName = server.get(app, path + "?query_by=username", "Consistency-Token", user.token());

        assertThat(byName.status()).as(byName.body()).isEqualTo(200);
        assertThat(byName.json().get("id").asString()).isEqualTo(user.id().toString());
        assertThat(byName.header("ETag")).contains("\"1\"");
        assertThat(server.get(app, path + "?query_by=username&version=1").body())
                .isEqualTo(byName.body());
        for (String other : List.of("?query_by=email", "?query_by=id", "?query_by=")) {
            assertThat(server.get(app, path + other).status()).as(other).isEqualTo(404);
        }
        assertThat(server.get(app, path + "?query_by=colour").status()).isEqualTo(400);
        assertThat(server.get(app, path + "?query_by=username&group=g").status())
                .isEqualTo(400);
        assertThat(server.getWithoutPermission(app, path + "?query_by=username").status())
                .isEqualTo(403);
    }

    @Test
    void listActivityAndStatisticsSeeWhatTheTokenNames() {
        History history = History.ofSomeApplication();
        History.Person ann = history.aUserCalled("ann");
        History.Person bob = history.aUserCalled("bob").signedIn("192.0.2.1").signedIn("192.0.2.2");
        server.publish(history.events());
        String app = history.application();

        assertThat(server.get(app, "/1/users", "Consistency-Token", ann.token()).status())
                .isEqualTo(200);
        JsonNode list = server.get(app, "/1/users?limit=1", "Consistency-Token", bob.signInToken())
                .json();
        assertThat(list.get("paging").get("total_count").asInt()).isEqualTo(2);
        assertThat(list.get("data").get(0).get("username").asString()).isEqualTo("ann");
        JsonNode next =
                server.get(app, list.get("paging").get("next").asString()).json();
        assertThat(next.get("data").get(0).get("username").asString()).isEqualTo("bob");
        assertThat(next.get("paging").has("next")).isFalse();

        server.awaitApplied();
        JsonNode activity = server.get(
                        app, "/1/users/" + bob.id() + "/activity", "Consistency-Token", bob.signInToken())
                .json();
        assertThat(activity.get("data").get(0).get("address").asString()).isEqualTo("192.0.2.2");
        assertThat(activity.get("data")).hasSize(3);

        JsonNode stats = server.get(
                        app,
                        "/1/stats?from=2026-03-01&to=2026-03-02&interval=day",
                        "Consistency-Token",
                        bob.signInToken())
                .json();
        assertThat(stats.get("totals").get("users").asInt()).isEqualTo(2);
        assertThat(stats.get("series").get(0).get("logins").asInt()).isEqualTo(2);
        assertThat(stats.get("series").get(0).get("unique_logins").asInt()).isEqualTo(1);
    }

    @Test
    void aUserIsAnsweredAsOfATimeAndAtAVersion() {
        History history = History.ofSomeApplication();
        History.Person ann = history.aUserCalled("ann").signedIn("192.0.2.1");
        history.at("2026-03-02T08:00:00Z");
        ann.moved("new@example.com").signedIn("192.0.2.1").renamed("anna");
        server.publish(history.events());
        String app = history.application();
        String path = "/1/users/" + ann.id();
        String present = server.get(app, path, "Consistency-Token", ann.token()).body();

        QueryServer.Answer then = server.get(app, "/1/users/anna?query_by=username&as_of=2026-03-01T12:00:00%2B01:00");
        assertThat(then.status()).as(then.body()).isEqualTo(200);
        assertThat(then.header("ETag")).contains("\"1\"");
        assertThat(then.json().get("email").asString()).isEqualTo("ann@example.com");
        assertThat(then.json().get("username").asString()).isEqualTo("ann");
        assertThat(then.json().get("last_signin").asString()).isEqualTo("2026-03-01T08:00:00.137Z");
        assertThat(server.get(app, path + "?as_of=2026-03-02", "If-None-Match", "\"1\"")
                        .status())
                .isEqualTo(304);
        assertThat(server.get(app, path + "?version=2")
                        .json()
                        .get("last_signin")
                        .asString())
                .isEqualTo("2026-03-02T08:00:00.014Z");
        assertThat(server.get(app, path + "?version=3").body()).isEqualTo(present);
        assertThat(server.get(app, path + "?as_of=2999-01-01").body()).isEqualTo(present);
        assertThat(server.get(app, path + "?as_of=2026-02-28")
                        .json()
                        .get("error")
                        .asString())
                .isEqualTo("user_not_found");
        assertThat(server.get("another", path + "?version=1").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "version=0, version",
        "version=-1, version",
        "version=two, version",
        "version=4, version",
        "version=99999999999999999999, version",
        "as_of=yesterday, as_of",
        "as_of=2026-13-01, as_of",
        "as_of=2026-03-01&version=1, version",
        "as_of=never&version=1, version"
    })
    void aMomentThatIsNoneOrIsYetToComeIsAFault(String query, String field) {
        History history = History.ofSomeApplication();
        History.Person ann = history.aUserCalled("ann").renamed("anna").renamed("anne");
        server.publish(history.events());

        QueryServer.Answer answer = server.get(
                history.application(), "/1/users/" + ann.id() + "?" + query, "Consistency-Token", ann.token());

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.json().get("error").asString()).isEqualTo("validation_error");
        assertThat(answer.json().get("validation_error").findValuesAsString("field"))
                .contains(field);
    }

    @Test
    void activityTellsOldAndNew() {
        History history = History.ofSomeApplication();
        History.Person ann = history.aUserCalled("ann").moved("b@example.com").changedPassword();
        server.publish(history.events());

        JsonNode entries = server.get(
                        history.application(), "/1/users/" + ann.id() + "/activity", "Consistency-Token", ann.token())
                .json()
                .get("data");

        assertThat(entries.get(0).get("changed").toString()).isEqualTo("[\"password\"]");
        assertThat(entries.get(0).has("changes")).isFalse();
        assertThat(entries.get(1).get("changes").get(0).toString())
                .isEqualTo("{\"field\":\"email\",\"old\":\"ann@example.com\",\"new\":\"b@example.com\"}");
        assertThat(entries.get(2).get("changes").get(0).toString())
                .isEqualTo("{\"field\":\"email\",\"old\":null,\"new\":\"ann@example.com\"}");
    }

    @Test
    void statisticsAreToldByGroup() {
        History history = History.ofSomeApplication();
        UserEvent.Profile profile = History.profile("x@example.com", null, null, null, Map.of());
        history.somebody().created(profile, "cadets & co", true).signedIn("192.0.2.1");
        history.somebody().created(profile, "officers", false);
        History.Person last = history.somebody().created(profile, null, true);
        server.publish(history.events());
        String app = history.application();
        String token = last.token();
        awaitAll(history);

        JsonNode groups = server.get(app, "/1/stats/groups?limit=1", "Consistency-Token", token)
                .json();
        assertThat(groups.get("data").toString())
                .isEqualTo("[{\"group\":\"cadets & co\",\"users\":1,\"active\":1,\"verified\":0,\"pending\":0}]");
        assertThat(groups.at("/paging/after").asString()).isEqualTo("cadets & co");
        JsonNode second = server.get(app, groups.at("/paging/next").asString()).json();
        assertThat(second.at("/data/0/group").asString()).isEqualTo("officers");
        JsonNode third = server.get(app, second.at("/paging/next").asString()).json();
        assertThat(third.at("/data/0/group").isNull()).isTrue();
        assertThat(third.get("paging").has("next")).isFalse();

        String span = "&from=2026-03-01&to=2026-03-02";
        JsonNode cadets =
                server.get(app, "/1/stats?group=cadets%20%26%20co" + span).json();
        assertThat(cadets.at("/totals/users").asInt()).isEqualTo(1);
        assertThat(cadets.at("/series/0/joins").asInt()).isEqualTo(1);
        assertThat(cadets.at("/series/0/logins").asInt()).isEqualTo(1);
        JsonNode without = server.get(app, "/1/stats?without_group=true" + span).json();
        assertThat(without.at("/totals/users").asInt()).isEqualTo(1);
        assertThat(without.at("/series/0/logins").asInt()).isZero();
        assertThat(server.get(app, "/1/stats?group=nobody" + span)
                        .json()
                        .at("/totals/users")
                        .asInt())
                .isZero();
        assertThat(server.get(app, "/1/stats?group=a&without_group=true").status())
                .isEqualTo(400);
        assertThat(server.get(app, "/1/stats/groups?before=1").status()).isEqualTo(400);
        assertThat(server.get(app, "/1/stats/groups?limit=0").status()).isEqualTo(400);
        assertThat(server.getWithoutPermission(app, "/1/stats/groups").status()).isEqualTo(403);
    }

    @Test
    void theBodyIsWhatTheSharedMapperMakesOfTheUser() {
        History history = new RandomHistory(31).tell(30);
        server.publish(history.events());
        awaitAll(history);

        Map<String, UserResource> users = PlainFold.of(history.events()).users();
        users.forEach((id, user) -> assertThat(
                        server.get(history.application(), "/1/users/" + id).body())
                .isEqualTo(new String(Json.MAPPER.writeValueAsBytes(user), StandardCharsets.UTF_8)));
        assertThat(users).isNotEmpty();
    }

    /** Until all is there, and whoever asks with a token of any of it is answered. */
    private void awaitAll(History history) {
        server.awaitApplied();
        for (PublishedEvent event : history.events()) {
            String token = new ConsistencyToken(
                            event.application(),
                            UUID.fromString(event.userId()),
                            event.type().stream(),
                            event.sequence())
                    .encode();
            assertThat(server.get(
                                    history.application(),
                                    "/1/users?limit=1",
                                    "Consistency-Token",
                                    token,
                                    "Prefer",
                                    "wait=20")
                            .status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"2\" | 304",
                "W/\"2\" | 304",
                "\"7\", \"2\" | 304",
                "* | 304",
                "\"1\" | 200",
                "2 | 200",
                "\"\" | 200",
            })
    void aUserWhoHasNotChangedIsNotSentAgain(String ifNoneMatch, int status) {
        History history = History.ofSomeApplication();
        History.Person ann = history.aUserCalled("ann").changedPassword();
        server.publish(history.events());

        QueryServer.Answer answer = server.get(
                history.application(),
                "/1/users/" + ann.id(),
                "Consistency-Token",
                ann.token(),
                "If-None-Match",
                ifNoneMatch);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("ETag")).contains("\"2\"");
        assertThat(answer.body().isEmpty()).isEqualTo(status == 304);
    }

    @Test
    void headAnswersTheHeadersAlone() {
        History history = History.ofSomeApplication();
        History.Person ann = history.aUserCalled("ann");
        server.publish(history.events());
        String path = "/1/users/" + ann.id();
        QueryServer.Answer get = server.get(history.application(), path, "Consistency-Token", ann.token());
        QueryServer.Answer head = server.head(history.application(), path);

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("ETag")).isEqualTo(get.header("ETag"));
        assertThat(head.header("Content-Length")).isEqualTo(get.header("Content-Length"));
    }

    @Test
    void nothingOfAnotherApplicationIsEverSeen() {
        History mine = History.ofSomeApplication();
        History theirs = History.ofSomeApplication();
        History.Person ann = mine.aUserCalled("ann").signedIn("192.0.2.1");
        History.Person bob = theirs.aUserCalled("bob").signedIn("192.0.2.1");
        server.publish(mine.events());
        server.publish(theirs.events());
        String app = mine.application();
        server.get(app, "/1/users", "Consistency-Token", ann.signInToken());
        server.get(theirs.application(), "/1/users", "Consistency-Token", bob.signInToken());

        QueryServer.Answer unknown = server.get(app, "/1/users/" + UserIds.next());
        for (String path : List.of(
                "/1/users/" + bob.id(),
                "/1/users/" + bob.id() + "/activity",
                "/1/users/bob?query_by=username",
                "/1/users/bob%40example.com?query_by=email")) {
            QueryServer.Answer foreign = server.get(app, path);
            assertThat(foreign.status()).isEqualTo(404);
            assertThat(foreign.body().replaceAll("\"request_id\":\"[^\"]*\"", ""))
                    .isEqualTo(unknown.body().replaceAll("\"request_id\":\"[^\"]*\"", ""));
        }
        assertThat(server.get(app, "/1/users").json().at("/paging/total_count").asInt())
                .isEqualTo(1);
        assertThat(server.get(app, "/1/users?q=bob").json().get("data")).isEmpty();
        assertThat(server.get(app, "/1/stats", "Consistency-Token", ann.signInToken())
                        .json()
                        .at("/totals/users")
                        .asInt())
                .isEqualTo(1);
        QueryServer.Answer token = server.get(app, "/1/users", "Consistency-Token", bob.token());
        assertThat(token.status()).isEqualTo(400);
        assertThat(token.json().at("/validation_error/0/field").asString()).isEqualTo("Consistency-Token");
    }

    @Test
    void aDeletedUserIsGoneFromEveryRead() {
        History history = History.ofSomeApplication();
        History.Person ann = history.aUserCalled("ann").signedIn("192.0.2.1").deleted();
        server.publish(history.events());
        String app = history.application();

        for (String path : List.of(
                "/1/users/" + ann.id(),
                "/1/users/" + ann.id() + "/activity",
                "/1/users/ann?query_by=username",
                "/1/users/ann%40example.com?query_by=email")) {
            QueryServer.Answer answer = server.get(app, path, "Consistency-Token", ann.token());
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.json().get("error").asString()).isEqualTo("user_not_found");
        }
        JsonNode list = server.get(app, "/1/users").json();
        assertThat(list.get("data")).isEmpty();
        assertThat(list.at("/paging/total_count").asInt()).isZero();
    }

    @Test
    void aWriteThatDoesNotComeIsWaitedForAndThenRefused() {
        History history = History.ofSomeApplication();
        History.Person ann = history.aUserCalled("ann");
        for (String path :
                List.of("/1/users", "/1/users/" + ann.id(), "/1/stats", "/1/users/" + ann.id() + "/activity")) {
            QueryServer.Answer answer =
                    server.get(history.application(), path, "Consistency-Token", ann.token(), "Prefer", "wait=0");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.json().get("error").asString()).isEqualTo("not_yet_visible");
            assertThat(answer.header("Retry-After")).contains("1");
        }
    }

    @Test
    void aReadWithATokenWaitsUntilTheWriteComes() throws Exception {
        History history = History.ofSomeApplication();
        History.Person ann = history.aUserCalled("ann");
        try (ExecutorService reader = Executors.newSingleThreadExecutor()) {
            Future<QueryServer.Answer> answer = reader.submit(() -> server.get(
                    history.application(),
                    "/1/users/" + ann.id(),
                    "Consistency-Token",
                    ann.token(),
                    "Prefer",
                    "wait=20"));
            server.publish(history.events());

            assertThat(answer.get().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '`',
            value = {
                "/1/users?limit=0 400 limit",
                "/1/users?limit=-1 400 limit",
                "/1/users?limit=1001 400 limit",
                "/1/users?limit=99999999999999999999999 400 limit",
                "/1/users?limit=ten 400 limit",
                "/1/users?limit=1&limit=2 400 limit",
                "/1/users?after=x 400 after",
                "/1/users?after=-5 400 after",
                "/1/users?after=1&before=2 400 before",
                "/1/users?sort=password 400 sort",
                "/1/users?sort=%24where 400 sort",
                "/1/users?active=maybe 400 active",
                "/1/users?created_after=yesterday 400 created_after",
                "/1/users?created_before=%00 400 created_before",
                "/1/users?q=a%00b 400 q",
                "/1/users?group=a%0Ab 400 group",
                "/1/users?q%5B%24ne%5D=1 400 q[$ne]",
                "/1/users?provider=google 400 client_id",
                "/1/users?as_of=2026-01-01 400 as_of",
                "/1/users/x?as_off=2026-01-01 400 as_off",
                "/1/users/x?query_by=%24where 400 query_by",
                "/1/stats?interval=minute 400 interval",
                "/1/stats?from=2026-01-02&to=2026-01-02 400 to",
                "/1/stats?from=2026-01-02&to=2025-01-02 400 to",
                "/1/stats?from=2026-01-01&to=2026-03-01&interval=hour 400 interval",
                "/1/stats?from=1970-01-01&to=9999-12-31 400 interval",
                "/1/stats?from=0001-01-01 400 from",
                "/1/stats?group=a%0Ab 400 group",
                "/1/users/x/activity?limit=0 400 limit",
            })
    void aBadOptionIsAFaultThatNamesIt(String path, int status, String field) {
        QueryServer.Answer answer = server.get("some-app", path);

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.json().at("/validation_error/0/field").asString()).isEqualTo(field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/1/users?q=%C3%28",
                "/1/users?q=%ED%A0%80",
                "/1/users?q=%zz",
                "/1/users/%zz",
                "/1/users?q={",
                "/1/users/a%5Cb?query_by=username",
                "/1/users?%C3=1",
                "/1/users/%C3%28?query_by=username",
                "/1/users/%ED%A0%80?query_by=email",
                "/1/users/%00?query_by=username",
                "/1/users/a%0Ab?query_by=username",
            })
    void whatIsNoTextIsABadRequest(String path) {
        assertThat(server.statusOfRaw("some-app", path)).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/1/users/no-id",
                "/1/users/123",
                "/1/users/0198c0de-0000-7000-8000-00000000000g",
                "/1/users/%24where?query_by=username",
                "/1/users/%20?query_by=username",
                "/1/users/a%2Fb?query_by=username",
                "/1/users/a.b%27?query_by=email",
                "/1/users/no-id/activity",
            })
    void whoIsNotThereIsNotFound(String path) {
        QueryServer.Answer answer = server.get("some-app", path);

        assertThat(answer.status()).as(answer.body()).isEqualTo(404);
        assertThat(answer.json().get("error").asString()).isEqualTo("user_not_found");
    }

    @Test
    void aTokenThatIsNoneIsAFault() {
        for (String token : List.of("x", "%%%", "dTE6", "dTA6MDE5OGMwZGUtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAwOmFwcA")) {
            QueryServer.Answer answer = server.get("app", "/1/users", "Consistency-Token", token);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().at("/validation_error/0/field").asString()).isEqualTo("Consistency-Token");
        }
    }

    @Test
    void everyReadAsksForItsPermission() {
        for (String path : List.of("/1/users", "/1/users/x", "/1/users/x/activity", "/1/stats")) {
            assertThat(server.getWithoutPermission("app", path).status()).isEqualTo(403);
            assertThat(server.getWithoutKey(path).status()).isEqualTo(401);
        }
    }

    @Test
    void aUserNameWithASlashIsFound() {
        History history = History.ofSomeApplication();
        History.Person ann =
                history.somebody().created(History.profile(null, "a/b;c d%ü", null, null, Map.of()), null, true);
        server.publish(history.events());

        assertThat(server.get(
                                history.application(),
                                "/1/users/A%2FB%3Bc%20d%25%C3%9C?query_by=username",
                                "Consistency-Token",
                                ann.token())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void statisticsOfTheLastThirtyDaysByDayAreTheDefault() {
        JsonNode stats = server.get("some-app", "/1/stats").json();

        assertThat(stats.get("interval").asString()).isEqualTo("day");
        assertThat(stats.get("series")).hasSize(30);
        assertThat(stats.at("/series/0/time")).isEqualTo(stats.get("from"));
        assertThat(stats.get("totals").toString()).isEqualTo("{\"users\":0,\"active\":0,\"verified\":0,\"pending\":0}");
        assertThat(stats.at("/series/0").propertyNames())
                .containsExactly("time", "joins", "logins", "failed_logins", "deletions", "unique_logins");
    }
}
