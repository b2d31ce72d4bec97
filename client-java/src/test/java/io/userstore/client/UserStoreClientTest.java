package io.userstore.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.UserEvent;
import io.userstore.api.user.UserResource;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each call is the request that the contract describes, and understands the answer that it describes. */
class UserStoreClientTest {
    private static final String ID = "0198c0de-0000-7000-8000-000000000001";
    private static final String PROBLEM =
            "{\"type\":\"https://userstore.dev/problems/x\",\"title\":\"T\",\"status\":%d,"
                    + "\"detail\":\"D\",\"error\":\"%s\",\"code\":%d,\"request_id\":\"r1\"}";

    private final ScriptedServer server = new ScriptedServer();
    private final UserStoreClient store =
            UserStoreClient.builder(server.uri(), "sk_test").build();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void eventsAreHeardWithTheirPlacesAndWhatIsNoEventIsPassedOver() {
        String data = "{\"application\":\"shop\",\"user_id\":\"" + ID + "\",\"version\":3,\"position\":7,\"data\":{}}";
        String known = "{\"specversion\":\"1.0\",\"id\":\"e1\",\"type\":\"io.userstore.user.activated.v1\","
                + "\"time\":\"2026-01-04T23:48:34.288Z\",\"data\":" + data + "}";
        server.answer(
                200,
                ": still here\nretry: 1000\nid: p0\n\n"
                        + "id: p1\nevent: io.userstore.user.activated.v1\ndata: " + known.replace(",", ",\ndata: ")
                        + "\n\n"
                        + "id: p2\nevent: io.userstore.user.invented.v9\ndata:{\"type\":\"io.userstore.user.invented.v9\"}\n\n"
                        + "id: p3\nevent: io.userstore.user.activated.v1\ndata: {\"broken");
        List<Events.Heard> heard;
        Events.Query query = Events.Query.ALL
                .ofUser(ID)
                .after(Events.BEGINNING)
                .ofTypes("io.userstore.user.activated.v1", "io.userstore.user.deleted.v1");
        try (Stream<Events.Heard> stream = store.events().follow(query)) {
            heard = stream.toList();
        }
        assertThat(server.last().line())
                .isEqualTo("GET /1/events?user=" + ID + "&after=beginning&type=io.userstore.user.activated.v1"
                        + "&type=io.userstore.user.deleted.v1");
        assertThat(server.last().header("Accept")).isEqualTo("text/event-stream");
        assertThat(heard).extracting(Events.Heard::place).containsExactly("p1", "p2");
        PublishedEvent event = heard.getFirst().event().orElseThrow();
        assertThat(event.data()).isEqualTo(new UserEvent.UserActivated());
        assertThat(event.sequence()).isEqualTo(3);
        assertThat(event.userId()).isEqualTo(ID);
        assertThat(heard.getLast().type()).isEqualTo("io.userstore.user.invented.v9");
        assertThat(heard.getLast().event()).isEmpty();
    }

    @Test
    void aUserIsCreatedFromWhatIsGivenAndNothingElse() {
        server.answer(201, ScriptedServer.TINY);
        UserResource tiny = store.users()
                .create(NewUser.withUsername("tiny", "abcd1234")
                        .inGroup("cadets")
                        .withExtra(Map.of("age", 24)));
        assertThat(tiny.id()).isEqualTo(ID);
        assertThat(tiny.username()).isEqualTo("tiny");
        assertThat(tiny.email()).isNull();
        assertThat(tiny.active()).isTrue();
        assertThat(tiny.emailVerified()).isFalse();
        assertThat(tiny.extra()).as("left out by the server").isEmpty();
        assertThat(tiny.createdAt()).isEqualTo(Instant.parse("2026-01-04T23:46:19.106Z"));
        assertThat(server.last().line()).isEqualTo("POST /1/users");
        assertThat(server.last().header("Authorization")).isEqualTo("Bearer sk_test");
        assertThat(server.last().header("Content-type")).isEqualTo("application/json");
        assertThat(Transport.tree(server.last().body()))
                .isEqualTo(Transport.tree("{\"username\":\"tiny\",\"password\":\"abcd1234\",\"group\":\"cadets\","
                        + "\"extra\":{\"age\":24}}"));
    }

    @Test
    void aCodeIsAskedForWithOptionsAndToldBesideTheUser() {
        server.answer(201, ScriptedServer.TINY.replace("{\"id\"", "{\"verification_code\":\"s3same\",\"id\""));
        Users.Created created = store.users()
                .create(
                        NewUser.withEmail("john@example.com", "abcd"),
                        new Users.Verification(true, true, URI.create("http://example.com/verify?a=b")),
                        WriteOptions.DEFAULT.idempotent("k1"));
        assertThat(created.verificationCode()).isEqualTo("s3same");
        assertThat(created.toString()).doesNotContain("s3same");
        assertThat(server.last().line())
                .isEqualTo("POST /1/users?verify_user=true&send_email=true"
                        + "&verify_url=http%3A%2F%2Fexample.com%2Fverify%3Fa%3Db");
        assertThat(server.last().header("Idempotency-key")).isEqualTo("k1");
    }

    @Test
    void aUserIsFoundByIdAddressAndName() {
        server.answer(200, ScriptedServer.TINY).answer(200, ScriptedServer.TINY).answer(200, ScriptedServer.TINY);
        store.users().get(ID, new ReadOptions("t0ken", Duration.ofSeconds(5), "r7"));
        assertThat(server.last().line()).isEqualTo("GET /1/users/" + ID);
        assertThat(server.last().header("Consistency-token")).isEqualTo("t0ken");
        assertThat(server.last().header("Prefer")).isEqualTo("wait=5");
        assertThat(server.last().header("X-request-id")).isEqualTo("r7");
        store.users().getByEmail("john+a@example.com");
        assertThat(server.last().line()).isEqualTo("GET /1/users/john%2Ba%40example.com?query_by=email");
        store.users().getByUsername("tiny / ä");
        assertThat(server.last().line()).isEqualTo("GET /1/users/tiny%20%2F%20%C3%A4?query_by=username");
    }

    @Test
    void anApplicationTellsOfItsMailsAndIsChangedInWhatIsNamed() {
        server.answer(200, """
                {"name":"shop","inactive_signin":"deny","mail":{"from_email":"shop@example.com","smtp":
                {"host":"mail.example.com","port":587,"security":"starttls"}},"created_at":"2026-01-04T23:46:19.106Z"}""");
        Map<String, @Nullable Object> settings = new HashMap<>(Map.of("inactive_signin", "deny"));
        settings.put("mail", null);
        Applications.Application shop = store.applications().change("shop", settings, WriteOptions.DEFAULT);
        assertThat(server.last().line()).isEqualTo("PATCH /1/applications/shop");
        assertThat(server.last().body())
                .contains("\"inactive_signin\":\"deny\"")
                .contains("\"mail\":null");
        assertThat(shop.mail())
                .isEqualTo(new Applications.Mail(
                        "shop@example.com", new Applications.Smtp("mail.example.com", 587, "starttls", null)));
        server.answer(200, "{\"name\":\"default\",\"inactive_signin\":\"allow\"}");
        assertThat(store.applications().get("default").mail()).isNull();
    }

    @Test
    void nothingThatIsGivenLeavesItsPlaceInThePath() {
        server.answer(200, ScriptedServer.TINY);
        store.users().get("..");
        assertThat(server.last().line()).isEqualTo("GET /1/users/%2E%2E");
    }

    @Test
    void aListIsReadPageByPageAndNoFurtherThanItIsWanted() {
        String page = "{\"paging\":{%s\"total_count\":3},\"data\":[%s]}";
        String next = "\"next\":\"http://elsewhere/1/users?after=2\",\"after\":2,";
        server.answer(200, page.formatted(next, ScriptedServer.TINY + "," + ScriptedServer.TINY));
        UserQuery query = UserQuery.ALL.inGroup("cadets").limit(2);
        assertThat(store.users().list(query).limit(2)).hasSize(2);
        assertThat(server.got()).as("the second page is not needed").hasSize(1);

        server.answer(200, page.formatted(next, ScriptedServer.TINY + "," + ScriptedServer.TINY));
        server.answer(
                200,
                page.formatted(
                        "\"next\":\"http://elsewhere/1/users?after=4&place=ey.J-_\",\"after\":4,",
                        ScriptedServer.TINY));
        server.answer(200, page.formatted("\"before\":3,", ScriptedServer.TINY));
        assertThat(store.users().list(query)).hasSize(4);
        assertThat(server.got().stream().map(ScriptedServer.Got::line))
                .containsExactly(
                        "GET /1/users?group=cadets&limit=2",
                        "GET /1/users?group=cadets&limit=2",
                        "GET /1/users?group=cadets&limit=2&after=2",
                        "GET /1/users?group=cadets&limit=2&after=4&place=ey.J-_");
    }

    @Test
    void aQueryAsksForAllThatItWasTold() {
        server.answer(200, "{\"paging\":{\"total_count\":0},\"data\":[]}");
        Instant time = Instant.parse("2026-01-04T23:48:34.288Z");
        UserQuery query = UserQuery.ALL
                .active(true)
                .emailVerified(false)
                .pending(true)
                .beginningWith("ti ny")
                .createdAfter(time)
                .createdBefore(time)
                .lastSigninBefore(time)
                .linkedTo("google", "c-1")
                .sortedBy("-created_at")
                .after(1)
                .before(2);
        store.users().page(query);
        assertThat(server.last().line())
                .isEqualTo("GET /1/users?active=true&email_verified=false&pending=true&q=ti%20ny"
                        + "&created_after=2026-01-04T23%3A48%3A34.288Z&created_before=2026-01-04T23%3A48%3A34.288Z"
                        + "&last_signin_before=2026-01-04T23%3A48%3A34.288Z&provider=google&client_id=c-1"
                        + "&sort=-created_at&before=2");
        assertThat(query.toString()).contains("provider").doesNotContain("c-1");
    }

    @Test
    void aPageTellsWhereItLies() {
        server.answer(
                200,
                "{\"paging\":{\"previous\":\"p\",\"before\":7,\"total_count\":3},\"data\":[" + ScriptedServer.TINY
                        + "]}");
        Page<UserResource> page = store.users().page(UserQuery.ALL.after(6));
        assertThat(page.paging()).isEqualTo(new Page.Paging(null, "p", null, 7L, 3));
        assertThat(page.data()).hasSize(1);
    }

    @Test
    void changesAreWhatWasNamedAndNullTakesAway() {
        server.answer(200, ScriptedServer.TINY);
        UserChanges changes = UserChanges.none()
                .firstName("Tina")
                .group(null)
                .password("s3cret")
                .extra("color", null)
                .extra("age", 25);
        assertThat(changes.toString()).doesNotContain("s3cret", "Tina");
        store.users().patch(ID, changes, WriteOptions.DEFAULT.onlyIfVersion(4).waitingAtMost(Duration.ofSeconds(1)));
        assertThat(server.last().line()).isEqualTo("PATCH /1/users/" + ID);
        assertThat(server.last().header("If-match")).isEqualTo("\"4\"");
        assertThat(server.last().header("Prefer")).isEqualTo("wait=1");
        assertThat(Transport.tree(server.last().body()))
                .isEqualTo(Transport.tree("{\"first_name\":\"Tina\",\"group\":null,\"password\":\"s3cret\","
                        + "\"extra\":{\"color\":null,\"age\":25}}"));

        server.answer(200, "{\"first_name\":\"Tina\",\"updated_at\":\"2026-01-04T23:48:34.288Z\"}");
        Users.Changed changed = store.users()
                .update(ID, UserChanges.none().firstName("Tina"), Users.Verification.NONE, WriteOptions.DEFAULT);
        assertThat(server.last().line()).isEqualTo("PUT /1/users/" + ID);
        assertThat(changed.fields().propertyNames()).containsExactly("first_name", "updated_at");
        assertThat(changed.verificationCode()).isNull();
    }

    @Test
    void readsWaitForTheWriteThatTheyMayNotShowYet() {
        UserStoreClient patient = UserStoreClient.builder(server.uri(), "sk_test")
                .readingOwnWrites()
                .build();
        List<Receipt> receipts = new ArrayList<>();
        server.answer(200, Map.of("Consistency-Token", "seen"), ScriptedServer.TINY)
                .answer(200, ScriptedServer.TINY)
                .answer(200, Map.of("Consistency-Token", "unseen", "Projection", "pending"), ScriptedServer.TINY)
                .answer(200, ScriptedServer.TINY);
        WriteOptions options = WriteOptions.DEFAULT.async().tellingReceipt(receipts::add);
        patient.users().patch(ID, UserChanges.none().group("a"), options);
        patient.users().get(ID);
        assertThat(server.last().header("Consistency-token")).isNull();
        patient.users().patch(ID, UserChanges.none().group("b"), options);
        assertThat(server.last().header("Prefer")).isEqualTo("respond-async");
        patient.users().get(ID);
        assertThat(server.last().header("Consistency-token")).isEqualTo("unseen");
        assertThat(receipts)
                .containsExactly(new Receipt("seen", false, false, null), new Receipt("unseen", true, false, null));
    }

    @Test
    void anAnswerWithoutABodyIsNotAFailure() {
        server.answer(204, "");
        store.applications().revokeKey("shop", "key_1", WriteOptions.DEFAULT);
        assertThat(server.last().line()).isEqualTo("DELETE /1/applications/shop/keys/key_1");
    }

    @Test
    void signingInOutAndCheckingSayWhoAndNothingInTheAddress() {
        server.answer(200, ScriptedServer.TINY).answer(200, ScriptedServer.TINY).answer(200, ScriptedServer.TINY);
        store.auth().signIn("tiny", "abcd1234");
        assertThat(server.last().line()).isEqualTo("POST /1/auth/signin");
        assertThat(Transport.tree(server.last().body()))
                .isEqualTo(Transport.tree("{\"signin_id\":\"tiny\",\"password\":\"abcd1234\"}"));
        store.auth().signOut(ID);
        assertThat(server.last().line()).isEqualTo("POST /1/auth/signout");
        store.auth().confirm(ID, "abcd1234");
        assertThat(server.last().line()).isEqualTo("POST /1/auth/confirm");
    }

    @Test
    void codesAreSpentAndLookedAt() {
        server.answer(200, ScriptedServer.TINY)
                .answer(200, "{}")
                .answer(200, "{\"user_id\":\"u\",\"reset_code\":\"c\",\"expires_at\":\"2026-01-04T23:48:34.288Z\"}")
                .answer(200, ScriptedServer.TINY)
                .answer(
                        200,
                        "{\"type\":\"password_reset\",\"user_id\":\"u\",\"expires_at\":\"2026-01-04T23:48:34.288Z\"}");
        store.auth().verify("c");
        assertThat(server.last().line()).isEqualTo("POST /1/auth/verify");
        store.auth().forgotPassword("john@example.com", URI.create("https://a.example/reset"));
        assertThat(server.last().line())
                .isEqualTo("POST /1/auth/forgot-password?reset_url=https%3A%2F%2Fa.example%2Freset");
        assertThat(store.auth().forgotPasswordWithoutMail("john@example.com").resetCode())
                .isEqualTo("c");
        assertThat(server.last().line()).isEqualTo("POST /1/auth/forgot-password?send_email=false");
        store.auth().resetPassword("c", "n3w");
        assertThat(server.last().line()).isEqualTo("POST /1/auth/reset-password");
        assertThat(store.auth().token("c").type()).isEqualTo("password_reset");
        assertThat(server.last().line()).isEqualTo("GET /1/tokens/c");
    }

    @Test
    void anIdentityIsLinkedReadChangedAndUnlinked() {
        String linked = "{\"provider\":\"google\",\"client_id\":\"g1\",\"access_token\":\"t\","
                + "\"access_token_expiry\":1516647155,\"access_token_expired\":true}";
        server.answer(201, linked)
                .answer(200, "{\"data\":[" + linked + "]}")
                .answer(200, linked)
                .answer(200, linked)
                .answer(200, ScriptedServer.TINY.replace("}", ",\"oauth\":" + linked + "}"));
        AuthProvider identity = AuthProvider.of("google", "g1").withAccessToken("t", 1516647155L);
        AuthProvider answered = store.authProviders().link(ID, identity, WriteOptions.DEFAULT);
        assertThat(answered).isEqualTo(new AuthProvider("google", "g1", "t", 1516647155L, true));
        assertThat(answered.toString()).doesNotContain("g1");
        assertThat(server.last().line()).isEqualTo("POST /1/users/" + ID + "/auth-providers");
        assertThat(server.last().body()).doesNotContain("expired");
        assertThat(store.authProviders().list(ID)).containsExactly(answered);
        store.authProviders().update(ID, "google", Map.of("access_token", "t2"), WriteOptions.DEFAULT);
        assertThat(server.last().line()).isEqualTo("PATCH /1/users/" + ID + "/auth-providers/google");
        store.authProviders().unlink(ID, "google", WriteOptions.DEFAULT);
        assertThat(server.last().line()).isEqualTo("DELETE /1/users/" + ID + "/auth-providers/google");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.authProviders().unlink(ID, "", WriteOptions.DEFAULT));
        Auth.SignedIn in = store.auth().signInWithProvider("google", "g1", WriteOptions.DEFAULT);
        assertThat(in.user().id()).isEqualTo(ID);
        assertThat(in.oauth()).isEqualTo(answered);
    }

    @Test
    void keysAreIssuedAndRotatedAndNeverShown() {
        String key = "{\"id\":\"key_1\",\"key\":\"sk_new\",\"application\":\"shop\",\"permissions\":[\"users:read\"],"
                + "\"created_at\":\"2026-01-04T23:48:34.288Z\"}";
        server.answer(201, key).answer(201, key);
        Applications.Key made = store.applications().issueKey("shop", Set.of("users:read"), WriteOptions.DEFAULT);
        assertThat(made.key()).isEqualTo("sk_new");
        assertThat(made.toString()).doesNotContain("sk_new");
        assertThat(server.last().line()).isEqualTo("POST /1/applications/shop/keys");
        store.applications().rotateKey("shop", "key_1", Duration.ofHours(1), WriteOptions.DEFAULT);
        assertThat(server.last().line()).isEqualTo("POST /1/applications/shop/keys/key_1/rotate");
        assertThat(server.last().body()).isEqualTo("{\"overlap_seconds\":3600}");
    }

    @Test
    void statisticsAndActivityAreRead() {
        server.answer(
                200,
                "{\"totals\":{\"users\":3,\"active\":3,\"verified\":0,\"pending\":0},\"interval\":\"day\","
                        + "\"from\":\"2026-01-04T00:00:00.000Z\",\"to\":\"2026-01-05T00:00:00.000Z\","
                        + "\"series\":[{\"time\":\"2026-01-04T00:00:00.000Z\",\"joins\":3,\"logins\":2,"
                        + "\"failed_logins\":1,\"deletions\":0,\"unique_logins\":2}]}");
        Statistics statistics =
                store.statistics().get(Instant.parse("2026-01-04T00:00:00Z"), null, "day", null, ReadOptions.DEFAULT);
        assertThat(statistics.series().getFirst().failedLogins()).isEqualTo(1);
        assertThat(server.last().line()).isEqualTo("GET /1/stats?from=2026-01-04T00%3A00%3A00Z&interval=day");

        server.answer(
                200,
                "{\"paging\":{\"total_count\":1},\"data\":[{\"type\":\"user.profile-updated\","
                        + "\"time\":\"2026-01-04T00:00:00.000Z\",\"version\":2,\"position\":7,"
                        + "\"changed\":[\"group\"],\"changes\":[{\"field\":\"group\",\"old\":null,\"new\":\"g\"},"
                        + "{\"field\":\"extra.age\",\"old\":24,\"new\":true}]}]}");
        assertThat(store.users().activity(ID).toList()).singleElement().satisfies(entry -> {
            assertThat(entry.changedFields()).containsExactly("group");
            assertThat(entry.changes())
                    .containsExactly(
                            new ActivityEntry.FieldChange("group", null, "g"),
                            new ActivityEntry.FieldChange("extra.age", 24, true));
        });
    }

    @Test
    void groupsAreReadPageByPage() {
        server.answer(
                200,
                "{\"paging\":{\"next\":\"http://x/1/stats/groups?after=a%26b\",\"after\":\"a&b\"},\"data\":["
                        + "{\"group\":\"a&b\",\"users\":3,\"active\":2,\"verified\":1,\"pending\":0}]}");
        Statistics.GroupPage page = store.statistics().groups(1, null, ReadOptions.DEFAULT);
        assertThat(page.groups()).containsExactly(new Statistics.GroupTotals("a&b", 3, 2, 1, 0));
        assertThat(server.last().line()).isEqualTo("GET /1/stats/groups?limit=1");

        server.answer(
                200,
                "{\"paging\":{},\"data\":[{\"group\":null,\"users\":1,\"active\":0,\"verified\":0,\"pending\":0}]}");
        Statistics.GroupPage last = store.statistics().groups(1, page.after(), ReadOptions.DEFAULT);
        assertThat(last.after()).isNull();
        assertThat(last.groups().getFirst().group()).isNull();
        assertThat(server.last().line()).isEqualTo("GET /1/stats/groups?limit=1&after=a%26b");
    }

    @Test
    void anImportIsSentInPiecesAndItsLinesCountedThrough() {
        server.answer(200, results(500) + "{\"done\":true,\"lines\":500,\"created\":499,\"failed\":1}\n");
        server.answer(200, results(100));
        Iterator<?> lines = IntStream.rangeClosed(1, 600)
                .mapToObj(i -> Map.of("username", "u" + i, "password_hash", "{bcrypt}x"))
                .iterator();
        List<ImportResult> results = store.users().importUsers(lines).toList();
        assertThat(results.stream().map(ImportResult::line))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 600).mapToObj(Long::valueOf).toList());
        assertThat(results.getFirst().failed()).isTrue();
        assertThat(results.getFirst().code()).isEqualTo(600);
        assertThat(server.got()).hasSize(2).allSatisfy(got -> {
            assertThat(got.line()).isEqualTo("POST /1/users/import");
            assertThat(got.header("Content-type")).isEqualTo("application/x-ndjson");
        });
        assertThat(server.last().body().lines()).hasSize(100);
    }

    private static String results(int lines) {
        StringBuilder text = new StringBuilder("{\"line\":1,\"status\":\"failed\",\"error\":\"username_taken\","
                + "\"code\":600,\"detail\":\"another user has this user name\"}\n");
        for (int i = 2; i <= lines; i++) {
            text.append("{\"line\":")
                    .append(i)
                    .append(",\"status\":\"created\",\"id\":\"")
                    .append(ID)
                    .append("\"}\n");
        }
        return text.toString();
    }

    @Test
    void anImportThatEndsEarlyIsAFailure() {
        server.answer(200, "{\"line\":1,\"status\":\"created\",\"id\":\"" + ID + "\"}\n{\"done\":false}\n");
        Iterator<?> lines =
                List.of(Map.of("username", "a"), Map.of("username", "b")).iterator();
        assertThatExceptionOfType(UserStoreException.NoAnswer.class)
                .isThrownBy(() -> store.users().importUsers(lines).toList())
                .withMessageContaining("behind line 1");
    }

    @Test
    void anExportThatBreaksOffIsAFailureInItsMidst() {
        server.breakOffBehind(ScriptedServer.TINY + "\n");
        try (Stream<UserResource> users = store.users().export(UserQuery.ALL)) {
            Iterator<UserResource> each = users.iterator();
            assertThat(each.next().username()).isEqualTo("tiny");
            assertThatExceptionOfType(UserStoreException.NoAnswer.class)
                    .isThrownBy(each::hasNext)
                    .withMessage("the answer was broken off");
        }
    }

    @Test
    void anExportIsAStreamOfUsers() {
        server.answer(200, ScriptedServer.TINY + "\n" + ScriptedServer.TINY + "\n");
        try (Stream<UserResource> users = store.users().export(UserQuery.ALL.active(true))) {
            assertThat(users.map(UserResource::username)).containsExactly("tiny", "tiny");
        }
        assertThat(server.last().line()).isEqualTo("GET /1/users/export?active=true");
    }

    @ParameterizedTest
    @CsvSource({
        "401, unauthorized, 810, NotPermitted",
        "401, invalid_credentials, 603, InvalidCredentials",
        "403, forbidden, 810, NotPermitted",
        "404, user_not_found, 604, NotFound",
        "409, email_taken, 600, Conflict",
        "410, code_expired, 800, NotFound",
        "412, version_conflict, 810, StaleVersion",
        "415, unsupported_media_type, 810, Refused",
        "422, idempotency_key_reused, 810, Conflict",
        "429, too_many_requests, 810, TryLater",
        "500, internal_error, 810, Refused",
        "503, overloaded, 810, TryLater"
    })
    void aRefusalIsAnExceptionOfItsKind(int status, String error, int code, String kind) {
        server.answer(status, Map.of("Retry-After", "3"), PROBLEM.formatted(status, error, code));
        UserStoreException.Refused refused = catchThrowableOfType(
                UserStoreException.Refused.class, () -> store.users().get(ID));
        assertThat(refused.getClass().getSimpleName()).isEqualTo(kind);
        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.error()).isEqualTo(error);
        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused.requestId()).isEqualTo("r1");
        if (refused instanceof UserStoreException.TryLater later) {
            assertThat(later.retryAfter()).contains(Duration.ofSeconds(3));
        }
    }

    @Test
    void allFaultsOfARequestAreTold() {
        server.answer(
                400,
                "{\"type\":\"t\",\"title\":\"T\",\"status\":400,\"detail\":\"D\",\"error\":\"validation_error\","
                        + "\"code\":804,\"validation_error\":[{\"field\":\"email\",\"code\":\"invalid\",\"message\":\"m\"},"
                        + "{\"field\":\"password\",\"code\":\"missing\",\"message\":\"is required\"}]}");
        UserStoreException.Invalid invalid = catchThrowableOfType(
                UserStoreException.Invalid.class, () -> store.users().create(NewUser.withEmail("x", "y")));
        assertThat(invalid.faults().stream().map(fault -> fault.field())).containsExactly("email", "password");
    }

    @Test
    void whatDidNotComeFromAUserStoreIsTold() {
        server.answer(502, "<html>Bad gateway</html>").answer(200, "<html>Log in to the hotel</html>");
        UserStoreException.Refused refused = catchThrowableOfType(
                UserStoreException.Refused.class, () -> store.users().get(ID));
        assertThat(refused.status()).isEqualTo(502);
        assertThat(refused.error()).isEqualTo("unknown");
        assertThatExceptionOfType(UserStoreException.NoAnswer.class)
                .isThrownBy(() -> store.users().get(ID))
                .withMessageNotContaining("hotel");
    }

    @Test
    void aServerThatIsAwayIsTold() {
        server.close();
        assertThatExceptionOfType(UserStoreException.NoAnswer.class)
                .isThrownBy(() -> store.users().getByEmail("john@example.com"))
                .withMessageNotContaining("john");
    }

    @ParameterizedTest
    @CsvSource({
        "ftp://users.example, k",
        "users.example, k",
        "http://u:p@users.example, k",
        "http://users.example/1, k",
        "http://users.example, a b",
        "http://users.example, ''"
    })
    void whatCannotWorkIsRefusedAtOnce(URI address, String key) {
        assertThatIllegalArgumentException().isThrownBy(() -> UserStoreClient.builder(address, key));
    }
}
