package io.userstore.benchmark;

/** The run cannot go on, for a reason that one sentence tells. */
final class BenchmarkFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    BenchmarkFailedException(String sentence) {
        this(sentence, Benchmark.CANNOT_RUN);
    }

    /** @param exitCode what the program ends with */
    BenchmarkFailedException(String sentence, int exitCode) {
        super(sentence);
        this.exitCode = exitCode;
    }

    BenchmarkFailedException(String sentence, Throwable cause) {
        super(sentence, cause);
        this.exitCode = Benchmark.CANNOT_RUN;
    }

    int exitCode() {
        return exitCode;
    }
}
