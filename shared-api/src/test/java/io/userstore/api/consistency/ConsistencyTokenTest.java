package io.userstore.api.consistency;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.api.event.EventStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsistencyTokenTest {
    private static final UUID USER = UUID.fromString("0198c0de-0000-7000-8000-000000000001");

    @ParameterizedTest
    @EnumSource
    void aTokenIsReadBack(EventStream stream) {
        ConsistencyToken token = new ConsistencyToken("an:app", USER, stream, Long.MAX_VALUE);
        assertThat(ConsistencyToken.parse(token.encode())).hasValue(token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "%%%", "dTE", "AAAA", "dTA6eDp5"})
    void whatIsNoTokenIsNone(String text) {
        assertThat(ConsistencyToken.parse(text)).isEmpty();
    }

    @Test
    void noPartOfATokenMayBeOff() {
        for (String plain : List.of(
                "u0:" + USER + ":a",
                "u-1:" + USER + ":a",
                "x1:" + USER + ":a",
                "u1:nobody:a",
                "u1",
                "u:" + USER + ":a")) {
            String encoded = Base64.getUrlEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
            assertThat(ConsistencyToken.parse(encoded)).as(plain).isEmpty();
        }
        assertThat(ConsistencyToken.parse("A".repeat(1_025))).isEmpty();
    }

    @Test
    void aReportIsReadBack() {
        ProgressReport report = new ProgressReport(
                List.of("users", "activity"), 4, List.of(new ProgressReport.Applied(USER.toString(), 2, 0)));
        assertThat(ProgressReport.fromJson(report.toJson())).isEqualTo(report);
    }
}
