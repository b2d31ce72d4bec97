package io.userstore.query.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.query.fixture.History;
import io.userstore.query.fixture.QueryServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Lists of 250 users; every tenth has no user name, every fifth is inactive, every third is in a group. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListTest {
    private static final int USERS = 250;

    private QueryServer server;
    private final History history = History.ofSomeApplication();
    private final List<History.Person> people = new ArrayList<>();

    @BeforeAll
    void start() {
        server = QueryServer.start();
        for (int i = 0; i < USERS; i++) {
            history.at("2026-03-01T00:00:00Z").after(java.time.Duration.ofHours(i));
            History.Person person = history.somebody()
                    .created(
                            History.profile(
                                    mail(i),
                                    i % 10 == 0 ? null : name(i),
                                    "Ada" + i,
                                    i == 7 ? "a.*+[b" : null,
                                    Map.of()),
                            i % 3 == 0 ? "cadets" : null,
                            i % 5 != 0);
            if (i % 50 == 3) {
                person.linked("google", "Client-" + i);
            }
            if (i % 2 == 1) {
                person.signedIn("192.0.2.1");
            }
            people.add(person);
        }
        server.publish(history.events());
        for (History.Person person : people) {
            String token = person.loginSequence() > 0 ? person.signInToken() : person.token();
            assertThat(get("/1/users/" + person.id(), "Consistency-Token", token, "Prefer", "wait=10")
                            .status())
                    .isEqualTo(200);
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "&sort=created_at", "&sort=-created_at", "&sort=username", "&sort=email", "&sort=last_signin"
            })
    void everyOrderCanBePagedThroughBothWays(String sort) {
        List<String> forward = new ArrayList<>();
        List<String> pages = new ArrayList<>();
        JsonNode page = get("/1/users?limit=40" + sort).json();
        assertThat(page.at("/paging").has("previous")).isFalse();
        assertThat(page.at("/paging").has("before")).isFalse();
        while (true) {
            forward.addAll(ids(page));
            pages.add(ids(page).toString());
            assertThat(page.at("/paging/total_count").asInt()).isEqualTo(USERS);
            if (!page.at("/paging").has("next")) {
                break;
            }
            page = get(page.at("/paging/next").asString()).json();
        }
        assertThat(forward).doesNotHaveDuplicates().hasSize(USERS).isEqualTo(expected(sort));

        List<String> backward = new ArrayList<>();
        while (page.at("/paging").has("previous")) {
            page = get(page.at("/paging/previous").asString()).json();
            backward.addFirst(ids(page).toString());
        }
        assertThat(backward).isEqualTo(pages.subList(0, pages.size() - 1));
        assertThat(page.at("/paging").has("next")).isTrue();
    }

    private List<String> expected(String sort) {
        Comparator<Integer> order = switch (sort) {
            case "&sort=-created_at" -> Comparator.reverseOrder();
            case "&sort=username" -> Comparator.comparing(i -> i % 10 == 0 ? "" : name(i).toLowerCase(Locale.ROOT));
            case "&sort=email" -> Comparator.comparing(i -> mail(i).toLowerCase(Locale.ROOT));
            case "&sort=last_signin" -> Comparator.comparing(i -> i % 2 == 1 ? i : 0);
            default -> Comparator.naturalOrder();
        };
        return IntStream.range(0, USERS)
                .boxed()
                .sorted(order.thenComparing(Comparator.naturalOrder()))
                .map(i -> people.get(i).id().toString())
                .toList();
    }

    @Test
    void linksKeepTheOtherOptionsAndTheAddressTheRequestCameTo() {
        JsonNode paging =
                get("/1/users?q=ADA&limit=2&active=true&sort=email").json().get("paging");

        assertThat(paging.get("next").asString())
                .startsWith(server.address() + "/1/users?q=ADA&limit=2&active=true&sort=email&after="
                        + paging.get("after").asLong() + "&place=");
        assertThat(get("/1/users?limit=2").json().at("/paging/next").asString())
                .as("where the cursor alone tells the place")
                .doesNotContain("place");
    }

    @Test
    void aHundredAreAnsweredUnlessAskedOtherwiseAndAThousandAtMost() {
        assertThat(ids(get("/1/users").json())).hasSize(100);
        assertThat(ids(get("/1/users?limit=1000").json())).hasSize(USERS);
        assertThat(get("/1/users?limit=1000").json().get("paging").has("next")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "group=cadets, 84",
        "group=nobody, 0",
        "active=false, 50",
        "active=true, 200",
        "email_verified=true, 0",
        "email_verified=false, 250",
        "group=cadets&active=false, 17",
        "created_before=2026-03-01T10:00:00Z, 10",
        "created_after=2026-03-01T10:00:00Z, 240",
        "created_after=2026-03-02&created_before=2026-03-03, 24",
        "last_signin_before=2026-03-01T10:00:00Z, 10",
        "q=MAIL1, 111",
        "q=mail1, 111",
        "q=ada24, 11",
        "q=NAME249, 1",
        "q=nam, 225",
        "q=a.*, 1",
        "q=a.%2A%2B%5Bb, 1",
        "q=.*, 0",
        "q=%5C, 0",
        "q=mail1%40example.com, 1",
        "q=ada&group=cadets, 84",
        "q=%EF%BC%A1da, 250",
        "provider=google&client_id=Client-53, 1",
        "provider=google&client_id=client-53, 0",
        "provider=facebook&client_id=Client-53, 0",
        "provider=google&client_id=Client-53&group=cadets, 0",
    })
    void filtersLetThroughExactlyWhoTheyNameAndCountThem(String filter, int expected) {
        JsonNode page = get("/1/users?limit=1000&" + filter).json();

        assertThat(ids(page)).hasSize(expected);
        assertThat(page.at("/paging/total_count").asInt()).isEqualTo(expected);
    }

    @Test
    void aProviderAndAnIdentityAreAskedForTogether() {
        QueryServer.Answer answer = get("/1/users?provider=google");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/validation_error/0/field").asString()).isEqualTo("client_id");
        assertThat(get("/1/users?client_id=1")
                        .json()
                        .at("/validation_error/0/field")
                        .asString())
                .isEqualTo("provider");
    }

    @Test
    void aFilteredListCanBePagedThrough() {
        List<String> found = new ArrayList<>();
        @Nullable String next = "/1/users?group=cadets&q=ada&sort=-created_at&limit=10";
        while (next != null) {
            JsonNode page = get(next).json();
            found.addAll(ids(page));
            next = page.at("/paging").has("next") ? page.at("/paging/next").asString() : null;
        }

        List<String> expected = new ArrayList<>(IntStream.range(0, USERS)
                .filter(i -> i % 3 == 0)
                .mapToObj(i -> people.get(i).id().toString())
                .toList());
        Collections.reverse(expected);
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void aCursorWhoseUserIsGoneStillServesTheOrderOfCreationAndIsAFaultInOthers() {
        assertThat(get("/1/users?after=1").status()).isEqualTo(200);
        assertThat(get("/1/users?before=9000000000000000000&limit=1")
                        .json()
                        .at("/data/0/id")
                        .asString())
                .isEqualTo(people.getLast().id().toString());

        QueryServer.Answer answer = get("/1/users?sort=email&before=1");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/validation_error/0/field").asString()).isEqualTo("before");
    }

    /** The dormant are listed, and some of them sign in, change their names or are deleted before the next page is asked for. */
    @ParameterizedTest
    @CsvSource({"last_signin", "username", "email"})
    void aPageFollowsOnWhereTheLastUserStoodThen(String sort) {
        History own = History.ofSomeApplication();
        List<History.Person> six = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            six.add(own.aUserCalled("somebody" + i).signedIn("192.0.2.1"));
        }
        server.publish(own.events());
        six.forEach(person -> awaitShown(own, person.signInToken()));
        JsonNode first =
                server.get(own.application(), "/1/users?limit=2&sort=" + sort).json();
        assertThat(ids(first)).containsExactly(id(six, 0), id(six, 1));
        String next = first.at("/paging/next").asString();
        assertThat(next).doesNotContain("somebody").doesNotContain("2026-03");

        int before = own.events().size();
        six.get(1).signedIn("192.0.2.1").renamed("zz").moved("zz@example.com");
        six.get(5).renamed("zzz");
        server.publish(own.events().subList(before, own.events().size()));
        awaitShown(own, six.get(1).token());
        awaitShown(own, six.get(5).token());
        JsonNode second = server.get(own.application(), next).json();
        assertThat(ids(second)).containsExactly(id(six, 2), id(six, 3));

        before = own.events().size();
        six.get(3).deleted();
        server.publish(own.events().subList(before, own.events().size()));
        awaitShown(own, six.get(3).token());
        QueryServer.Answer third =
                server.get(own.application(), second.at("/paging/next").asString());
        assertThat(third.status()).as(third.body()).isEqualTo(200);
        assertThat(ids(third.json()).getFirst()).isEqualTo(id(six, 4));

        String back = second.at("/paging/previous").asString();
        assertThat(ids(server.get(own.application(), back).json())).containsExactly(id(six, 0));
    }

    @Test
    void aPlaceThatIsNoneOfThisListIsAFault() {
        String next =
                get("/1/users?sort=email&limit=1").json().at("/paging/next").asString();
        for (String wrong : List.of(
                next.replace("sort=email", "sort=username"),
                next.replaceAll("place=[^&]*", "place=x"),
                next.replaceAll("after=\\d+", "after=7"))) {
            QueryServer.Answer answer = get(wrong);
            assertThat(answer.status()).as(wrong).isEqualTo(400);
            assertThat(answer.json().at("/validation_error/0/field").asString()).isEqualTo("place");
        }
        QueryServer.Answer foreign = server.get(history.application() + "x", next);
        assertThat(foreign.status()).isEqualTo(400);
    }

    private void awaitShown(History history, String token) {
        assertThat(server.get(history.application(), "/1/users?limit=1", "Consistency-Token", token)
                        .status())
                .isEqualTo(200);
    }

    private static String id(List<History.Person> people, int i) {
        return people.get(i).id().toString();
    }

    private QueryServer.Answer get(String path, String... headers) {
        return server.get(history.application(), path, headers);
    }

    private static List<String> ids(JsonNode page) {
        List<String> ids = new ArrayList<>();
        page.get("data").forEach(user -> ids.add(user.get("id").asString()));
        return ids;
    }

    private static String mail(int i) {
        return "Mail" + i + "@Example.com";
    }

    private static String name(int i) {
        return "Name" + i;
    }
}
