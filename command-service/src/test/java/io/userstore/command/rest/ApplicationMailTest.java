package io.userstore.command.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import io.userstore.command.MailServers;
import io.userstore.command.RunningCommandService;
import io.userstore.command.mail.ScriptedSmtpServer;
import io.userstore.embedded.Ports;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** Applications with mail servers and senders of their own, beside the service's. */
@TestPropertySource(
        properties = {
            "spring.mail.host=127.0.0.1",
            "userstore.mail.from=accounts@example.com",
            "userstore.mail.retry-after=50ms"
        })
@ExtendWith(OutputCaptureExtension.class)
@DirtiesContext
class ApplicationMailTest extends RunningCommandService {
    private static final GreenMail SERVICES = server();
    private static final GreenMail OWN = server();
    private static final String PASSWORD = "marked-smtp-secret";

    private final String shop = "shop-" + aName();
    private final String address = aName() + "@example.com";

    private String key = "";

    @Autowired
    private JdbcClient jdbc;

    private static GreenMail server() {
        return MailServers.smtp(Ports.free());
    }

    @DynamicPropertySource
    static void mail(DynamicPropertyRegistry registry) {
        registry.add(
                "spring.mail.port", () -> SERVICES.getSmtp().getServerSetup().getPort());
    }

    @BeforeAll
    static void startMailServers() {
        SERVICES.start();
        OWN.start();
        OWN.setUser("shop@example.com", "shop", PASSWORD);
    }

    @AfterAll
    static void stopMailServers() {
        SERVICES.stop();
        OWN.stop();
    }

    @BeforeEach
    void makeAnApplication() {
        assertThat(json("POST", "/1/applications", "{\"name\":\"" + shop + "\"}")
                        .status())
                .isEqualTo(201);
        key = json(
                        "POST",
                        "/1/applications/" + shop + "/keys",
                        "{\"permissions\":[\"users:read\",\"users:write\",\"auth\",\"admin\"]}")
                .text("key");
    }

    @Test
    void itsMailsGoThroughItsOwnServerFromItsOwnAddressAndNoOthers(CapturedOutput output) throws Exception {
        Answer changed = change("{\"from_email\":\"hello@shop.example\",\"smtp\":" + own(PASSWORD) + "}");
        assertThat(changed.status()).as(changed.response().body()).isEqualTo(200);
        assertThat(changed.json().get("mail").toString())
                .isEqualTo("{\"from_email\":\"hello@shop.example\",\"smtp\":{\"host\":\"127.0.0.1\",\"port\":"
                        + port(OWN) + ",\"security\":\"none\",\"username\":\"shop\"}}");
        aUserToConfirm(key, address);
        MimeMessage mail = mailTo(OWN, address);
        assertThat(mail.getFrom()[0]).hasToString("hello@shop.example");

        String other = aName() + "@example.com";
        aUserToConfirm(KEY, other);
        assertThat(mailTo(SERVICES, other).getFrom()[0]).hasToString("accounts@example.com");
        assertThat(mailsTo(SERVICES, address)).isEmpty();
        assertThat(output.getAll()).doesNotContain(PASSWORD);
        assertThat(String.join(
                        "",
                        jdbc.sql("SELECT payload FROM domain_event WHERE aggregate_id = ?")
                                .param("application/" + shop)
                                .query(String.class)
                                .list()))
                .contains("sealed_password")
                .doesNotContain(PASSWORD);
    }

    @Test
    void whatItDoesNotSayIsTheServicesAndAChangeHoldsAtOnce() throws Exception {
        change("{\"from_email\":\"hello@shop.example\"}");
        aUserToConfirm(key, address);
        assertThat(mailTo(SERVICES, address).getFrom()[0]).hasToString("hello@shop.example");

        change("{\"from_email\":null,\"smtp\":" + own(PASSWORD) + "}");
        String second = aName() + "@example.com";
        aUserToConfirm(key, second);
        assertThat(mailTo(OWN, second).getFrom()[0]).hasToString("accounts@example.com");

        assertThat(json("PATCH", "/1/applications/" + shop, "{\"mail\":null}")
                        .json()
                        .has("mail"))
                .isFalse();
        String third = aName() + "@example.com";
        aUserToConfirm(key, third);
        mailTo(SERVICES, third);
    }

    @Test
    void serversThatSayNothingHoldUpNobodyElsesMails() throws Exception {
        try (ScriptedSmtpServer silent = new ScriptedSmtpServer("EHLO", "")) {
            change("{\"smtp\":{\"host\":\"127.0.0.1\",\"security\":\"none\",\"port\":" + silent.port() + "}}");
            for (int i = 0; i < 20; i++) {
                aUserToConfirm(key, aName() + "@example.com");
            }
            aUserToConfirm(KEY, address);
            // A server that says nothing is given up after ten.
            await().atMost(Duration.ofSeconds(9))
                    .untilAsserted(() -> assertThat(mailsTo(SERVICES, address)).hasSize(1));
        }
    }

    @Test
    void aMailWaitsUntilTheServersSettingsAreMended() {
        change("{\"smtp\":{\"host\":\"127.0.0.1\",\"security\":\"none\",\"port\":" + Ports.free() + "}}");
        aUserToConfirm(key, address);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(jdbc.sql("SELECT max(attempts) FROM mail WHERE application = ?")
                                .param(shop)
                                .query(Integer.class)
                                .single())
                        .isGreaterThanOrEqualTo(2));
        change("{\"smtp\":" + own(PASSWORD) + "}");
        mailTo(OWN, address);
    }

    @Test
    void aPasswordNeverGoesToAnotherServer() {
        change("{\"smtp\":" + own(PASSWORD) + "}");
        assertThat(change("{\"smtp\":{\"host\":\"127.0.0.1\",\"security\":\"none\",\"port\":" + port(OWN)
                                + ",\"username\":\"shop\"}}")
                        .status())
                .as("sent back as it was answered")
                .isEqualTo(200);
        Answer refused = change("{\"smtp\":{\"host\":\"smtp.attacker.example\",\"username\":\"shop\"}}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("detail")).startsWith("mail.smtp.password: is required");
    }

    @Test
    void whatIsNoServerOrCouldForgeAHeaderIsAFault() {
        for (String mail : List.of(
                "{\"from_email\":\"a@example.com\\r\\nBcc: b@example.com\"}",
                "{\"from_email\":\"a@example.com, b@example.com\"}",
                "{\"from_email\":\"nobody\"}",
                "{\"smtp\":{}}",
                "{\"smtp\":{\"host\":\"a b\"}}",
                "{\"smtp\":{\"host\":\"a\",\"port\":0}}",
                "{\"smtp\":{\"host\":\"a\",\"security\":\"ssl\"}}",
                "{\"smtp\":{\"host\":\"a\",\"password\":\"p\"}}",
                "{\"smtp\":{\"host\":\"a\",\"username\":\"u\"}}",
                "{\"smtp\":{\"host\":\"a\",\"unknown\":1}}",
                "{\"unknown\":1}",
                "true")) {
            Answer refused = change(mail);
            assertThat(refused.status()).as(mail).isEqualTo(400);
            assertThat(refused.text("detail")).as(mail).startsWith("mail");
        }
    }

    @Test
    void aFormSaysTheSameAsJson() {
        Answer made = form(
                "/1/applications",
                "name=form-" + shop + "&mail[from_email]=f%40shop.example&mail[smtp][host]=smtp.shop.example");
        assertThat(made.json().at("/mail/from_email").asString()).isEqualTo("f@shop.example");
        assertThat(made.json().at("/mail/smtp/port").asInt()).isEqualTo(587);
        assertThat(made.json().at("/mail/smtp/security").asString()).isEqualTo("starttls");
    }

    private Answer change(String mail) {
        return json("PATCH", "/1/applications/" + shop, "{\"mail\":" + mail + "}", "Authorization", basic(key));
    }

    private static String own(String password) {
        return "{\"host\":\"127.0.0.1\",\"port\":" + port(OWN)
                + ",\"security\":\"none\",\"username\":\"shop\",\"password\":\"" + password + "\"}";
    }

    private static int port(GreenMail server) {
        return server.getSmtp().getServerSetup().getPort();
    }

    private void aUserToConfirm(String apiKey, String email) {
        Answer created = json(
                "POST",
                "/1/users",
                "{\"email\":\"" + email + "\",\"password\":\"abcd1234\",\"confirmation\":{}}",
                "Authorization",
                basic(apiKey));
        assertThat(created.status()).as(created.response().body()).isEqualTo(201);
    }

    private static MimeMessage mailTo(GreenMail server, String address) {
        return await().atMost(Duration.ofSeconds(20))
                .until(() -> mailsTo(server, address), mails -> !mails.isEmpty())
                .getFirst();
    }

    private static List<MimeMessage> mailsTo(GreenMail server, String address) {
        return Arrays.stream(server.getReceivedMessages())
                .filter(mail -> isTo(mail, address))
                .toList();
    }

    private static boolean isTo(MimeMessage mail, String address) {
        try {
            return mail.getAllRecipients()[0].toString().equals(address);
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }
}
