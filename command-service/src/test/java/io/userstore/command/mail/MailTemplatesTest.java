package io.userstore.command.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.userstore.command.code.Code;
import io.userstore.web.InvalidConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MailTemplatesTest {
    @TempDir
    private Path folder;

    @Test
    void everyKindOfMailHasATemplateThatShowsItsLink() {
        MailTemplates templates = new TemplatesByApplication(null).of("shop");
        for (MailKind kind : MailKind.values()) {
            Map<String, String> values =
                    kind.link() == null ? Map.of() : Map.of(kind.link(), "https://example.com/here");
            MailTemplates.Rendered mail = templates.render(kind.template(), values);
            assertThat(mail.subject()).isNotBlank();
            assertThat(mail.text()).startsWith("Hello,").doesNotContain("{{");
            assertThat(mail.html()).contains("<html lang=\"en\">");
            if (kind.link() != null) {
                assertThat(mail.text()).contains("https://example.com/here");
            }
        }
    }

    @Test
    void aFileInTheFolderGoesBeforeTheOneBuiltInAndMoreCanBeChosen() throws IOException {
        write("confirmation.txt", "Subject: Hi {{nick}}\n\n{{nick}} & {{confirm_link}}");
        write("welcome.txt", "Subject: W\r\n\r\n{{{confirm_link}}}");
        write("welcome.html", "<b>{{nick}}</b> {{confirm_link}}");
        MailTemplates templates = new MailTemplates(folder);
        MailTemplates.Rendered mail =
                templates.render("confirmation", Map.of("nick", "<T>\r\nBcc: x", "confirm_link", "L"));
        assertThat(mail.subject()).isEqualTo("Hi <T> Bcc: x");
        assertThat(mail.text()).isEqualTo("<T>\r\nBcc: x & L");
        assertThat(templates.render("welcome", Map.of("nick", "<T>")).html()).startsWith("<b>&lt;T&gt;</b>");
        assertThat(templates.isFor(MailKind.CONFIRMATION, "welcome")).isTrue();
        assertThat(templates.isFor(MailKind.CONFIRMATION, "password-reset")).isFalse();
        assertThat(templates.isFor(MailKind.CONFIRMATION, "../welcome")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "welcome.txt         | Subject: x~~no link            | must show {{confirm_link}}",
                "confirmation.html   | <p>no link</p>                 | must show {{confirm_link}}",
                "password-reset.txt  | Subject: x~~{{confirm_link}}   | must show {{reset_link}}",
                "welcome.txt         | {{confirm_link}}               | must begin with a line",
                "welcome.html        | {{confirm_link}}               | needs welcome.txt beside it",
                "welcome.txt         | Subject: x~~{{#open}} {{confirm_link}} | is broken",
                "welcome.txt         | Subject: x~~{{>none}} {{confirm_link}} | does not exist",
            })
    void aTemplateThatCannotServeEndsTheStartAndIsNamed(String file, String text, String why) throws IOException {
        write(file, text.replace("~", "\n"));
        assertThatThrownBy(() -> new MailTemplates(folder))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining(MailTemplates.PROPERTY)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining(why);
    }

    @Test
    void aCustomTemplateIsForTheMailWhoseLinkItShows() throws IOException {
        write("again.txt", "Subject: x\n\n{{reset_link}}");
        MailTemplates templates = new MailTemplates(folder);
        assertThat(templates.isFor(MailKind.PASSWORD_RESET, "again")).isTrue();
        assertThat(templates.isFor(MailKind.CONFIRMATION, "again")).isFalse();
        assertThat(templates.isFor(MailKind.PASSWORD_RESET, "password-reset")).isTrue();
    }

    @Test
    void theTemplatesInTheFolderOfAnApplicationGoBeforeThoseOfAll() throws IOException {
        write("welcome.txt", "Subject: all\n\n{{confirm_link}}");
        write("shop/welcome.txt", "Subject: shop\n\n{{confirm_link}}");
        TemplatesByApplication templates = new TemplatesByApplication(folder);
        assertThat(templates.of("shop").render("welcome", Map.of()).subject()).isEqualTo("shop");
        assertThat(templates.of("forum").render("welcome", Map.of()).subject()).isEqualTo("all");
        assertThat(templates.of("shop").render("confirmation", Map.of()).subject())
                .as("what it does not have is that of all")
                .isEqualTo(
                        templates.of("forum").render("confirmation", Map.of()).subject());
    }

    @Test
    void aBrokenFolderOfAnApplicationEndsTheStart() throws IOException {
        write("shop/welcome.txt", "Subject: x\n\nno link");
        assertThatThrownBy(() -> new TemplatesByApplication(folder))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("must show {{confirm_link}}")
                .hasMessageContaining(folder.resolve("shop").toString());
    }

    @Test
    void aFolderMadeLaterIsReadAtItsFirstUseAndUsedOnceItIsMended() throws IOException {
        TemplatesByApplication templates = new TemplatesByApplication(folder);
        assertThat(templates.of("late").isFor(MailKind.CONFIRMATION, "welcome")).isFalse();
        write("late/welcome.txt", "Subject: x\n\nno link");
        assertThatThrownBy(() -> templates.of("late")).hasMessageContaining("must show {{confirm_link}}");
        write("late/welcome.txt", "Subject: x\n\n{{confirm_link}}");
        assertThat(templates.of("late").isFor(MailKind.CONFIRMATION, "welcome")).isTrue();
    }

    @Test
    void aFolderThatIsNotThereEndsTheStart() {
        assertThatThrownBy(() -> new MailTemplates(folder.resolve("none")))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("none");
    }

    @ParameterizedTest
    @CsvSource({
        "http://a/v,http://a/v?code=c",
        "http://a/v?x=1,http://a/v?x=1&code=c",
        "http://a/v?,http://a/v?code=c",
        "http://a/v#top,http://a/v?code=c#top"
    })
    void aCodeIsAddedToALinkAsOneMoreParameter(String link, String expected) {
        assertThat(MailDelivery.withCode(link, Code.of("c"))).isEqualTo(expected);
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
    }
}
