package io.userstore.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

class TrustedProxiesTest {
    private final TrustedProxies proxies = new TrustedProxies(List.of("10.0.0.0/9", "192.0.2.7", "2001:db8::/33"));

    @Test
    void nobodyIsBelievedWhereNobodyIsTrusted() {
        assertThat(new TrustedProxies(List.of()).address(request("10.0.0.1", "203.0.113.9")))
                .isEqualTo("10.0.0.1");
    }

    @Test
    void aStrangersClaimIsPassedOver() {
        assertThat(proxies.address(request("198.51.100.1", "203.0.113.9"))).isEqualTo("198.51.100.1");
        assertThat(proxies.address(request("10.128.0.1", "203.0.113.9"))).isEqualTo("10.128.0.1");
        assertThat(proxies.address(request("2001:db8:8000::1", "203.0.113.9"))).isEqualTo("2001:db8:8000::1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.9                      | 203.0.113.9",
                "198.51.100.66, 203.0.113.9       | 203.0.113.9",
                "198.51.100.66,203.0.113.9,10.1.2.3, 192.0.2.7 | 203.0.113.9",
                "10.1.1.1, 10.2.2.2               | 10.1.1.1",
                "203.0.113.9:4711                 | 203.0.113.9",
                "[2001:DB9::1]:4711               | 2001:db9::1",
                "2001:db9:0:0:1:0:0:1             | 2001:db9::1:0:0:1",
                "::ffff:203.0.113.9               | 203.0.113.9",
                "203.0.113.9, unknown             | 10.0.0.1",
                "203.0.113.9, unknown, 10.3.3.3   | 10.3.3.3",
                "203.0.113.9,                     | 10.0.0.1",
                "999.1.1.1                        | 10.0.0.1",
                "example.com                      | 10.0.0.1"
            })
    void theNearestAddressThatNoTrustedProxyHasIsTheCallers(String header, String address) {
        assertThat(proxies.address(request("10.0.0.1", header))).isEqualTo(address);
    }

    @Test
    void anAddressOfIpv6IsWrittenInOneWay() {
        TrustedProxies none = new TrustedProxies(List.of());
        assertThat(none.address(request("0:0:0:0:0:0:0:1", "203.0.113.9"))).isEqualTo("::1");
        assertThat(none.address(request("2001:db8:0:0:0:0:0:A", "203.0.113.9"))).isEqualTo("2001:db8::a");
        assertThat(none.address(request("fe80:0:0:0:1:2:3:4%eth0", "203.0.113.9")))
                .isEqualTo("fe80:0:0:0:1:2:3:4%eth0");
    }

    @Test
    void severalHeadersAreOneList() {
        MockHttpServletRequest request = request("10.0.0.1", "198.51.100.66");
        request.addHeader("X-Forwarded-For", "203.0.113.9");
        assertThat(proxies.address(request)).isEqualTo("203.0.113.9");
        assertThat(proxies.address(new MockHttpServletRequest())).isEqualTo("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy", "10.0.0.0/33", "10.0.0.0/", "/8", "10.0.0.0/-1", "2001:db8::/129", "1.2.3"})
    void whatIsNoNetworkIsRefusedAtTheStart(String network) {
        assertThatThrownBy(() -> new TrustedProxies(List.of(network)))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("userstore.trusted-proxies");
    }

    @Test
    void anIpv6SubscriberIsA64() {
        assertThat(Addresses.network("2001:db8:1:2:3:4:5:6")).isEqualTo(Addresses.network("2001:db8:1:2::1"));
        assertThat(Addresses.network("2001:db8:1:3::1")).isNotEqualTo(Addresses.network("2001:db8:1:2::1"));
        assertThat(Addresses.network("192.0.2.1")).isEqualTo("192.0.2.1");
    }

    private static MockHttpServletRequest request(String from, String forwardedFor) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setRemoteAddr(from);
        request.addHeader("X-Forwarded-For", forwardedFor);
        return request;
    }
}
