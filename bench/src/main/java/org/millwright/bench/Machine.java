package org.millwright.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** The machine that figures are from. */
final class Machine {
    private Machine() {}

    static String describe() {
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return String.format(
                Locale.ROOT,
                "%d cores of %s, %.0f GB, JDK %s (%s), %s %s",
                system.getAvailableProcessors(),
                processor(),
                system.getTotalMemorySize() / 1e9,
                Runtime.version().toString().replaceFirst("-.*", ""),
                System.getProperty("java.vendor", "?"),
                System.getProperty("os.name"),
                System.getProperty("os.version"));
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.replaceFirst(".*: *", "").strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
