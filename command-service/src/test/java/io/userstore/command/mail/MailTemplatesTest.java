package io.userstore.command.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.userstore.command.code.Code;
import io.userstore.web.InvalidConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MailTemplatesTest {
    @TempDir
    private Path folder;

    @Test
    void everyKindOfMailHasATemplateThatShowsItsLink() {
        MailTemplates templates = new MailTemplates(null);
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
        assertThat(templates.isForConfirmations("welcome")).isTrue();
        assertThat(templates.isForConfirmations("password-reset")).isFalse();
        assertThat(templates.isForConfirmations("../welcome")).isFalse();
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
        Files.writeString(folder.resolve(name), text);
    }
}
