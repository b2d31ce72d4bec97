package io.userstore.standalone;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.web.Answers;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;

/**
 * {@code GET /dev/mailbox}: the mails, as JSON or as a page. They hold codes, so only who is on this machine may see them:
 * neither a caller behind a proxy, nor a web page that has itself resolved to this machine (DNS rebinding).
 */
@RestController
final class MailboxController {
    private static final Pattern LOCAL_HOST = Pattern.compile("(?i)(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d{1,5})?");
    private static final List<String> PROXIES = List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "Via");

    private final Mailbox mailbox;

    MailboxController(Mailbox mailbox) {
        this.mailbox = mailbox;
    }

    /** A mail as it is shown. */
    private record Shown(
            String id,
            Instant time,
            String from,
            String to,
            String subject,
            String text,
            @Nullable String html) {}

    /** All of them, newest first. */
    private record Mails(List<Shown> data) {}

    @GetMapping("/dev/mailbox")
    void mailbox(HttpServletRequest request, HttpServletResponse response) throws IOException {
        requireThisMachine(request);
        response.setHeader("Cache-Control", "no-store");
        List<Shown> mails =
                mailbox.mails().stream().map(MailboxController::shown).toList();
        String accepted = request.getHeader("Accept");
        if (accepted == null || !accepted.contains("text/html")) {
            Answers.json(response, 200, new Mails(mails));
            return;
        }
        response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("X-Content-Type-Options", "nosniff");
        Answers.write(response, 200, "text/html;charset=UTF-8", page(mails).getBytes(StandardCharsets.UTF_8));
    }

    private static void requireThisMachine(HttpServletRequest request) throws IOException {
        String host = request.getHeader("Host");
        boolean local = InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress()
                && host != null
                && LOCAL_HOST.matcher(host).matches()
                && PROXIES.stream().allMatch(header -> request.getHeader(header) == null);
        if (!local) {
            throw ApiException.of(ErrorCode.NOT_FOUND);
        }
    }

    private static Shown shown(Mailbox.Received received) {
        return new Shown(
                received.mail().id().toString(),
                received.time(),
                received.mail().from(),
                received.mail().to(),
                received.mail().subject(),
                received.mail().text(),
                received.mail().html());
    }

    private static String page(List<Shown> mails) {
        StringBuilder page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<title>Mailbox</title></head><body><main><h1>Mailbox</h1>\n<p>No mail server is configured: these"
                + " mails were not sent. Newest first.</p>\n");
        for (Shown mail : mails) {
            page.append("<article><h2>")
                    .append(escape(mail.subject()))
                    .append("</h2><p>")
                    .append(mail.time())
                    .append(", from ")
                    .append(escape(mail.from()))
                    .append(" to ")
                    .append(escape(mail.to()))
                    .append("</p><pre>")
                    .append(linked(escape(mail.text())))
                    .append("</pre></article>\n");
        }
        return page.append("</main></body></html>\n").toString();
    }

    private static String escape(String text) {
        return HtmlUtils.htmlEscape(text, "UTF-8");
    }

    /** Escaped already, so that an address ends before anything that could end the attribute. */
    private static String linked(String escaped) {
        return escaped.replaceAll("https?://[^\\s<>\"]+", "<a href=\"$0\" rel=\"noreferrer\">$0</a>");
    }
}
