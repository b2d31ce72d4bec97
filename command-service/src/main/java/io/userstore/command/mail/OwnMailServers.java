package io.userstore.command.mail;

import io.userstore.command.application.MailServer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * The mail servers of applications, each with its transport, which is replaced when the settings change. A server that is
 * away is left alone for a growing while, whatever waits for it: else its time-outs would take all threads from others.
 * Thread-safe.
 */
final class OwnMailServers {
    /** After that long at the latest a server is tried again, or its new settings are found. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Map<String, Server> servers = new ConcurrentHashMap<>();
    private final BiFunction<String, MailServer, MailTransport> connect;
    private final Duration firstPause;

    /** @param connect makes the transport to an application's server, without a network */
    OwnMailServers(BiFunction<String, MailServer, MailTransport> connect, Duration firstPause) {
        this.connect = connect;
        this.firstPause = firstPause;
    }

    /** The transport to the application's server, which has those settings now. */
    MailTransport of(String application, MailServer settings) {
        return servers.compute(
                application,
                (name, known) -> known != null && known.settings.equals(settings)
                        ? known
                        : new Server(settings, connect.apply(name, settings)));
    }

    /** The applications whose servers are left alone now. */
    Set<String> leftAlone() {
        return servers.entrySet().stream()
                .filter(server -> server.getValue().isLeftAlone())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private final class Server implements MailTransport {
        private final MailServer settings;
        private final MailTransport transport;
        private int failures;
        /** On the scale of {@link System#nanoTime()}, which no change of the clock bends. */
        private long until;

        Server(MailServer settings, MailTransport transport) {
            this.settings = settings;
            this.transport = transport;
        }

        @Override
        public Outcome send(OutgoingMail mail) {
            Outcome outcome = transport.send(mail);
            note(outcome);
            return outcome;
        }

        private synchronized void note(Outcome outcome) {
            if (outcome != Outcome.AWAY) {
                failures = 0;
                return;
            }
            failures++;
            double pause = firstPause.toNanos() * Math.pow(2, Math.min(failures, 30) - 1);
            until = System.nanoTime() + (long) Math.min(pause, LONGEST_PAUSE.toNanos());
        }

        synchronized boolean isLeftAlone() {
            return failures > 0 && System.nanoTime() - until < 0;
        }
    }
}
