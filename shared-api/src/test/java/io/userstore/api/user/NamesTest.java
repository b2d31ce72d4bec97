package io.userstore.api.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "john@example.com",
                "  john@example.com ",
                "o'hara+tag@mail.example.co.uk",
                "admin@localhost",
                "jörg@bücher.example",
                "用户@例子.广告",
                "x@1.example"
            })
    void whatPeopleHaveIsAnEmailAddress(String text) {
        assertThat(EmailAddress.parse(text)).map(EmailAddress::value).hasValue(text.strip());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "john",
                "@example.com",
                "john@",
                "a@b@c",
                "a b@example.com",
                "a@exa mple.com",
                ".a@example.com",
                "a.@example.com",
                "a..b@example.com",
                "a@-example.com",
                "a@example.com.",
                "a\n@example.com",
                "a@example.com\r\nBcc: b@example.com",
                "a\u0000@example.com",
                "<a@example.com>",
                "\"a\"@example.com",
                "a\ud800@example.com"
            })
    void whatCannotBeOneIsNone(String text) {
        assertThat(EmailAddress.parse(text)).isEmpty();
    }

    @Test
    void anAddressMayHave254CharactersAnd64BeforeTheAt() {
        assertThat(EmailAddress.parse("a".repeat(64) + "@" + "b".repeat(189))).isPresent();
        assertThat(EmailAddress.parse("a".repeat(64) + "@" + "b".repeat(190))).isEmpty();
        assertThat(EmailAddress.parse("a".repeat(65) + "@example.com")).isEmpty();
    }

    @Test
    void addressesAreComparedTrimmedCaseInsensitivelyAndInNfkc() {
        assertThat(Text.key(" JOHN@Example.COM ")).isEqualTo("john@example.com");
        assertThat(Text.key("ＪＯＨＮ@example.com")).isEqualTo("john@example.com");
        assertThat(Text.key("I")).isEqualTo("i");
        assertThat(Text.key("\u03A3\u03A4\u0391\u03A3\u0399\u03A3")).startsWith(Text.key("\u03A3\u03A4\u0391\u03A3"));
        assertThat(Text.key("Jo\u0308rg")).isEqualTo(Text.key("J\u00d6RG"));
    }

    /** NFKC makes plain spaces of these, so that whoever sees the names could not tell them apart. */
    @ParameterizedTest
    @ValueSource(strings = {" ", "\u00A0", "\u2007", "\u202F", "\u3000", "\t", " \u00A0 "})
    void aNameWithAnySpaceBeforeOrBehindItIsThatName(String space) {
        assertThat(Text.key(space + "Bob" + space)).isEqualTo("bob");
        assertThat(Username.parse(space + "Bob" + space)).hasValue(new Username("Bob"));
        assertThat(EmailAddress.parse(space + "bob@example.com" + space)).hasValue(new EmailAddress("bob@example.com"));
        assertThat(Username.parse(space)).isEmpty();
        assertThat(new Username(space + "Bob").key()).isEqualTo("bob");
        assertThat(Text.trimmed("a" + space + "b")).isEqualTo("a" + space + "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny", "John Smith", "o/hara", "名前", "0", "😀"})
    void almostAnythingIsAUsername(String text) {
        assertThat(Username.parse(text)).map(Username::value).hasValue(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "a@b",
                "a＠b",
                "0198c0de-0000-7000-8000-000000000001",
                "0198C0DE-0000-7000-8000-000000000001",
                "a\tb",
                "a\u0000b",
                "\ud800"
            })
    void whatLooksLikeAnAddressOrAnIdIsNoUsername(String text) {
        assertThat(Username.parse(text)).isEmpty();
    }

    @Test
    void aUsernameMayHave256Characters() {
        assertThat(Username.parse("a".repeat(256))).isPresent();
        assertThat(Username.parse("a".repeat(257))).isEmpty();
    }

    @Test
    void idsAreUuidsOfVersion7AndGrow() {
        UUID first = UserIds.next();
        UUID second = UserIds.next();
        assertThat(first.version()).isEqualTo(7);
        assertThat(second.toString()).isGreaterThan(first.toString());
        assertThat(UserIds.parse(first.toString())).isEqualTo(Optional.of(first));
        assertThat(UserIds.parse("1-1-1-1-1")).isEmpty();
        assertThat(UserIds.parse("lFVofRqhZ")).isEmpty();
    }
}
