package io.userstore.command.mail;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.command.application.MailSecurity;
import io.userstore.command.application.MailServer;
import io.userstore.command.mail.MailTransport.Outcome;
import io.userstore.command.mail.TlsSmtpServer.Begins;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an application's mail server is told only once it has shown that it is the one, under TLS. */
class SmtpSecurityTest {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final String USER = "shop";
    private static final OutgoingMail MAIL = new OutgoingMail(
            UUID.fromString("0198c0de-0000-4000-8000-000000000001"),
            "from@example.com",
            "john@example.com",
            "secret subject",
            "secret text",
            null);

    @TempDir
    private static Path folder;

    private static SSLContext before;
    private static SSLContext trusted;
    private static SSLContext ofAnotherName;
    private static SSLContext unknown;

    @BeforeAll
    static void certificates() throws Exception {
        before = SSLContext.getDefault();
        KeyStore here = certificate("here", "ip:127.0.0.1");
        KeyStore elsewhere = certificate("elsewhere", "dns:mail.example.com");
        trusted = server(here);
        ofAnotherName = server(elsewhere);
        unknown = server(certificate("unknown", "ip:127.0.0.1"));
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("here", here.getCertificate("here"));
        trust.setCertificateEntry("elsewhere", elsewhere.getCertificate("elsewhere"));
        TrustManagerFactory trusting = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusting.init(trust);
        SSLContext client = SSLContext.getInstance("TLS");
        client.init(null, trusting.getTrustManagers(), null);
        SSLContext.setDefault(client);
    }

    @AfterAll
    static void asItWas() {
        SSLContext.setDefault(before);
    }

    private static KeyStore certificate(String name, String subjectAlternativeName) throws Exception {
        Path file = folder.resolve(name + ".p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process made = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=" + subjectAlternativeName,
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        String.valueOf(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
        assertThat(made.waitFor()).as("keytool").isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private static SSLContext server(KeyStore certificate) throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(certificate, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static Outcome send(TlsSmtpServer to, MailSecurity security) {
        MailServer server = new MailServer("127.0.0.1", to.port(), security, USER, "sealed elsewhere");
        return new SmtpTransport(server, "pass-word").send(MAIL);
    }

    @Test
    void withStarttlsNothingButTheHandshakeIsSaidInTheClear() throws IOException {
        try (TlsSmtpServer server = new TlsSmtpServer(trusted, Begins.WHEN_ASKED)) {
            assertThat(send(server, MailSecurity.STARTTLS)).isEqualTo(Outcome.TAKEN);
            assertThat(server.inTheClear()).hasSize(2);
            assertThat(server.inTheClear().getFirst()).startsWith("EHLO");
            assertThat(server.inTheClear().getLast()).isEqualTo("STARTTLS");
            assertThat(server.underTls()).contains("Subject: secret subject", "secret text");
            assertThat(server.underTls()).anyMatch(line -> line.startsWith("AUTH PLAIN"));
        }
    }

    @Test
    void withTlsNothingIsSaidInTheClear() throws IOException {
        try (TlsSmtpServer server = new TlsSmtpServer(trusted, Begins.AT_ONCE)) {
            assertThat(send(server, MailSecurity.TLS)).isEqualTo(Outcome.TAKEN);
            assertThat(server.inTheClear()).isEmpty();
            assertThat(server.underTls()).contains("Subject: secret subject", "secret text");
            assertThat(server.underTls()).anyMatch(line -> line.startsWith("AUTH PLAIN"));
        }
    }

    /** It may be one that sits between, and has taken the offer of STARTTLS away. */
    @Test
    void aServerThatOffersNoTlsIsToldNothing() throws IOException {
        try (TlsSmtpServer server = new TlsSmtpServer(trusted, Begins.NEVER)) {
            assertThat(send(server, MailSecurity.STARTTLS)).isEqualTo(Outcome.AWAY);
            assertThat(server.inTheClear()).noneMatch(line -> line.startsWith("AUTH") || line.startsWith("MAIL"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = MailSecurity.class,
            names = {"STARTTLS", "TLS"})
    void aServerWhoseCertificateIsNotTrustedOrOfAnotherNameIsToldNothing(MailSecurity security) throws IOException {
        for (SSLContext wrong : new SSLContext[] {unknown, ofAnotherName}) {
            Begins begins = security == MailSecurity.TLS ? Begins.AT_ONCE : Begins.WHEN_ASKED;
            try (TlsSmtpServer server = new TlsSmtpServer(wrong, begins)) {
                assertThat(send(server, security)).isEqualTo(Outcome.AWAY);
                assertThat(server.underTls()).isEmpty();
                assertThat(server.inTheClear()).noneMatch(line -> line.startsWith("AUTH") || line.startsWith("MAIL"));
            }
        }
    }
}
