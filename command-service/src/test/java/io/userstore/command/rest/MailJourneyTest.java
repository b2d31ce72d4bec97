package io.userstore.command.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import io.userstore.command.MailServers;
import io.userstore.command.RunningCommandService;
import io.userstore.command.code.Code;
import io.userstore.command.mail.ScriptedSmtpServer;
import io.userstore.embedded.Ports;
import io.userstore.embedded.TestServers;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** From the request to the mail, and from the link in it to the end. Nobody else may take mails from the outbox. */
@TestPropertySource(
        properties = {
            "spring.mail.host=127.0.0.1",
            "userstore.mail.from=accounts@example.com",
            "userstore.mail.public-url=https://id.example.com/",
            "userstore.mail.retry-after=50ms"
        })
@ExtendWith(OutputCaptureExtension.class)
@DirtiesContext
class MailJourneyTest extends RunningCommandService {
    private static final int PORT = Ports.free();
    private static final GreenMail MAILS = MailServers.smtp(PORT);
    private static final Pattern LINK = Pattern.compile("(https?://\\S+?)[?&]code=([A-Za-z0-9_-]{43})");

    private final String address = aName() + "@example.com";

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private JavaMailSenderImpl smtp;

    @DynamicPropertySource
    static void mail(DynamicPropertyRegistry registry) throws URISyntaxException {
        registry.add("spring.mail.port", () -> PORT);
        Path templates = Path.of(Objects.requireNonNull(MailJourneyTest.class.getResource("/templates-of-a-test"))
                .toURI());
        registry.add("userstore.mail.templates", templates::toString);
    }

    @BeforeAll
    static void startMailServer() {
        MAILS.start();
    }

    @AfterAll
    static void stopMailServer() {
        MAILS.stop();
    }

    @BeforeEach
    void useTheMailServer() {
        smtp.setPort(PORT);
    }

    /** The address in a mail, and the code in it. */
    private record Link(String page, String code) {}

    @Test
    void aRegistrationIsConfirmedByTheMail() {
        Answer created = aUserToConfirm("""
                {"from_email":"crew@example.com","subject":"Welcome aboard","email_tpl":"welcome",
                 "tpl_keys":{"ship":"<Beagle>","year":1831}}""");
        assertThat(created.text("confirmation")).isEqualTo("pending");
        assertThat(created.json().get("is_active").asBoolean()).isFalse();
        assertThat(created.json().get("validated").asBoolean()).isFalse();
        assertThat(created.response().body()).doesNotContain("verification_code");

        MimeMessage mail = mailTo(address, 1);
        assertThat(subject(mail)).isEqualTo("Welcome aboard");
        assertThat(from(mail)).isEqualTo("crew@example.com");
        assertThat(text(mail, "text/plain")).contains("Sail on the <Beagle> of 1831");
        assertThat(text(mail, "text/html")).contains("<b>&lt;Beagle&gt;</b>");
        Link link = link(mail);
        assertThat(link.page()).isEqualTo("https://id.example.com/confirm");
        String id = created.text("id");
        awaitStored(id, "user.created user.verification-requested user.confirmation-mail-sent");

        assertThat(get("/confirm?code=" + link.code()).status()).isEqualTo(200);
        assertThat(user(id).text("confirmation")).isEqualTo("pending");
        assertThat(form("/confirm", "code=" + link.code()).status()).isEqualTo(200);
        Answer confirmed = user(id);
        assertThat(confirmed.json().get("is_active").asBoolean()).isTrue();
        assertThat(confirmed.json().get("validated").asBoolean()).isTrue();
        assertThat(confirmed.json().get("is_email_verified").asBoolean()).isTrue();
        assertThat(confirmed.json().has("confirmation")).isFalse();
        assertThat(rows(id)).isZero();
        assertThat(form("/1/users/" + id + "/confirmation", "")
                        .json()
                        .get("code")
                        .asInt())
                .isEqualTo(614);
    }

    @Test
    void aConfirmationIsSentAgainAsItWasWithANewCode() {
        Answer created = aUserToConfirm("{\"subject\":\"Come in\",\"email_tpl\":\"welcome\"}");
        Link first = link(mailTo(address, 1));
        String id = created.text("id");
        Answer again = form("/1/users/" + id + "/confirmation", "");
        assertThat(again.json().toString()).isEqualTo("{\"user_id\":\"" + id + "\"}");
        MimeMessage mail = mailTo(address, 2);
        assertThat(subject(mail)).isEqualTo("Come in");
        assertThat(text(mail, "text/plain")).contains("Sail on");
        assertThat(form("/confirm", "code=" + first.code()).status()).isEqualTo(410);
        assertThat(json("POST", "/1/auth/verify", "{\"code\":\"" + link(mail).code() + "\"}")
                        .json()
                        .get("validated")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void aVerificationMailLinksToTheCallersOwnPage() {
        Answer created = form(
                "/1/users?verify_user=true&send_email=true&verify_url=https%3A%2F%2Fshop.example%2Fv%3Flang%3Dde",
                "email=" + address + "&password=abcd1234&first_name=Ann");
        assertThat(created.status()).isEqualTo(201);
        MimeMessage mail = mailTo(address, 1);
        assertThat(from(mail)).isEqualTo("accounts@example.com");
        assertThat(text(mail, "text/plain")).contains("Hello Ann").contains("https://shop.example/v?lang=de&code=");
        assertThat(link(mail).code()).isEqualTo(created.text("verification_code"));
        assertThat(form("/1/auth/verify", "code=" + link(mail).code()).status()).isEqualTo(200);
    }

    @Test
    void aRegistrationMailHoldsNoCode() {
        assertThat(form("/1/users?send_email=true", "email=" + address + "&password=abcd1234")
                        .status())
                .isEqualTo(201);
        assertThat(text(mailTo(address, 1), "text/plain")).contains("created").doesNotContain("code=");
        String id = aUserNamed(aName());
        assertThat(json("PUT", "/1/users/" + id + "?send_email=true", "{}").text("detail"))
                .isEqualTo("send_email: a change sends a mail only with verify_user");
        assertThat(form("/1/users?verify_user=true&send_email=true", "email=x" + address + "&password=abcd1234")
                        .text("detail"))
                .startsWith("verify_url: is required");
    }

    @Test
    void aForgottenPasswordIsSetOnTheResetPage() {
        String id = aUser();
        Answer known = form("/1/auth/forgot-password", "email=" + address);
        Answer unknown = form("/1/auth/forgot-password", "email=" + aName() + "%40example.com");
        assertThat(known.status()).isEqualTo(200);
        assertThat(known.response().body()).isEqualTo(unknown.response().body()).isEqualTo("{}");
        assertThat(known.response().headers().map().keySet())
                .isEqualTo(unknown.response().headers().map().keySet());

        Link link = link(mailTo(address, 1));
        assertThat(link.page()).isEqualTo("https://id.example.com/reset-password");
        assertThat(get("/reset-password?code=" + link.code()).status()).isEqualTo(200);
        assertThat(form("/reset-password", "code=" + link.code() + "&password=efgh5678&repeat=efgh5678")
                        .status())
                .isEqualTo(200);
        assertThat(form("/1/auth/signin", "email=" + address + "&password=efgh5678")
                        .status())
                .isEqualTo(200);
        assertThat(stored(id)).isEqualTo("user.created user.password-reset-requested user.password-reset");
    }

    @Test
    void aResetMailCanBeSentForAUserAndLinkToAnotherPage() {
        String id = aUser();
        assertThat(form("/1/users/" + id + "/password-reset?reset_url=https%3A%2F%2Fshop.example%2Fr%23form", "")
                        .text("user_id"))
                .isEqualTo(id);
        MimeMessage mail = mailTo(address, 1);
        assertThat(text(mail, "text/plain")).containsPattern("https://shop.example/r\\?code=[A-Za-z0-9_-]{43}#form");
        assertThat(form("/1/auth/reset-password", "code=" + link(mail).code() + "&password=efgh5678")
                        .status())
                .isEqualTo(200);
        assertThat(form("/1/users/" + UUID.randomUUID() + "/password-reset", "").status())
                .isEqualTo(404);
        String nameless = aUserNamed(aName());
        assertThat(form("/1/users/" + nameless + "/password-reset", "").text("detail"))
                .isEqualTo("email: the user has no e-mail address");
    }

    @Test
    void aResetMailSaysWhatTheCallerSaysOfIt() {
        String id = aUser();
        Answer asked = json("POST", "/1/users/" + id + "/password-reset", """
                {"from_email":"crew@example.com","subject":"A new password","email_tpl":"new-watchword",
                 "tpl_keys":{"ship":"Beagle"}}""");
        assertThat(asked.status()).as(asked.response().body()).isEqualTo(200);
        MimeMessage mail = mailTo(address, 1);
        assertThat(subject(mail)).isEqualTo("A new password");
        assertThat(from(mail)).isEqualTo("crew@example.com");
        assertThat(text(mail, "text/plain")).contains("watchword of the Beagle");
        assertThat(form("/1/auth/reset-password", "code=" + link(mail).code() + "&password=efgh5678")
                        .status())
                .isEqualTo(200);
        for (String refused : List.of(
                "{\"email_tpl\":\"welcome\"}",
                "{\"email_tpl\":\"confirmation\"}",
                "{\"subject\":\"Hi\\r\\nBcc: a@example.com\"}",
                "{\"from_email\":\"a@example.com\\nBcc: b@example.com\"}",
                "{\"tpl_keys\":{\"ship\":{}}}",
                "{\"unknown\":1}")) {
            assertThat(json("POST", "/1/users/" + id + "/password-reset", refused)
                            .status())
                    .as(refused)
                    .isEqualTo(400);
        }
    }

    @Test
    void aUserWhoIsSetInactiveBeforeConfirmingIsNotLetInByTheMail() {
        String id = aUserToConfirm("{}").text("id");
        String code = link(mailTo(address, 1)).code();
        awaitStored(id, "user.created user.verification-requested user.confirmation-mail-sent");
        assertThat(json("PUT", "/1/users/" + id, "{\"group\":\"guests\"}").status())
                .isEqualTo(200);
        assertThat(get("/confirm?code=" + code).status()).isEqualTo(200);

        Answer barred = json("PATCH", "/1/users/" + id, "{\"is_active\":false}");
        assertThat(barred.status()).isEqualTo(200);
        assertThat(barred.header("ETag")).isEqualTo("\"5\"");
        assertThat(json("PATCH", "/1/users/" + id, "{\"is_active\":false}").header("ETag"))
                .isEqualTo("\"5\"");
        assertThat(get("/confirm?code=" + code).status()).isEqualTo(410);
        assertThat(form("/confirm", "code=" + code).status()).isEqualTo(410);
        assertThat(form("/1/auth/verify", "code=" + code).status()).isEqualTo(410);
        assertThat(user(id).json().get("is_active").asBoolean()).isFalse();
        assertThat(stored(id))
                .isEqualTo("user.created user.verification-requested user.confirmation-mail-sent"
                        + " user.profile-updated user.deactivated");
    }

    @Test
    void aMailWaitsForAServerThatIsAwayAndOnlyTheLatestIsSent() {
        smtp.setPort(Ports.free());
        String id = aUserToConfirm("{}").text("id");
        awaitAttempts(id, 2);
        assertThat(form("/1/users/" + id + "/confirmation", "").status()).isEqualTo(200);
        awaitAttempts(id, 2);
        assertThat(user(id).text("confirmation")).isEqualTo("pending");

        smtp.setPort(PORT);
        Link link = link(mailTo(address, 1));
        awaitStored(
                id, "user.created user.verification-requested user.verification-requested user.confirmation-mail-sent");
        assertThat(form("/confirm", "code=" + link.code()).status()).isEqualTo(200);
    }

    @Test
    void aMailThatCannotBeSentForTooLongHasFailedAndCanBeSentAgain() {
        smtp.setPort(Ports.free());
        String id = aUserToConfirm("{}").text("id");
        awaitAttempts(id, 1);
        jdbc.sql("UPDATE mail SET asked_at = now() - interval '25 hours' WHERE user_id = ?")
                .param(UUID.fromString(id))
                .update();
        awaitStored(id, "user.created user.verification-requested user.confirmation-mail-failed");
        assertThat(user(id).text("confirmation")).isEqualTo("failed");

        smtp.setPort(PORT);
        assertThat(form("/1/users/" + id + "/confirmation", "").status()).isEqualTo(200);
        assertThat(form("/confirm", "code=" + link(mailTo(address, 1)).code()).status())
                .isEqualTo(200);
    }

    @Test
    void aMailThatIsRejectedHasFailedAtOnce() throws IOException {
        try (ScriptedSmtpServer refusing = new ScriptedSmtpServer("RCPT", "550 no such mailbox")) {
            smtp.setPort(refusing.port());
            String id = aUserToConfirm("{}").text("id");
            awaitStored(id, "user.created user.verification-requested user.confirmation-mail-failed");
        }
    }

    @Test
    void whatWaitsForAUserGoesWithTheUserAndIsSealedMeanwhile() {
        smtp.setPort(Ports.free());
        String id = aUserToConfirm("{\"tpl_keys\":{\"ship\":\"marked-ship\"}}").text("id");
        awaitAttempts(id, 1);
        assertThat(jdbc.sql("SELECT m::text FROM mail AS m WHERE user_id = ?")
                        .param(UUID.fromString(id))
                        .query(String.class)
                        .single())
                .doesNotContain("marked-ship")
                .doesNotContain(address);
        delete("/1/users/" + id);
        assertThat(rows(id)).isZero();
    }

    @Test
    void whatCouldForgeAHeaderIsAFault() {
        for (String confirmation : List.of(
                "{\"subject\":\"Hi\\r\\nBcc: a@example.com\"}",
                "{\"from_email\":\"a@example.com\\nBcc: b@example.com\"}",
                "{\"from_email\":\"not an address\"}",
                "{\"tpl_keys\":{\"ship\":\"a\\r\\nb\"}}",
                "{\"tpl_keys\":{\"a.b\":\"x\"}}",
                "{\"tpl_keys\":{\"ship\":{}}}",
                "{\"email_tpl\":\"none\"}",
                "{\"email_tpl\":\"../welcome\"}",
                "{\"email_tpl\":\"password-reset\"}",
                "{\"unknown\":1}",
                "true")) {
            Answer refused = json("POST", "/1/users", body(confirmation));
            assertThat(refused.status()).as(confirmation).isEqualTo(400);
            assertThat(refused.text("detail")).as(confirmation).startsWith("confirmation");
        }
        assertThat(form("/1/users?send_email=true", "username=" + aName() + "&password=abcd1234")
                        .text("detail"))
                .startsWith("email: is required");
        assertThat(json("POST", "/1/users?verify_user=true", body("{}")).status())
                .isEqualTo(400);
    }

    @Test
    void aFormSaysTheSameAsJson() {
        Answer created = form(
                "/1/users",
                "email=" + address + "&password=abcd1234&confirmation[email_tpl]=welcome"
                        + "&confirmation[tpl_keys][ship]=Fram");
        assertThat(created.text("confirmation")).isEqualTo("pending");
        assertThat(text(mailTo(address, 1), "text/plain")).contains("Sail on the Fram");
    }

    @Test
    void noCodeAndNoPasswordIsOnKafkaOrInTheLog(CapturedOutput output) {
        Answer created = form(
                "/1/users?verify_user=true&send_email=true&verify_url=https%3A%2F%2Fshop.example%2Fv",
                "email=" + address + "&password=marked-secret-1");
        String id = created.text("id");
        String verification = link(mailTo(address, 1)).code();
        form("/1/auth/verify", "code=" + verification);
        form("/1/auth/forgot-password", "email=" + address);
        String reset = link(mailTo(address, 2)).code();
        get("/reset-password?code=" + reset);
        form("/reset-password", "code=" + reset + "&password=marked-secret-2&repeat=marked-secret-2");
        awaitStored(
                id,
                "user.created user.verification-requested user.email-verified"
                        + " user.password-reset-requested user.password-reset");

        String published = published(id, 5);
        for (String secret : List.of(
                verification,
                reset,
                Code.of(verification).hash(),
                Code.of(reset).hash(),
                "marked-secret",
                "argon2")) {
            assertThat(published).doesNotContain(secret);
            assertThat(output.getAll()).doesNotContain(secret);
        }
        assertThat(published).contains("expires_at");
    }

    private Answer aUserToConfirm(String confirmation) {
        Answer created = json("POST", "/1/users", body(confirmation));
        assertThat(created.status()).as(created.response().body()).isEqualTo(201);
        return created;
    }

    private String body(String confirmation) {
        return "{\"email\":\"" + address + "\",\"password\":\"abcd1234\",\"confirmation\":" + confirmation + "}";
    }

    private String aUser() {
        return form("/1/users", "email=" + address + "&password=abcd1234").text("id");
    }

    private Answer user(String id) {
        return json("PATCH", "/1/users/" + id, "{}");
    }

    private Answer get(String path) {
        return send("GET", path, "", new byte[0]);
    }

    private long rows(String id) {
        return jdbc.sql("SELECT count(*) FROM mail WHERE user_id = ?")
                .param(UUID.fromString(id))
                .query(Long.class)
                .single();
    }

    private void awaitAttempts(String id, int attempts) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(jdbc.sql("SELECT attempts FROM mail WHERE user_id = ?")
                                .param(UUID.fromString(id))
                                .query(Integer.class)
                                .single())
                        .isGreaterThanOrEqualTo(attempts));
    }

    private void awaitStored(String id, String types) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(stored(id)).isEqualTo(types));
    }

    private String stored(String id) {
        return String.join(
                " ",
                jdbc.sql("SELECT payload_type FROM domain_event WHERE aggregate_id = ? ORDER BY seq")
                        .param(id)
                        .query(String.class)
                        .list());
    }

    /** The n-th mail to that address. */
    private static MimeMessage mailTo(String address, int n) {
        return await().atMost(Duration.ofSeconds(10))
                .until(
                        () -> Arrays.stream(MAILS.getReceivedMessages())
                                .filter(mail -> isTo(mail, address))
                                .toList(),
                        mails -> mails.size() >= n)
                .get(n - 1);
    }

    private static boolean isTo(MimeMessage mail, String address) {
        try {
            return mail.getAllRecipients()[0].toString().equals(address);
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String subject(MimeMessage mail) {
        try {
            return mail.getSubject();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String from(MimeMessage mail) {
        try {
            return mail.getFrom()[0].toString();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Link link(MimeMessage mail) {
        Matcher found = LINK.matcher(text(mail, "text/plain"));
        assertThat(found.find()).isTrue();
        return new Link(found.group(1), found.group(2));
    }

    private static String text(Part part, String type) {
        try {
            if (part.isMimeType(type)) {
                return String.valueOf(part.getContent());
            }
            StringBuilder texts = new StringBuilder();
            if (part.getContent() instanceof MimeMultipart several) {
                for (int i = 0; i < several.getCount(); i++) {
                    BodyPart inner = several.getBodyPart(i);
                    texts.append(text(inner, type));
                }
            }
            return texts.toString();
        } catch (MessagingException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The values of the records of one user. */
    private static String published(String userId, int count) {
        Map<String, Object> config =
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, TestServers.kafkaBootstrapServers());
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor("userstore.events").stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            StringBuilder values = new StringBuilder();
            int[] found = {0};
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                for (ConsumerRecord<byte[], byte[]> one : consumer.poll(Duration.ofMillis(100))) {
                    if (new String(one.key(), StandardCharsets.UTF_8).equals(userId)) {
                        values.append(new String(one.value(), StandardCharsets.UTF_8));
                        found[0]++;
                    }
                }
                return found[0] >= count;
            });
            return values.toString();
        }
    }
}
