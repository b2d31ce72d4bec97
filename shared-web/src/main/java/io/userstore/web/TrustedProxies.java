package io.userstore.web;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The proxies whose {@code X-Forwarded-For} is believed. From anybody else the header is a claim, and passed over.
 * Immutable.
 */
final class TrustedProxies {
    private static final String HEADER = "X-Forwarded-For";

    private final List<Network> networks;

    /**
     * @param networks addresses, or networks as {@code 10.0.0.0/8}
     * @throws InvalidConfigurationException when one is neither
     */
    TrustedProxies(List<String> networks) {
        this.networks = networks.stream().map(TrustedProxies::network).toList();
    }

    private record Network(InetAddress address, int bits) {
        boolean contains(InetAddress other) {
            byte[] mine = address.getAddress();
            byte[] theirs = other.getAddress();
            if (mine.length != theirs.length) {
                return false;
            }
            int whole = bits / 8;
            if (!Arrays.equals(mine, 0, whole, theirs, 0, whole)) {
                return false;
            }
            int rest = bits % 8;
            int mask = 0xff << (8 - rest);
            return rest == 0 || ((mine[whole] ^ theirs[whole]) & mask & 0xff) == 0;
        }
    }

    private static Network network(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> address = Addresses.parse(slash < 0 ? text : text.substring(0, slash));
        String bits = slash < 0 ? "" : text.substring(slash + 1);
        if (address.isPresent() && (slash < 0 || bits.matches("\\d{1,3}"))) {
            int most = address.get().getAddress().length * 8;
            int length = slash < 0 ? most : Integer.parseInt(bits);
            if (length <= most) {
                return new Network(address.get(), length);
            }
        }
        throw new InvalidConfigurationException("userstore.trusted-proxies: \"" + text
                + "\" is neither an IP address nor a network such as 10.0.0.0/8");
    }

    /** The address that a request comes from: the nearest that no trusted proxy has, as far as they can tell; as RFC 5952 has it. */
    String address(HttpServletRequest request) {
        return Addresses.canonical(nearest(request));
    }

    private String nearest(HttpServletRequest request) {
        String nearest = request.getRemoteAddr();
        if (networks.isEmpty() || !isTrusted(nearest)) {
            return nearest;
        }
        for (String hop : hops(request).reversed()) {
            Optional<InetAddress> address = Addresses.parse(withoutPort(hop));
            if (address.isEmpty()) {
                // What stands before something unreadable cannot be told from a claim.
                return nearest;
            }
            nearest = address.get().getHostAddress();
            if (!isTrusted(nearest)) {
                return nearest;
            }
        }
        return nearest;
    }

    private boolean isTrusted(String text) {
        return Addresses.parse(text)
                .map(address -> networks.stream().anyMatch(network -> network.contains(address)))
                .orElse(false);
    }

    private static List<String> hops(HttpServletRequest request) {
        List<String> hops = new ArrayList<>();
        for (String line : Collections.list(request.getHeaders(HEADER))) {
            for (String hop : line.split(",", -1)) {
                hops.add(hop.strip());
            }
        }
        return hops;
    }

    /** Some proxies add the port: {@code 192.0.2.1:4711}, {@code [2001:db8::1]:4711}. */
    private static String withoutPort(String hop) {
        if (hop.startsWith("[")) {
            int end = hop.indexOf(']');
            return end < 0 ? hop : hop.substring(1, end);
        }
        int colon = hop.indexOf(':');
        return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }
}
