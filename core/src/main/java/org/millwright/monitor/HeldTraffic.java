package org.millwright.monitor;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.millwright.dataset.DatasetVersion;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.lineage.Edge;
import org.millwright.lineage.Edges;
import org.millwright.scoring.performance.RowSignals;
import org.millwright.window.References;
import org.millwright.window.Watched;
import org.millwright.window.WindowState;
import org.millwright.window.WindowStore;

/** Which deployments' rows are held against the contract that a dataset version was checked against. */
public final class HeldTraffic {
    private static final int MOST = 20;

    private final Database database;
    private final Edges edges;
    private final Monitor monitor;
    private final References references;
    private final WindowStore store;

    public HeldTraffic(Database database, Edges edges, Monitor monitor, References references) {
        this.database = database;
        this.edges = edges;
        this.monitor = monitor;
        this.references = references;
        this.store = new WindowStore(database);
    }

    /**
     * A deployment.
     *
     * @param version of the model that answered last
     * @param rules of the dataset's contract that its rows are held against
     */
    public record Held(String deployment, String version, long rules) {}

    /** The deployments that the actor may see and whose newest version comes from the data; the first twenty. */
    public List<Held> by(Actor by, DatasetVersion data) {
        Set<String> models =
                edges.descendants(data.ref()).stream().map(Edge::to).collect(Collectors.toSet());
        var held = new ArrayList<Held>();
        for (Watched watched : monitor.all()) {
            String model = "model:" + watched.model() + "/";
            if (held.size() < MOST
                    && models.stream().anyMatch(ref -> ref.startsWith(model))
                    && monitor.mayRead(by, watched.project())) {
                database.read(() -> store.windows(watched.deployment())).stream()
                        .reduce((first, second) -> second)
                        .map(WindowState::version)
                        .filter(version -> models.contains(model + version))
                        .map(version -> new Held(watched.deployment(), version, rules(watched, version, data)))
                        .filter(found -> found.rules() > 0)
                        .ifPresent(held::add);
            }
        }
        return held;
    }

    private long rules(Watched watched, String version, DatasetVersion data) {
        return references
                .signals(watched.deployment(), version)
                .flatMap(RowSignals::contract)
                .map(contract -> contract.checks().stream()
                        .filter(check -> check.source().dataset().equals(data.dataset())
                                && check.source().digest().equals(data.contractDigest()))
                        .count())
                .orElse(0L);
    }
}
