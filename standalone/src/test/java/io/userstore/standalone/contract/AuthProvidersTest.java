package io.userstore.standalone.contract;

import static io.userstore.standalone.contract.Api.each;
import static io.userstore.standalone.contract.Api.expect;
import static io.userstore.standalone.contract.Api.faulty;
import static io.userstore.standalone.contract.Api.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.standalone.Client.Answer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The line {@code /1/users/{id}/auth-providers} of the chapter "Users" of the REST contract. */
@ExtendWith(OneStore.class)
class AuthProvidersTest {
    private static final long IN_2030 = 1_893_456_000;
    private static final long IN_2020 = 1_577_836_800;

    private final Api api;
    private final String links;

    AuthProvidersTest(Api api) {
        this.api = api;
        this.links = "/1/users/" + api.tiny() + "/auth-providers";
    }

    private Answer link(String provider, String fields) {
        return expect(201, api.post(links + "/" + provider, "{" + fields + "}"));
    }

    @Test
    @DisplayName("GET·POST·PATCH·DELETE /1/users/{id}/auth-providers[/{provider}]: linked OAuth identities")
    void identitiesAreLinkedReadChangedAndUnlinked() {
        Answer linked = expect(201, api.post(links, "{'provider':'google','client_id':'c1'}"));
        assertThat(linked.header("Location")).endsWith(links + "/google");
        link("facebook", "'client_id':'c2'");
        assertThat(each("provider", api.get(links))).containsExactlyInAnyOrder("google", "facebook");
        assertThat(api.get(links + "/google").text("client_id")).isEqualTo("c1");
        assertThat(expect(200, api.patch(links + "/google", "{'client_id':'c3'}"))
                        .text("client_id"))
                .isEqualTo("c3");
        assertThat(expect(200, api.delete(links + "/google")).text("client_id")).isEqualTo("c3");
        assertThat(each("client_id", api.get(links))).containsExactly("c2");
    }

    @Test
    @DisplayName("client_id access_token access_token_expiry (unix s) plus computed access_token_expired, provider")
    void anIdentityHasClientIdTokenExpiryAndWhetherThatIsPast() {
        Answer linked = link("google", "'client_id':'c1','access_token':'t0ken','access_token_expiry':" + IN_2030);
        String[] fields = {"provider", "client_id", "access_token", "access_token_expiry", "access_token_expired"};
        assertThat(linked.json().propertyNames()).containsExactlyInAnyOrder(fields);
        assertThat(api.get(links + "/google").json())
                .isEqualTo(Api.json("{'provider':'google','client_id':'c1','access_token':'t0ken',"
                        + "'access_token_expiry':" + IN_2030 + ",'access_token_expired':false}"));
        api.patch(links + "/google", "{'access_token_expiry':" + IN_2020 + "}");
        assertThat(api.get(links + "/google").json().get("access_token_expired").asBoolean())
                .isTrue();
    }

    @Test
    @DisplayName("One client_id per provider per application")
    void aClientIdIsOfOneUserPerProviderAndApplication() {
        link("google", "'client_id':'c1'");
        String other = "/1/users/" + api.aUser("'username':'tina'").text("id") + "/auth-providers";
        refused(api.post(other, "{'provider':'google','client_id':'c1'}"), 409, "provider_already_linked", 620);
        expect(201, api.post(other, "{'provider':'facebook','client_id':'c1'}"));
        Api elsewhere = api.ofAnotherApplication();
        String there = "/1/users/" + elsewhere.tiny() + "/auth-providers";
        expect(201, elsewhere.post(there, "{'provider':'google','client_id':'c1'}"));
    }

    @Test
    @DisplayName("620 already linked, 624 not linked")
    void alreadyLinkedIs620AndNotLinkedIs624() {
        refused(api.get(links + "/google"), 404, "provider_not_linked", 624);
        refused(api.patch(links + "/google", "{'client_id':'c'}"), 404, "provider_not_linked", 624);
        refused(api.delete(links + "/google"), 404, "provider_not_linked", 624);
        link("google", "'client_id':'c1'");
        refused(api.post(links + "/google", "{'client_id':'c2'}"), 409, "provider_already_linked", 620);
        assertThat(api.get(links + "/google").text("client_id")).isEqualTo("c1");
    }

    @Test
    @DisplayName("Deleting all: on the collection")
    void allAreUnlinkedByDeletingTheCollection() {
        link("google", "'client_id':'c1'");
        link("facebook", "'client_id':'c2'");
        assertThat(each("client_id", api.delete(links))).containsExactlyInAnyOrder("c1", "c2");
        assertThat(each("client_id", api.get(links))).isEmpty();
        refused(api.signIn("'provider':'google','client_id':'c1'"), 401, "invalid_credentials", 603);
    }

    @ParameterizedTest
    @ValueSource(strings = {"facebook", "google", "openudid", "a", "my-own_provider-0123456789abcdef"})
    @DisplayName("Providers: facebook google openudid and any [a-z0-9_-]{1,32}")
    void aProviderIsOneOfOursOrAnyOfTheseNames(String provider) {
        assertThat(link(provider, "'client_id':'c'").text("provider")).isEqualTo(provider);
        for (String wrong : new String[] {"Google", "my provider", "my.provider", "p".repeat(33)}) {
            faulty(api.post(links, "{'provider':'" + wrong + "','client_id':'c'}"), "provider:invalid");
        }
    }
}
