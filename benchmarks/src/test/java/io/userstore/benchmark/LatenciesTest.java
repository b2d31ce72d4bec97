package io.userstore.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LatenciesTest {

    @Test
    void percentilesAreThoseOfTheRecordedTimes() {
        Histogram histogram = Latencies.histogram();
        for (int millis = 1; millis <= 1_000; millis++) {
            Latencies.record(histogram, TimeUnit.MILLISECONDS.toNanos(millis));
        }
        Latencies latencies = Latencies.of(histogram);
        assertThat(latencies.p50()).isCloseTo(500, within(0.5));
        assertThat(latencies.p95()).isCloseTo(950, within(1.0));
        assertThat(latencies.p99()).isCloseTo(990, within(1.0));
    }

    @Test
    void aTimeBeyondTheRangeCountsAsTheLongest() {
        Histogram histogram = Latencies.histogram();
        Latencies.record(histogram, TimeUnit.HOURS.toNanos(1));
        assertThat(Latencies.of(histogram).p99()).isCloseTo(120_000, within(120.0));
    }

    @Test
    void nothingRecordedIsZero() {
        assertThat(Latencies.of(Latencies.histogram())).isEqualTo(new Latencies(0, 0, 0));
    }
}
