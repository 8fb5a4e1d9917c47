package org.millwright.lineage;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.millwright.kernel.Database;

/** What came from what: a graph of asset references, each edge with the run that drew it. */
public final class Edges {
    private static final int MOST = 10_000;

    private final Database database;
    private final Clock clock;
    private final EdgeStore store;

    public Edges(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
        this.store = new EdgeStore(database);
    }

    /** Notes that the run made {@code to} from {@code from}; the same edge of the same run is kept once. */
    public void record(String run, String from, String to) {
        record(run, List.of(from), List.of(to));
    }

    /** Notes that the run made each of the outputs from all of the inputs. */
    public void record(String run, Collection<String> inputs, Collection<String> outputs) {
        long now = clock.millis();
        database.write(() -> {
            for (String input : inputs) {
                for (String output : outputs) {
                    if (!input.equals(output)) {
                        store.insert(new Edge(input, output, run, now));
                    }
                }
            }
        });
    }

    /** Everything that the asset came from, nearest first. */
    public List<Edge> ancestors(String ref) {
        return database.read(() -> walk(ref, store::into, Edge::from));
    }

    /** Everything that came from the asset, nearest first. */
    public List<Edge> descendants(String ref) {
        return database.read(() -> walk(ref, store::outOf, Edge::to));
    }

    /** The edges that a run drew. */
    public List<Edge> ofRun(String run) {
        return database.read(() -> store.ofRun(run));
    }

    /** Breadth first; an asset that is met again is not followed again, so a cycle ends. */
    private static List<Edge> walk(String start, Step step, java.util.function.Function<Edge, String> next) {
        Set<String> seen = new LinkedHashSet<>(Set.of(start));
        var found = new ArrayList<Edge>();
        List<String> level = List.of(start);
        while (!level.isEmpty() && found.size() < MOST) {
            List<Edge> edges = step.from(level);
            found.addAll(edges);
            level = edges.stream().map(next).distinct().filter(seen::add).toList();
        }
        return List.copyOf(found.subList(0, Math.min(found.size(), MOST)));
    }

    private interface Step {
        List<Edge> from(List<String> refs);
    }
}
