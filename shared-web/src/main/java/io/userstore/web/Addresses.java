package io.userstore.web;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.tomcat.util.net.IPv6Utils;

/** IP addresses as text. No name is ever looked up. */
final class Addresses {
    private static final Pattern V4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]{2,45}");
    private static final int NETWORK_BYTES = 8;

    private Addresses() {}

    /** The address that a text writes, or empty when it writes none. */
    static Optional<InetAddress> parse(String text) {
        if (!V4.matcher(text).matches()
                && !(text.contains(":") && V6.matcher(text).matches())) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            // It only looked like one.
            return Optional.empty();
        }
    }

    /** An address in the one way to write it: of IPv6 as RFC 5952 has it. Other text is as it was. */
    static String canonical(String text) {
        return parse(text)
                .filter(Inet6Address.class::isInstance)
                .map(address -> IPv6Utils.canonize(address.getHostAddress()))
                .orElse(text);
    }

    /** What one subscriber has: an address of IPv4, or the /64 that an address of IPv6 lies in. */
    static String network(String address) {
        return parse(address)
                .filter(Inet6Address.class::isInstance)
                .map(v6 -> HexFormat.of().formatHex(Arrays.copyOf(v6.getAddress(), NETWORK_BYTES)) + "/64")
                .orElse(address);
    }
}
