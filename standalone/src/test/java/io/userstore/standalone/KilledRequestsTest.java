package io.userstore.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import io.userstore.embedded.Ports;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What was under way when the process was killed: requests that are repeated, and mails. */
class KilledRequestsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CLIENTS = 8;
    private static final int ANSWERS_BEFORE_THE_KILL = 100;

    @TempDir
    Path folder;

    /**
     * The creation of a user, whose name is also the idempotency key.
     *
     * @param answer null when the kill came before it
     */
    private record Creation(String name, Client.@Nullable Answer answer) {
        Client.Answer repeat(Client client) {
            return send(name, client);
        }

        static Client.Answer send(String name, Client client) {
            String body = "{\"username\":\"" + name + "\",\"password\":\"abcd1234\"}";
            return client.send("POST", "/1/users", body, "Idempotency-Key", name);
        }
    }

    @Test
    void aRequestRepeatedWithItsIdempotencyKeyAfterAKillIsCarriedOutOnce() throws Exception {
        Map<String, Object> properties = Map.of("userstore.idempotency.lease", "1s");
        try (RunningStandalone standalone = new RunningStandalone(folder, properties)) {
            Queue<Creation> creations = createUntilAKill(standalone);
            standalone.startAgain();
            Client client = standalone.client();
            creations.forEach(creation -> verify(creation, client));
            JsonNode page = client.get("/1/users?limit=1").json();
            assertThat(page.at("/paging/total_count").asInt()).isEqualTo(creations.size());
        }
    }

    /** The last of each client is one whose answer was lost. */
    private static Queue<Creation> createUntilAKill(RunningStandalone standalone) throws InterruptedException {
        Queue<Creation> creations = new ConcurrentLinkedQueue<>();
        CountDownLatch answers = new CountDownLatch(ANSWERS_BEFORE_THE_KILL);
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (int i = 0; i < CLIENTS; i++) {
                String prefix = "client" + i + "-";
                clients.execute(() -> createUntilKilled(prefix, standalone.client(), creations, answers));
            }
            answers.await();
            standalone.kill();
        }
        return creations;
    }

    private static void createUntilKilled(
            String prefix, Client client, Queue<Creation> creations, CountDownLatch answers) {
        for (int number = 0; ; number++) {
            String name = prefix + number;
            try {
                creations.add(new Creation(name, Creation.send(name, client)));
                answers.countDown();
            } catch (UncheckedIOException killed) {
                // The server went away in the middle of this request, as it should here.
                creations.add(new Creation(name, null));
                return;
            }
        }
    }

    /**
     * An answer that was given is given again. Of one that was lost the client is told that it was given, or gets it; in either case
     * there is one user.
     */
    private static void verify(Creation creation, Client client) {
        Client.Answer again = await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .until(
                        () -> creation.repeat(client),
                        answer -> !answer.text("error").equals("idempotency_key_in_use"));
        Client.Answer first = creation.answer();
        if (first != null) {
            assertSame(again, first);
        } else if (again.status() != 201) {
            assertThat(again.status()).as(again.body()).isEqualTo(409);
            assertThat(again.text("error")).isEqualTo("idempotent_answer_lost");
        }
        String id =
                client.get("/1/users/" + creation.name() + "?query_by=username").text("id");
        if (again.status() == 201) {
            assertThat(id).isEqualTo(again.text("id"));
            assertSame(creation.repeat(client), again);
        }
        assertThat(id).isNotEmpty();
    }

    private static void assertSame(Client.Answer replayed, Client.Answer first) {
        assertThat(replayed.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(replayed.status()).isEqualTo(first.status());
        assertThat(replayed.body()).isEqualTo(first.body());
    }

    @Test
    void mailsAcceptedBeforeAKillAreDeliveredAfterTheStart() throws Exception {
        List<String> recipients = List.of("a@example.com", "b@example.com", "c@example.com");
        ServerSocket silent = new ServerSocket(Ports.free(), 50, InetAddress.getLoopbackAddress());
        Map<String, Object> properties = Map.of(
                "spring.mail.host",
                "127.0.0.1",
                "spring.mail.port",
                silent.getLocalPort(),
                "userstore.mail.threads",
                1,
                "userstore.mail.lease",
                "2s");
        try (RunningStandalone standalone = new RunningStandalone(folder, properties)) {
            recipients.forEach(recipient -> create(recipient, standalone.client()));
            try (silent;
                    Socket claimed = silent.accept()) {
                assertThat(claimed.isConnected())
                        .as("one mail is being sent, the others wait")
                        .isTrue();
                standalone.kill();
            }
            GreenMail mailServer = mailServer(silent.getLocalPort());
            try {
                standalone.startAgain();
                await().atMost(PATIENCE)
                        .until(() ->
                                recipientsOf(mailServer.getReceivedMessages()).containsAll(recipients));
            } finally {
                mailServer.stop();
            }
        }
    }

    private static void create(String email, Client client) {
        String body = "{\"email\":\"" + email + "\",\"password\":\"abcd1234\",\"confirmation\":{}}";
        assertThat(client.json("POST", "/1/users", body).status()).isEqualTo(201);
    }

    private static GreenMail mailServer(int port) {
        GreenMail server = MailServers.smtp(port);
        server.start();
        return server;
    }

    private static List<String> recipientsOf(MimeMessage[] mails) {
        return Stream.of(mails).map(KilledRequestsTest::recipient).toList();
    }

    private static String recipient(MimeMessage mail) {
        try {
            return mail.getAllRecipients()[0].toString();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }
}
