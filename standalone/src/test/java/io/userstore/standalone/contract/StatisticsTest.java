package io.userstore.standalone.contract;

import static io.userstore.standalone.contract.Api.data;
import static io.userstore.standalone.contract.Api.expect;
import static io.userstore.standalone.contract.Api.faulty;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.userstore.standalone.Client.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * The chapter "Statistics" of the REST contract, line by line. That counts are exact under redelivery, replay and rebuild is shown
 * where these can be had: by the tests of the projections, and after kills by {@code KillTest}.
 */
@ExtendWith(OneStore.class)
class StatisticsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Api api;

    StatisticsTest(Api api) {
        this.api = api;
    }

    private JsonNode statistics(String options) {
        return expect(200, api.get("/1/stats" + options)).json();
    }

    private static List<JsonNode> series(JsonNode statistics) {
        return StreamSupport.stream(statistics.get("series").spliterator(), false)
                .toList();
    }

    /** Over all intervals: midnight may come in the middle of a test. */
    private int sum(String options, String field) {
        return series(statistics(options)).stream()
                .mapToInt(point -> point.get(field).asInt())
                .sum();
    }

    @Test
    @DisplayName("totals (users active verified pending)")
    void totalsCountUsersActiveVerifiedAndPending() {
        api.assumeMails();
        api.aUser("'username':'a'");
        api.aUser("'username':'b','is_active':false");
        api.aUser("'email':'c@example.com','confirmation':{}");
        Answer verified = api.post("/1/users?verify_user=true", "{'email':'d@example.com','password':'abcd1234'}");
        api.post("/1/auth/verify", "{'code':'" + verified.text("verification_code") + "'}");
        String gone = api.aUser("'username':'e'").text("id");
        api.delete("/1/users/" + gone);
        assertThat(statistics("").get("totals")).isEqualTo(Api.json("{'users':4,'active':2,'verified':1,'pending':1}"));
    }

    @Test
    @DisplayName("a series of joins logins failed_logins deletions unique_logins per interval")
    void theSeriesCountsJoinsLoginsFailedLoginsDeletionsAndUniqueLogins() {
        api.tiny();
        String gone = api.aUser("'username':'gone'").text("id");
        api.aUser("'username':'tina'");
        api.signInTiny("abcd1234");
        api.signInTiny("abcd1234");
        api.signIn("'username':'tina','password':'abcd1234'");
        api.signInTiny("wrong");
        api.delete("/1/users/" + gone);
        await().atMost(PATIENCE).until(() -> sum("", "failed_logins") == 1);
        assertThat(sum("", "joins")).isEqualTo(3);
        assertThat(sum("", "logins")).isEqualTo(3);
        assertThat(sum("", "deletions")).isEqualTo(1);
        assertThat(sum("?interval=month", "unique_logins")).isEqualTo(2);
        assertThat(series(statistics("")).getLast().propertyNames())
                .containsExactlyInAnyOrder("time", "joins", "logins", "failed_logins", "deletions", "unique_logins");
    }

    @ParameterizedTest
    @CsvSource({
        "hour,  2026-03-01T10:00:00Z, 2026-03-01T13:00:00Z, 3, 2026-03-01T11:00:00.000Z",
        "day,   2026-03-01,           2026-03-04,           3, 2026-03-02T00:00:00.000Z",
        "week,  2026-03-02,           2026-03-16,           2, 2026-03-09T00:00:00.000Z",
        "month, 2026-01-01,           2026-05-01,           4, 2026-02-01T00:00:00.000Z"
    })
    @DisplayName("GET /1/stats?from&to&interval=hour|day|week|month")
    void theSeriesHasAPointPerIntervalFromFromToTo(String interval, String from, String to, int points, String second) {
        JsonNode statistics = statistics("?from=" + from + "&to=" + to + "&interval=" + interval);
        assertThat(statistics.get("interval").asString()).isEqualTo(interval);
        assertThat(series(statistics)).hasSize(points);
        assertThat(series(statistics).getFirst().get("time")).isEqualTo(statistics.get("from"));
        assertThat(series(statistics).get(1).get("time").asString()).isEqualTo(second);
        faulty(api.get("/1/stats?interval=century"), "interval:invalid");
    }

    @Test
    @DisplayName("… an event counts in the interval of its time")
    void anEventCountsInTheIntervalOfItsTime() {
        Instant created = Instant.parse(api.aUser("'username':'tiny'").text("created_at"));
        OffsetDateTime day = created.atOffset(ZoneOffset.UTC);
        String options = "?interval=day&from=" + day.toLocalDate().minusDays(2) + "&to="
                + day.toLocalDate().plusDays(1);
        assertThat(series(statistics(options)).stream()
                        .map(point -> point.get("joins").asInt()))
                .containsExactly(0, 0, 1);
    }

    @Test
    @DisplayName("group=")
    void statisticsOfAGroupCountItsUsersOnly() {
        api.aUser("'username':'a','group':'cadets'");
        api.aUser("'username':'b','group':'cadets','is_active':false");
        api.aUser("'username':'c','group':'officers'");
        api.aUser("'username':'d'");
        api.signIn("'username':'a','password':'abcd1234'");
        api.signIn("'username':'c','password':'abcd1234'");
        assertThat(statistics("?group=cadets").get("totals"))
                .isEqualTo(Api.json("{'users':2,'active':1,'verified':0,'pending':0}"));
        assertThat(sum("?group=cadets", "joins")).isEqualTo(2);
        assertThat(sum("?group=cadets", "logins")).isOne();
        assertThat(statistics("?group=nobody").at("/totals/users").asInt()).isZero();
    }

    @Test
    @DisplayName("GET /1/stats/groups")
    void theGroupsHaveTheirTotals() {
        String moving = api.aUser("'username':'a','group':'cadets'").text("id");
        api.aUser("'username':'b','group':'officers'");
        api.aUser("'username':'c'");
        api.patch("/1/users/" + moving, "{'group':'officers'}");
        assertThat(data(api.get("/1/stats/groups")))
                .containsExactly(
                        Api.json("{'group':'officers','users':2,'active':2,'verified':0,'pending':0}"),
                        Api.json("{'group':null,'users':1,'active':1,'verified':0,'pending':0}"));
        Answer first = api.get("/1/stats/groups?limit=1");
        String next = first.json().at("/paging/next").asString();
        assertThat(data(api.get(next.substring(next.indexOf("/1/"))))).hasSize(1);
    }
}
