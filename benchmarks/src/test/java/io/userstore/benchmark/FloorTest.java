package io.userstore.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FloorTest {
    private static final Latencies FAST = new Latencies(1, 2, 3);

    private static Result result(String operation, String load, double perSecond) {
        return new Result(operation, load, perSecond, FAST, 1_000, 0, 0, null);
    }

    private static Floor floor(String start, Floor.Figures figures) {
        return Floor.all(figures).stream()
                .filter(floor -> floor.what().startsWith(start))
                .findFirst()
                .orElseThrow();
    }

    private static Floor.Figures figures(Result... results) {
        return new Floor.Figures(List.of(results), true, 40, new MemoryUse(700, 200));
    }

    @Test
    void theSlowestRowDecides() {
        Floor get = floor(
                "get", figures(result(Measures.GET_BY_ID, "16", 9_000), result(Measures.GET_BY_EMAIL, "64", 4_000)));
        assertThat(get.verdict()).isEqualTo("MISSED");
        assertThat(get.figure()).isEqualTo("4,000/s (get by e-mail, 64)");
    }

    @Test
    void aDeepPageIsComparedWithTheFirstAtTheSameConcurrency() {
        Result[] results = {
            result(Measures.FIRST_PAGE, "16", 500),
            result(Measures.FIRST_PAGE, "64", 1_000),
            result(Measures.DEEP_PAGE + "90,000", "16", 500),
            result(Measures.DEEP_PAGE + "90,000", "64", 800)
        };
        Floor depth = floor("deep page", figures(results));
        assertThat(depth.figure()).isEqualTo("1.25 ×");
        assertThat(depth.verdict()).isEqualTo("MISSED");
    }

    @Test
    void asynchronousCreationsDoNotCountForTheFloorOfCreations() {
        Floor create = floor(
                "create", figures(result(Measures.CREATE_ASYNC, "16", 2_000), result(Measures.CREATE, "16", 900)));
        assertThat(create).isEqualTo(new Floor("create without hashing ≥ 800/s", "met", "900/s (create, 16)"));
    }

    @Test
    void signInsAreComparedWithTheBareHash() {
        Floor signIn = floor("sign-in", figures(result(Measures.SIGN_IN + Measures.HASHING, "16", 37)));
        assertThat(signIn.verdict()).isEqualTo("met");
        assertThat(signIn.figure()).startsWith("93 %");
    }

    @Test
    void aLagThatWasMeasuredAtALowerRateDoesNotMeetItsFloor() {
        assertThat(floor("commit", figures(result(LagMeasure.NAME, "300/s", 299)))
                        .verdict())
                .isEqualTo("met");
        assertThat(floor("commit", figures(result(LagMeasure.NAME, "300/s", 200)))
                        .verdict())
                .isEqualTo("MISSED");
    }

    @Test
    void whatWasNotMeasuredIsNotJudged() {
        Floor.Figures nothing = new Floor.Figures(List.of(), true, 0, MemoryUse.UNKNOWN);
        assertThat(Floor.all(nothing)).extracting(Floor::verdict).containsOnly("not measured");
    }

    @Test
    void theFigureOfAProcFileIsRead() {
        assertThat(MemoryUse.kib(List.of("Name:\tjava", "VmHWM:\t  412340 kB"), "VmHWM:"))
                .hasValue(412_340);
    }
}
