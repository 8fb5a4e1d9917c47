package org.millwright.reproduction;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.millwright.artifact.Artifacts;
import org.millwright.environment.Environments;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.pipeline.Sources;
import org.millwright.pipeline.Trees;
import org.millwright.project.Projects;
import org.millwright.scoring.signing.TrustedKey;

/** Everything that reproductions read and work with. */
public final class ReproductionBench {
    private final Recording.Rooms rooms;
    private final Environments environments;
    private final Workbench workbench;
    private final Supplier<Collection<TrustedKey>> keys;
    private final Supplier<List<Served>> served;
    private final Set<String> kinds;
    private final Path folder;
    private Consumer<ReproductionSettings> calendar = settings -> {};

    /**
     * @param kinds of steps that are done again, see {@link Workbench#runners}
     * @param keys whose signatures of bundles are believed
     * @param served what is in production at the moment
     * @param folder where steps work
     */
    public ReproductionBench(
            PipelineRuns runs,
            Sources sources,
            Projects projects,
            Trees trees,
            Environments environments,
            Workbench workbench,
            Set<String> kinds,
            Supplier<Collection<TrustedKey>> keys,
            Supplier<List<Served>> served,
            Path folder) {
        this.rooms = new Recording.Rooms(runs, sources, projects, trees);
        this.environments = environments;
        this.workbench = workbench;
        this.kinds = Set.copyOf(kinds);
        this.keys = keys;
        this.served = served;
        this.folder = folder;
    }

    /** A version in production, and since when it is registered. */
    public record Served(String subject, String project, long since) {}

    List<Served> served() {
        return served.get();
    }

    Recording.Rooms rooms() {
        return rooms;
    }

    Environments environments() {
        return environments;
    }

    Set<String> kinds() {
        return kinds;
    }

    Workbench workbench() {
        return workbench;
    }

    Attempt.Tools tools(Clock clock) {
        return new Attempt.Tools(environments, workbench, rooms.trees(), clock, keys::get);
    }

    Artifacts artifacts() {
        return rooms.trees().artifacts();
    }

    Path folder() {
        return folder;
    }

    void calendar(Consumer<ReproductionSettings> look) {
        calendar = look;
    }

    void look(ReproductionSettings settings) {
        calendar.accept(settings);
    }
}
