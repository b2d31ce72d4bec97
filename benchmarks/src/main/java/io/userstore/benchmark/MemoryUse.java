package io.userstore.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * The memory of a server: its JVM at its peak, which the kernel keeps, and the processes of its PostgreSQL, whose shared
 * pages are counted once, at the moment of asking. Known on Linux only.
 *
 * @param jvmPeakMib resident set of the JVM at its peak
 * @param postgresMib proportional sets of all processes of PostgreSQL together
 */
record MemoryUse(long jvmPeakMib, long postgresMib) {
    static final MemoryUse UNKNOWN = new MemoryUse(0, 0);

    static MemoryUse of(ProcessHandle server, List<ProcessHandle> postgres) {
        try {
            long postgresKib = 0;
            for (ProcessHandle process : postgres) {
                postgresKib += kib(process, "smaps_rollup", "Pss:");
            }
            return new MemoryUse(kib(server, "status", "VmHWM:") / 1024, postgresKib / 1024);
        } catch (IOException e) {
            Console.say("  the server's memory cannot be read: " + e);
            return UNKNOWN;
        }
    }

    /** The greater of both, part by part. */
    MemoryUse max(MemoryUse other) {
        return new MemoryUse(Math.max(jvmPeakMib, other.jvmPeakMib), Math.max(postgresMib, other.postgresMib));
    }

    long totalMib() {
        return jvmPeakMib + postgresMib;
    }

    private static long kib(ProcessHandle process, String file, String field) throws IOException {
        Path path = Path.of("/proc", Long.toString(process.pid()), file);
        try {
            return kib(Files.readAllLines(path), field)
                    .orElseThrow(() -> new IOException("no " + field + " in " + path));
        } catch (IOException e) {
            // Processes of PostgreSQL come and go; the server itself has to be there.
            if (process.isAlive()) {
                throw e;
            }
            return 0;
        }
    }

    /** The figure of a line such as {@code VmHWM:   412340 kB}. */
    static OptionalLong kib(List<String> lines, String field) {
        return lines.stream()
                .filter(line -> line.startsWith(field))
                .mapToLong(line -> Long.parseLong(
                        line.substring(field.length()).replace("kB", "").strip()))
                .findFirst();
    }
}
