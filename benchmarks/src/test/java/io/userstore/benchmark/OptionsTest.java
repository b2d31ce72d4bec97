package io.userstore.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionsTest {

    private static Options parse(String... arguments) {
        return Options.parse(List.of(arguments), Map.of());
    }

    @Test
    void withoutOptionsEverythingIsMeasured() {
        Options options = parse();
        assertThat(options.users()).isEqualTo(100_000);
        assertThat(options.measured()).isEqualTo(Duration.ofSeconds(8));
        assertThat(options.concurrencies()).containsExactly(16, 64);
        assertThat(options.only()).containsExactlyInAnyOrder(Topic.values());
        assertThat(options.server()).isNull();
        assertThat(options.keepData()).isFalse();
    }

    @Test
    void valuesComeAfterAnEqualsSignOrABlank() {
        Options options = parse("--users", "2000", "--only=get,sign-in", "--keep-data", "--json", "report.json");
        assertThat(options.users()).isEqualTo(2_000);
        assertThat(options.only()).containsExactlyInAnyOrder(Topic.GET, Topic.SIGN_IN);
        assertThat(options.keepData()).isTrue();
        assertThat(options.json()).isEqualTo(Path.of("report.json"));
    }

    @Test
    void aServerOfThisMachineIsTakenWithItsKey() {
        assertThat(parse("--url=http://127.0.0.1:8080", "--key=secret").server())
                .isEqualTo(new InetSocketAddress("127.0.0.1", 8080));
    }

    @Test
    void whatCannotBeMeantIsRefusedInOneSentence() {
        assertRefused("must lead to this machine", "--url=http://192.0.2.1:8080", "--key=secret");
        assertRefused("an address such as", "--url=https://127.0.0.1:8080", "--key=secret");
        assertRefused("an address such as", "--url=http://127.0.0.1", "--key=secret");
        assertRefused("needs the secret key", "--url=http://127.0.0.1:8080");
        assertRefused("from 1,000 to 1,000,000, not 10", "--users=10");
        assertRefused("not many", "--users=many");
        assertRefused("not 0", "--concurrency=16,0");
        assertRefused("not put", "--only=get,put");
        assertRefused("unknown option --fast", "--fast=1");
        assertRefused("needs a value", "--users");
        assertRefused("not an option: fast", "fast");
    }

    private static void assertRefused(String because, String... arguments) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> parse(arguments))
                .withMessageContaining(because);
    }
}
