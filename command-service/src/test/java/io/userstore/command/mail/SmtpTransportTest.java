package io.userstore.command.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import io.userstore.command.MailServers;
import io.userstore.command.mail.MailTransport.Outcome;
import io.userstore.embedded.Ports;
import jakarta.mail.internet.MimeMessage;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mail.javamail.JavaMailSenderImpl;

class SmtpTransportTest {
    private static final OutgoingMail MAIL = new OutgoingMail(
            UUID.fromString("0198c0de-0000-4000-8000-000000000001"),
            "from@example.com",
            "john@example.com",
            "Grüße ✓",
            "text ✓",
            "<p>html ✓</p>");

    @Test
    void aMailArrivesAsItWasWrittenAndIsTheSameEachTime() throws Exception {
        GreenMail server = MailServers.smtp(Ports.free());
        server.start();
        try {
            SmtpTransport transport = transport(server.getSmtp().getPort());
            assertThat(transport.send(MAIL)).isEqualTo(Outcome.TAKEN);
            assertThat(transport.send(MAIL)).isEqualTo(Outcome.TAKEN);
            MimeMessage[] received = server.getReceivedMessages();
            assertThat(received).hasSize(2);
            assertThat(received[0].getMessageID())
                    .isEqualTo("<" + MAIL.id() + "@userstore>")
                    .isEqualTo(received[1].getMessageID());
            assertThat(received[0].getSubject()).isEqualTo("Grüße ✓");
            assertThat(received[0].getFrom()[0]).hasToString("from@example.com");
            assertThat(received[0].getContentType()).startsWith("multipart/");
        } finally {
            server.stop();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RCPT, 550 no such mailbox,  REJECTED",
        "MAIL, 553 not from you,     REJECTED",
        "DATA, 554 no spam please,   REJECTED",
        "RCPT, 450 greylisted,       DEFERRED",
        "MAIL, 421 too busy,         AWAY",
        "DATA, 452 disk full,        DEFERRED"
    })
    void whatAServerRefusesForGoodIsRejectedAndTheRestMayPass(String command, String reply, Outcome expected)
            throws Exception {
        try (ScriptedSmtpServer server = new ScriptedSmtpServer(command, reply)) {
            assertThat(transport(server.port()).send(MAIL)).isEqualTo(expected);
        }
    }

    @Test
    void aServerThatIsAwayMayComeBack() {
        assertThat(transport(Ports.free()).send(MAIL)).isEqualTo(Outcome.AWAY);
    }

    @Test
    void aServerThatSaysNothingIsGivenUpInTime() throws Exception {
        try (ScriptedSmtpServer server = new ScriptedSmtpServer("DATA", "")) {
            JavaMailSenderImpl sender = sender(server.port());
            sender.getJavaMailProperties().setProperty("mail.smtp.timeout", "200");
            assertThat(new SmtpTransport(sender).send(MAIL)).isEqualTo(Outcome.AWAY);
        }
    }

    private static SmtpTransport transport(int port) {
        return new SmtpTransport(sender(port));
    }

    private static JavaMailSenderImpl sender(int port) {
        JavaMailSenderImpl sender = new JavaMailSenderImpl();
        sender.setHost("127.0.0.1");
        sender.setPort(port);
        return sender;
    }
}
