package io.userstore.standalone.contract;

import static io.userstore.standalone.contract.Api.data;
import static io.userstore.standalone.contract.Api.each;
import static io.userstore.standalone.contract.Api.expect;
import static io.userstore.standalone.contract.Api.faulty;
import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.standalone.Client.Answer;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The line {@code GET /1/users} of the chapter "Users" of the REST contract. */
@ExtendWith(OneStore.class)
class UserListTest {
    private final Api api;

    UserListTest(Api api) {
        this.api = api;
    }

    private List<String> names(String query) {
        return each("username", api.get("/1/users?" + query));
    }

    private void create(String... names) {
        for (String name : names) {
            api.aUser("'username':'" + name + "'");
        }
    }

    @Test
    @DisplayName("limit (100; 1–1000)")
    void theLimitIs100ByDefaultAnd1To1000() throws Exception {
        createAtOnce(101);
        assertThat(names("")).hasSize(100);
        assertThat(names("limit=1")).hasSize(1);
        assertThat(names("limit=1000")).hasSize(101);
        faulty(api.get("/1/users?limit=0"), "limit:invalid");
        faulty(api.get("/1/users?limit=1001"), "limit:invalid");
        faulty(api.get("/1/users?limit=ten"), "limit:wrong_type");
    }

    @Test
    @DisplayName("after, before: numeric cursors, unique even for users made in the same millisecond")
    void cursorsAreNumbersUniqueEvenForUsersMadeInTheSameMillisecond() throws Exception {
        createAtOnce(40);
        List<String> all = names("limit=1000");
        String path = "/1/users?limit=1";
        for (String name : all) {
            Answer page = api.get(path);
            assertThat(each("username", page)).containsExactly(name);
            path = "/1/users?limit=1&after=" + page.json().at("/paging/after").asLong();
        }
        assertThat(all).hasSize(40).doesNotHaveDuplicates();
    }

    private void createAtOnce(int count) throws Exception {
        List<Callable<Answer>> users = IntStream.range(0, count)
                .<Callable<Answer>>mapToObj(i -> () -> api.aUser("'username':'u" + i + "'"))
                .toList();
        try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
            for (Future<Answer> user : clients.invokeAll(users)) {
                user.get();
            }
        }
    }

    @Test
    @DisplayName(
            "{\"paging\":{next,previous,after,before,total_count},\"data\":[…]}; links absent at the ends; total_count exact")
    void thePagingLeadsToBothEndsWhereLinksAreAbsent() {
        create("a", "b", "c", "d", "e");
        Answer first = expect(200, api.get("/1/users?limit=2"));
        Answer second = follow(first, "next");
        Answer last = follow(second, "next");
        assertThat(each("username", second)).containsExactly("c", "d");
        assertThat(each("username", last)).containsExactly("e");
        assertThat(each("username", follow(last, "previous"))).containsExactly("c", "d");
        assertThat(each("username", follow(second, "previous"))).containsExactly("a", "b");
        assertThat(paging(first).propertyNames()).containsExactlyInAnyOrder("next", "after", "total_count");
        assertThat(paging(second).propertyNames())
                .containsExactlyInAnyOrder("next", "previous", "after", "before", "total_count");
        assertThat(paging(last).propertyNames()).containsExactlyInAnyOrder("previous", "before", "total_count");
        for (Answer page : List.of(first, second, last)) {
            assertThat(paging(page).get("total_count").asInt()).isEqualTo(5);
        }
    }

    private static JsonNode paging(Answer page) {
        return page.json().get("paging");
    }

    private Answer follow(Answer page, String link) {
        String url = paging(page).get(link).asString();
        assertThat(url).startsWith("http").contains("limit=2");
        return expect(200, api.get(url.substring(url.indexOf("/1/"))));
    }

    @Test
    @DisplayName("filters group active email_verified")
    void theListIsFilteredByGroupActiveAndEmailVerified() {
        api.aUser("'username':'a','group':'cadets'");
        api.aUser("'username':'b','group':'cadets','is_active':false");
        Answer verified = expect(
                201,
                api.post(
                        "/1/users?verify_user=true",
                        "{'username':'c','email':'c@example.com','group':'Cadets','password':'abcd1234'}"));
        expect(200, api.post("/1/auth/verify", "{'code':'" + verified.text("verification_code") + "'}"));
        assertThat(names("group=cadets")).containsExactly("a", "b");
        assertThat(names("active=true")).containsExactly("a", "c");
        assertThat(names("active=false")).containsExactly("b");
        assertThat(names("email_verified=true")).containsExactly("c");
        assertThat(names("email_verified=false&group=cadets&active=true")).containsExactly("a");
        assertThat(paging(api.get("/1/users?group=cadets&limit=1"))
                        .get("total_count")
                        .asInt())
                .isEqualTo(2);
        faulty(api.get("/1/users?active=maybe"), "active:wrong_type");
    }

    @Test
    @DisplayName("filter q (prefix of e-mail, user name, first or last name)")
    void qIsAPrefixOfEmailUserNameFirstOrLastName() {
        api.aUser("'username':'a','email':'Joe@example.com'");
        api.aUser("'username':'JoeSmith'");
        api.aUser("'username':'c','first_name':'Joëlle'");
        api.aUser("'username':'d','last_name':'Joerg'");
        api.aUser("'username':'banjoe','first_name':'Bo Joe'");
        assertThat(names("q=joe")).containsExactly("a", "JoeSmith", "d");
        assertThat(names("q=JO%C3%8B")).containsExactly("c");
        assertThat(names("q=joe@")).containsExactly("a");
        assertThat(names("q=.*")).isEmpty();
    }

    @Test
    @DisplayName("filters created_after created_before")
    void theListIsFilteredByTheTimeOfCreation() throws InterruptedException {
        create("a");
        Thread.sleep(5);
        String between = api.aUser("'username':'b'").text("created_at");
        Thread.sleep(5);
        create("c");
        assertThat(names("created_before=" + between)).startsWith("a").doesNotContain("c");
        assertThat(names("created_after=" + between)).endsWith("c").doesNotContain("a");
        assertThat(names("created_after=2999-01-01")).isEmpty();
        assertThat(names("created_before=2999-01-01T00:00:00Z")).hasSize(3);
        faulty(api.get("/1/users?created_after=yesterday"), "created_after:wrong_type");
    }

    @Test
    @DisplayName("filter last_signin_before (dormant users)")
    void lastSigninBeforeFindsDormantUsers() throws InterruptedException {
        create("tiny", "never");
        api.signInTiny("abcd1234");
        Thread.sleep(5);
        String since = api.aUser("'username':'tina'").text("created_at");
        api.signIn("'username':'tina','password':'abcd1234'");
        assertThat(names("last_signin_before=" + since)).contains("tiny").doesNotContain("tina");
    }

    @Test
    @DisplayName("filter provider+client_id")
    void theListIsFilteredByProviderAndClientId() {
        create("tiny");
        String device = expect(
                        201, api.post("/1/users", "{'auth_provider':{'provider':'openudid','client_id':'Device-7'}}"))
                .text("id");
        assertThat(each("id", api.get("/1/users?provider=openudid&client_id=Device-7")))
                .containsExactly(device);
        assertThat(data(api.get("/1/users?provider=openudid&client_id=device-7")))
                .isEmpty();
        assertThat(data(api.get("/1/users?provider=google&client_id=Device-7"))).isEmpty();
        faulty(api.get("/1/users?provider=openudid"), "client_id:missing");
    }

    @ParameterizedTest
    @CsvSource({
        "created_at, b a C",
        "-created_at, C a b",
        "username, a b C",
        "email, C b a",
        "last_signin, C a b",
    })
    @DisplayName("sort=created_at|-created_at|username|email|last_signin")
    void theListIsSorted(String sort, String expected) throws InterruptedException {
        api.aUser("'username':'b','email':'Y@example.com'");
        api.aUser("'username':'a','email':'z@example.com'");
        api.aUser("'username':'C','email':'x@example.com'");
        for (String name : List.of("a", "b")) {
            api.signIn("'username':'" + name + "','password':'abcd1234'");
            Thread.sleep(5);
        }
        assertThat(String.join(" ", names("sort=" + sort))).isEqualTo(expected);
        faulty(api.get("/1/users?sort=password"), "sort:invalid");
    }
}
