package io.userstore.benchmark;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param users to load before anything is measured, 1,000 to 1,000,000
 * @param measured how long each measure lasts, without its warm-up, 1 s to 10 min
 * @param concurrencies one measure for each, 1 to 512 connections
 * @param server a running server in place of one of our own
 * @param key that server's secret key
 * @param only what to measure
 * @param json where to write the report as JSON as well
 * @param keepData whether what was loaded stays
 */
record Options(
        int users,
        Duration measured,
        List<Integer> concurrencies,
        @Nullable InetSocketAddress server,
        String key,
        Set<Topic> only,
        @Nullable Path json,
        boolean keepData) {

    static final String HELP = """
            Usage: ./benchmark [--option=value]…

            Starts a user store of its own with its data in a fresh folder, loads users through the API, and prints requests per
            second and latencies of each operation, the lag from commit to visible, the memory used, and how that compares with
            the floors. Everything is on this machine: the load generator takes its part of the processors, so let nothing else run.

              --users=100000         users to load, 1,000 to 1,000,000
              --seconds=8            length of each measure, after a warm-up of 10 seconds (before the first write
                                     also a minute of sign-ins that need no hash)
              --concurrency=16,64    connections; one measure for each
              --only=…               some of: get,list,create,update,sign-in,lag,delete,rebuild,hashing
                                     (default: all)
              --json=FILE            also write the report as JSON
              --keep-data            keep the data folders, or on a server of --url the users
              --url=http://127.0.0.1:8080
                                     measure a server that runs already on this machine; what it costs to hash is then as that
                                     server is set to. Its users stay; those of the run are deleted in the end
              --key=KEY              the secret key of that server (or in the environment: USERSTORE_SECRET_KEY)
              --help                 this text

            Creations and sign-ins are measured twice, on two servers: with the cheapest hash there is, and (hashing) with the
            default Argon2id, to be compared with what the bare hash allows on this machine. Rebuilds are measured on a server that
            has imported as many users, under some reads and writes; not on a server of --url.

            Environment: JAVA_HOME and USERSTORE_JAVA_OPTS as for ./userstore.
            Ends with 0 when all was measured, floors met or not; 1 when it could not run; 2 when an answer was not as expected.
            """;

    private static final String KEEP_DATA = "keep-data";

    static Options parse(List<String> arguments, Map<String, String> environment) {
        Map<String, String> given = given(arguments);
        boolean keepData = given.remove(KEEP_DATA) != null;
        int users = number("users", take(given, "users", "100000"), 1_000, 1_000_000);
        int seconds = number("seconds", take(given, "seconds", "8"), 1, 600);
        List<Integer> concurrencies = Arrays.stream(
                        take(given, "concurrency", "16,64").split(","))
                .map(text -> number("concurrency", text, 1, 512))
                .toList();
        String url = given.remove("url");
        String key = take(given, "key", environment.getOrDefault("USERSTORE_SECRET_KEY", ""));
        String only = given.remove("only");
        String json = given.remove("json");
        if (!given.isEmpty()) {
            throw new UsageException(
                    "unknown option --" + given.keySet().iterator().next());
        }
        if (url != null && key.isEmpty()) {
            throw new UsageException("--url needs the secret key of that server: --key, or USERSTORE_SECRET_KEY");
        }
        return new Options(
                users,
                Duration.ofSeconds(seconds),
                concurrencies,
                url == null ? null : address(url),
                key,
                only == null ? Topic.ALL : topics(only),
                json == null ? null : Path.of(json),
                keepData);
    }

    /** Both {@code --name=value} and {@code --name value}. */
    private static Map<String, String> given(List<String> arguments) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (!argument.startsWith("--")) {
                throw new UsageException("not an option: " + argument);
            }
            int equals = argument.indexOf('=');
            String name = argument.substring(2, equals < 0 ? argument.length() : equals);
            if (equals >= 0) {
                given.put(name, argument.substring(equals + 1));
            } else if (name.equals(KEEP_DATA)) {
                given.put(name, "");
            } else if (i + 1 < arguments.size()) {
                given.put(name, arguments.get(++i));
            } else {
                throw new UsageException("--" + name + " needs a value");
            }
        }
        return given;
    }

    private static String take(Map<String, String> given, String name, String fallback) {
        String value = given.remove(name);
        return value == null ? fallback : value;
    }

    private static int number(String option, String text, int least, int most) {
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, in the same words as for a number that is too great.
        }
        throw new UsageException("--%s takes a number from %,d to %,d, not %s".formatted(option, least, most, text));
    }

    private static Set<Topic> topics(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .map(Topic::parse)
                .collect(Collectors.toSet());
    }

    private static InetSocketAddress address(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--url is no address: " + e.getMessage());
        }
        if (!"http".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() < 0) {
            throw new UsageException("--url takes an address such as http://127.0.0.1:8080, not " + url);
        }
        try {
            InetAddress host = InetAddress.getByName(uri.getHost());
            if (!host.isLoopbackAddress()) {
                throw new UsageException("--url must lead to this machine (127.0.0.1), not to " + uri.getHost()
                        + ": over a network it would measure the network, and load that server for others");
            }
            return new InetSocketAddress(host, uri.getPort());
        } catch (UnknownHostException e) {
            throw new UsageException("--url names an unknown host: " + uri.getHost());
        }
    }

    boolean measures(Topic topic) {
        return only.contains(topic);
    }

    @Override
    public String toString() {
        return "Options[" + users + " users]";
    }
}
