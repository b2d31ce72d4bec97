package io.userstore.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.userstore.api.error.ApiException;
import io.userstore.command.mail.OutgoingMail;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class MailboxTest {
    private final Mailbox mailbox = new Mailbox();
    private final MailboxController controller = new MailboxController(mailbox);

    @Test
    void theLastThousandMailsAreKeptNewestFirst() {
        for (int i = 0; i < Mailbox.CAPACITY + 5; i++) {
            mailbox.send(mail("mail " + i));
        }
        assertThat(mailbox.mails()).hasSize(Mailbox.CAPACITY);
        assertThat(mailbox.mails().getFirst().mail().subject()).isEqualTo("mail 1004");
        assertThat(mailbox.mails().getLast().mail().subject()).isEqualTo("mail 5");
    }

    @Test
    void aMailIsShownAsTextWhateverIsInIt() throws Exception {
        mailbox.send(mail("<script>alert(1)</script>"));
        MockHttpServletRequest request = fromThisMachine();
        request.addHeader("Accept", "text/html,*/*");
        MockHttpServletResponse response = new MockHttpServletResponse();
        controller.mailbox(request, response);
        assertThat(response.getContentAsString())
                .doesNotContain("<script")
                .contains("&lt;script")
                .contains("<a href=\"http://127.0.0.1:8080/confirm?code=abc\"");
        assertThat(response.getHeader("Content-Security-Policy")).startsWith("default-src 'none'");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 127.0.0.1:8080, X-None",
        "127.0.0.1, attacker.example:8080, X-None",
        "127.0.0.1, localhost.attacker.example, X-None",
        "127.0.0.1, 127.0.0.1:8080, X-Forwarded-For",
        "127.0.0.1, 127.0.0.1:8080, Forwarded",
        "127.0.0.1, 127.0.0.1:8080, Via"
    })
    void whoIsNotOnThisMachineFindsNothing(String address, String host, String header) {
        MockHttpServletRequest request = fromThisMachine();
        request.setRemoteAddr(address);
        request.removeHeader("Host");
        request.addHeader("Host", host);
        request.addHeader(header, "192.0.2.7");
        assertThatThrownBy(() -> controller.mailbox(request, new MockHttpServletResponse()))
                .isInstanceOf(ApiException.class)
                .hasMessage("No such resource");
    }

    private static MockHttpServletRequest fromThisMachine() {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/dev/mailbox");
        request.setRemoteAddr("127.0.0.1");
        request.addHeader("Host", "127.0.0.1:8080");
        return request;
    }

    private static OutgoingMail mail(String subject) {
        return new OutgoingMail(
                UUID.randomUUID(),
                "no-reply@localhost",
                "john@example.com",
                subject,
                "Open http://127.0.0.1:8080/confirm?code=abc now",
                null);
    }
}
