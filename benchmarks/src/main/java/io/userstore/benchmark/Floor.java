package io.userstore.benchmark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One floor and how the run stands to it. The floors are for two processors, the load generator included.
 *
 * @param verdict {@code met}, {@code MISSED} or {@code not measured}
 */
record Floor(String what, String verdict, String figure) {
    private static final double GETS = 5_000;
    private static final double LISTS = 300;
    private static final double DEEP_TO_FIRST = 1.2;
    private static final double CREATES = 800;
    private static final double SIGN_INS_TO_HASHES = 0.9;
    private static final double LAG_MILLIS = 50;
    private static final double REBUILT_EVENTS = 10_000;
    private static final double KEPT_PACE = 0.98;
    private static final long MEMORY_MIB = 1_024;

    /**
     * What the floors look at.
     *
     * @param ownServer whether hashing was switched off as far as it goes, which a server of --url is not asked to
     * @param bareHashes per second, the mean of before and after the sign-ins; 0 when not measured
     */
    record Figures(List<Result> results, boolean ownServer, double bareHashes, MemoryUse memory) {}

    static List<Floor> all(Figures figures) {
        List<Result> results = figures.results();
        List<Floor> floors = new ArrayList<>();
        floors.add(rate("get ≥ 5,000/s", results, GETS, name -> name.startsWith("get ")));
        floors.add(rate("list of 100 ≥ 300/s at any depth", results, LISTS, name -> name.startsWith("list ")));
        floors.add(depth(results));
        floors.add(rate(
                "create without hashing ≥ 800/s",
                figures.ownServer() ? results : List.of(),
                CREATES,
                Measures.CREATE::equals));
        floors.add(signIn(figures));
        floors.add(lag(results));
        floors.add(rate(
                "rebuild ≥ 10,000 events/s", results, REBUILT_EVENTS, name -> name.startsWith(RebuildMeasure.NAME)));
        floors.add(memory(figures.memory()));
        return floors;
    }

    /** Every row of an operation has to reach the floor, so the slowest is what counts. */
    private static Floor rate(String what, List<Result> results, double floor, Predicate<String> operation) {
        return results.stream()
                .filter(result -> operation.test(result.operation()))
                .min(Comparator.comparingDouble(Result::perSecond))
                .map(slowest -> judged(
                        what,
                        slowest.perSecond() >= floor,
                        "%,.0f/s (%s, %s)".formatted(slowest.perSecond(), slowest.operation(), slowest.load())))
                .orElse(unknown(what));
    }

    /** In a closed loop of the same concurrency the mean times are to each other as the rates the other way round. */
    private static Floor depth(List<Result> results) {
        String what = "deep page ≤ 1.2 × the time of the first";
        return results.stream()
                .filter(result -> result.operation().startsWith(Measures.DEEP_PAGE))
                .flatMap(deep -> find(results, Measures.FIRST_PAGE, deep.load()).stream()
                        .map(first -> first.perSecond() / deep.perSecond()))
                .max(Comparator.naturalOrder())
                .map(ratio -> judged(what, ratio <= DEEP_TO_FIRST, "%.2f ×".formatted(ratio)))
                .orElse(unknown(what));
    }

    private static Optional<Result> find(List<Result> results, String operation, String load) {
        return results.stream()
                .filter(result ->
                        result.operation().equals(operation) && result.load().equals(load))
                .findFirst();
    }

    private static Floor signIn(Figures figures) {
        String what = "sign-in ≥ 90 % of the bare hash";
        String operation = figures.ownServer() ? Measures.SIGN_IN + Measures.HASHING : Measures.SIGN_IN;
        double bare = figures.bareHashes();
        return figures.results().stream()
                .filter(result -> result.operation().equals(operation) && bare > 0)
                .min(Comparator.comparingDouble(Result::perSecond))
                .map(slowest -> judged(
                        what,
                        slowest.perSecond() >= SIGN_INS_TO_HASHES * bare,
                        "%.0f %% (%.1f/s of %.1f/s, %s)"
                                .formatted(
                                        100 * slowest.perSecond() / bare, slowest.perSecond(), bare, slowest.load())))
                .orElse(unknown(what));
    }

    private static Floor lag(List<Result> results) {
        String what = "commit to visible, p99 ≤ 50 ms at 300 writes/s";
        return results.stream()
                .filter(result -> result.operation().equals(LagMeasure.NAME))
                .findFirst()
                .map(lag -> judged(
                        what,
                        lag.latency().p99() <= LAG_MILLIS
                                && lag.requests() > 0
                                && lag.perSecond() >= KEPT_PACE * LagMeasure.WRITES_PER_SECOND,
                        "%.1f ms at %.0f writes/s".formatted(lag.latency().p99(), lag.perSecond())))
                .orElse(unknown(what));
    }

    private static Floor memory(MemoryUse memory) {
        String what = "memory ≤ 1 GiB";
        return memory.totalMib() == 0
                ? unknown(what)
                : judged(
                        what,
                        memory.totalMib() <= MEMORY_MIB,
                        "%,d MiB (JVM at its peak %,d, PostgreSQL %,d)"
                                .formatted(memory.totalMib(), memory.jvmPeakMib(), memory.postgresMib()));
    }

    private static Floor judged(String what, boolean met, String figure) {
        return new Floor(what, met ? "met" : "MISSED", figure);
    }

    private static Floor unknown(String what) {
        return new Floor(what, "not measured", "");
    }
}
