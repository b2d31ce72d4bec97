package io.userstore.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** To which service {@code deploy/nginx.conf} leads a request, found out as nginx does. Immutable. */
final class EdgeRoutes {
    private static final Pattern LOCATION =
            Pattern.compile("(?m)^    location (?:(=|~) )?(\\S+) \\{$(.*?)^    }$", Pattern.DOTALL);

    private final List<Location> locations;

    private EdgeRoutes(List<Location> locations) {
        this.locations = locations;
    }

    /** @param kind {@code =} for exactly this path, {@code ~} for a pattern, null for a prefix */
    private record Location(String kind, String path, boolean toCommand, boolean toQuery) {
        private static Location of(MatchResult found) {
            String kind = found.group(1) == null ? "" : found.group(1);
            String body = found.group(3);
            return new Location(kind, found.group(2), body.contains("command-service"), body.contains("query-service"));
        }

        boolean matches(String requested) {
            return switch (kind) {
                case "=" -> requested.equals(path);
                case "~" -> Pattern.compile(path).matcher(requested).find();
                default -> requested.startsWith(path);
            };
        }

        /** Exact ones go first, then patterns, then the longest prefix. */
        int rank() {
            return switch (kind) {
                case "=" -> Integer.MIN_VALUE;
                case "~" -> Integer.MIN_VALUE + 1;
                default -> -path.length();
            };
        }
    }

    static EdgeRoutes ofNginx() {
        try {
            String configuration = Files.readString(Path.of("../deploy/nginx.conf"));
            return new EdgeRoutes(LOCATION.matcher(configuration)
                    .results()
                    .map(Location::of)
                    .sorted(Comparator.comparingInt(Location::rank))
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param path without a query */
    boolean leadsToCommandService(String method, String path) {
        Location location = locations.stream()
                .filter(each -> each.matches(path))
                .findFirst()
                .orElseThrow();
        boolean writes = !method.equals("GET") && !method.equals("HEAD");
        return location.toCommand() || !location.toQuery() && writes;
    }
}
