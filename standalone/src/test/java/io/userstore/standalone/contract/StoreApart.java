package io.userstore.standalone.contract;

import com.icegreen.greenmail.util.GreenMail;
import io.userstore.standalone.Client;
import io.userstore.standalone.Edge;
import io.userstore.standalone.MailServers;
import io.userstore.standalone.RunningProcess;
import io.userstore.standalone.ServicesApart;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The two services in processes of their own, behind one address, with a mail server. */
final class StoreApart implements Store {
    private final GreenMail mailServer = MailServers.smtp(0);
    private final Path folder;
    private final RunningProcess command;
    private final RunningProcess query;
    private final Edge edge;
    private final Client root;

    StoreApart(Map<String, Object> properties) throws IOException {
        mailServer.start();
        folder = Files.createTempDirectory("contract-");
        Map<String, String> environment = properties.entrySet().stream()
                .collect(Collectors.toMap(
                        property -> variable(property.getKey()),
                        property -> property.getValue().toString()));
        environment.put("SPRING_MAIL_HOST", "127.0.0.1");
        environment.put(
                "SPRING_MAIL_PORT", Integer.toString(mailServer.getSmtp().getPort()));
        ServicesApart services = new ServicesApart(folder, environment);
        command = services.startCommandService();
        query = services.startQueryService();
        edge = new Edge(services);
        root = new Client(edge.url(), edge.url(), ServicesApart.KEY);
    }

    private static String variable(String property) {
        return property.replace('.', '_').replace("-", "").toUpperCase(Locale.ROOT);
    }

    @Override
    public Client root() {
        return root;
    }

    @Override
    public boolean isOurs() {
        return true;
    }

    @Override
    public List<JsonNode> mails() {
        return Stream.of(mailServer.getReceivedMessages())
                .map(StoreApart::shown)
                .toList()
                .reversed();
    }

    private static JsonNode shown(MimeMessage mail) {
        try {
            return JsonMapper.shared()
                    .valueToTree(Map.of(
                            "from", mail.getFrom()[0].toString(),
                            "to", mail.getAllRecipients()[0].toString(),
                            "subject", mail.getSubject(),
                            "text", text(mail)));
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of several parts the first, which is the plain one. */
    private static String text(Part part) throws MessagingException, IOException {
        if (part.getContent() instanceof Multipart parts) {
            BodyPart first = parts.getBodyPart(0);
            return text(first);
        }
        return part.getContent().toString();
    }

    @Override
    public String log() {
        return command.output() + query.output();
    }

    @Override
    public void close() throws IOException {
        edge.close();
        query.close();
        command.close();
        mailServer.stop();
        FileSystemUtils.deleteRecursively(folder);
    }
}
