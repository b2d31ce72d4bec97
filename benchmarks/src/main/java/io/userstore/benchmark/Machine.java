package io.userstore.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Where the figures come from; without it they say little. */
record Machine(
        int processors,
        long memoryMib,
        String processor,
        String jdk,
        String kernel,
        String fileSystem,
        double loadBefore,
        String date) {

    /** @param data the folder that the server's data will lie in */
    static Machine describe(Path data) throws IOException {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                readMemoryMib(),
                readProcessor(),
                System.getProperty("java.vendor.version", "") + " " + Runtime.version(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                Files.getFileStore(data).type(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /** Others' work takes from the figures what it takes from the processors. */
    static void warnWhenBusy() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        if (load > Runtime.getRuntime().availableProcessors() / 2.0) {
            Console.say("This machine is busy (load %.1f): the figures will be worse than the user store is."
                    .formatted(load));
        }
    }

    private static long readMemoryMib() throws IOException {
        Path meminfo = Path.of("/proc/meminfo");
        return Files.exists(meminfo)
                ? MemoryUse.kib(Files.readAllLines(meminfo), "MemTotal:").orElse(0) / 1024
                : 0;
    }

    private static String readProcessor() throws IOException {
        Path cpuinfo = Path.of("/proc/cpuinfo");
        if (!Files.exists(cpuinfo)) {
            return "unknown processor";
        }
        return Files.readAllLines(cpuinfo).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown processor");
    }

    String line() {
        return "%d × %s, %,d MiB memory, %s, data on %s, %s, JDK %s; load before the run %.2f"
                .formatted(processors, processor, memoryMib, kernel, fileSystem, date, jdk.strip(), loadBefore);
    }
}
