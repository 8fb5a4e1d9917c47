package org.millwright.web.ui;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.millwright.anchor.Anchors;
import org.millwright.factory.Outbox;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.ledger.Checkpoint;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;
import org.millwright.monitor.Monitor;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.pipeline.RunStatus;
import org.millwright.serving.Deployments;
import org.millwright.web.oip.Metadata;

/** What IT operations run: whether all is well, what is left of the machine, versions of what runs, backups. */
public final class InstallationDesk {
    public static final String BACKUP = "backup.written";

    private static final double FULL = 0.9;

    private final Rooms rooms;
    private final Access access;

    /**
     * What is asked.
     *
     * @param health what is wrong at the moment
     * @param data folder with everything that lasts
     */
    public record Rooms(
            Supplier<List<String>> health,
            Path data,
            Supplier<Database.Load> load,
            boolean sqlite,
            Deployments deployments,
            PipelineRuns runs,
            Outbox outbox,
            Monitor monitor,
            Ledger ledger,
            Anchors anchors) {}

    public InstallationDesk(Rooms rooms, Access access) {
        this.rooms = rooms;
        this.access = access;
    }

    /** A figure beside what it may become; {@code tone} tells whether it is near that. */
    public record Gauge(String name, String value, String tone) {}

    /**
     * What is there to see.
     *
     * @param wrong what does not work, with what to do
     * @param backup the newest backup that this server wrote
     */
    public record View(
            List<String> wrong,
            List<Gauge> capacity,
            Map<String, String> versions,
            Optional<Entry> backup,
            Optional<Checkpoint> signed,
            long entries,
            List<Anchors.Status> places,
            boolean sqlite) {
        /** The state in a sentence. */
        public String lead() {
            long near = capacity.stream()
                    .filter(gauge -> !gauge.tone().equals("ok"))
                    .count();
            return (wrong.isEmpty() ? "Everything works" : HomePages.count(wrong.size(), "thing") + " does not work")
                            .replace("things does", "things do")
                    + (near == 0 ? "; nothing is short" : "; " + near + " short of capacity")
                    + (backup.isEmpty() ? "; no backup was written yet." : ".");
        }
    }

    View view(Actor by, long now) {
        access.require(by, Permission.OPERATE);
        var wrong = new ArrayList<>(rooms.health().get());
        rooms.deployments().faults().forEach((name, fault) -> wrong.add("deployment " + name + ": " + fault));
        rooms.ledger().keys().unsigned().ifPresent(problem -> wrong.add("ledger: " + problem.getMessage()));
        rooms.anchors().list(by).stream()
                .filter(place -> !place.fault().isEmpty())
                .forEach(place -> wrong.add("anchor " + place.place() + ": " + place.fault()));
        List<Checkpoint> signed = rooms.ledger().checkpoints();
        return new View(
                wrong,
                capacity(now),
                versions(),
                rooms.ledger().newest(BACKUP, List.of(), 1).stream().findFirst(),
                signed.isEmpty() ? Optional.empty() : Optional.of(signed.getLast()),
                rooms.ledger().size(),
                rooms.anchors().list(by),
                rooms.sqlite());
    }

    private List<Gauge> capacity(long now) {
        var gauges = new ArrayList<Gauge>();
        try {
            FileStore disk = Files.getFileStore(rooms.data());
            gauges.add(share("Disk", disk.getTotalSpace() - disk.getUsableSpace(), disk.getTotalSpace()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime machine = Runtime.getRuntime();
        gauges.add(share("Memory of the process", machine.totalMemory() - machine.freeMemory(), machine.maxMemory()));
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        int cores = machine.availableProcessors();
        gauges.add(new Gauge(
                "Load over a minute",
                (load < 0 ? "unknown" : Text.number(load)) + " on " + HomePages.count(cores, "core"),
                load > 2 * cores ? "warn" : "ok"));
        Database.Load database = rooms.load().get();
        gauges.add(waiting("Writes that wait for the database", database.waiting()));
        gauges.add(waiting("Threads that wait for a connection", database.wanting()));
        gauges.add(waiting("Reactions to changes that wait", rooms.outbox().waiting()));
        gauges.add(waiting(
                "Answered rows that wait to be profiled",
                rooms.monitor().backlogs().values().stream()
                        .mapToLong(Monitor.Backlog::waiting)
                        .sum()));
        gauges.add(new Gauge(
                "Pipeline runs at work",
                Text.number((long) rooms.runs().counts().getOrDefault(RunStatus.RUNNING, 0)),
                "ok"));
        return gauges;
    }

    private static Gauge share(String name, long used, long all) {
        double share = all == 0 ? 0 : (double) used / all;
        return new Gauge(
                name,
                Text.bytes(used) + " of " + Text.bytes(all) + ", " + Text.percent(share),
                share >= FULL ? "bad" : "ok");
    }

    /** Work that queues now and then is no fault; a thousand at once is a server that does not keep up. */
    private static Gauge waiting(String name, long waiting) {
        return new Gauge(name, Text.number(waiting), waiting >= 1_000 ? "warn" : "ok");
    }

    private Map<String, String> versions() {
        var runtime = ManagementFactory.getRuntimeMXBean();
        var versions = new java.util.LinkedHashMap<String, String>();
        versions.put("Millwright", Metadata.SERVER_VERSION);
        versions.put("Java", System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"));
        versions.put(
                "System",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        versions.put("Metadata", rooms.sqlite() ? "SQLite, in the data folder" : "PostgreSQL");
        versions.put("Data folder", rooms.data().toString());
        versions.put("Up for", Text.duration(runtime.getUptime()));
        return versions;
    }
}
