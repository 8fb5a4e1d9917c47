package org.millwright.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.ledger.Ledger;
import org.millwright.turn.Turns;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the scorers that a file declares in the cluster and keeps them as declared. It touches only what bears its labels; an
 * object of the same name without them stays as it is, and is told.
 */
public final class Reconciler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final Duration TURN = Duration.ofSeconds(15);

    private final ClusterApi cluster;
    private final Database database;
    private final Ledger ledger;
    private final String name;
    private final List<ObjectNode> wanted;
    private final Turns turns = new Turns("kubernetes", TURN, this::reconcile);
    private volatile List<String> faults = List.of();

    public Reconciler(ClusterApi cluster, ClusterFile file, Database database, Ledger ledger) {
        this.cluster = cluster;
        this.database = database;
        this.ledger = ledger;
        this.name = file.name();
        this.wanted = new Manifests(file).scorers();
        wanted.forEach(object -> object.withObject("/metadata/labels").put(Manifests.MANAGED_BY, Manifests.MANAGER));
        wanted.sort(Comparator.comparing(ClusterApi.Kind::of));
    }

    /** From now on looks by itself every fifteen seconds. */
    public void start() {
        turns.start();
    }

    /** What could not be put right the last time. */
    public List<String> faults() {
        return faults;
    }

    private record Ref(ClusterApi.Kind kind, String name) {
        static Ref of(ObjectNode object) {
            return new Ref(
                    ClusterApi.Kind.of(object), object.at("/metadata/name").asText());
        }

        @Override
        public String toString() {
            return kind.kind() + "/" + name;
        }
    }

    /** Compares and puts right what differs; returns what was done, such as {@code created Deployment/millwright-scorers}. */
    public List<String> reconcile() {
        var done = new ArrayList<String>();
        var wrong = new ArrayList<String>();
        Set<Ref> kept = new HashSet<>();
        for (ObjectNode object : wanted) {
            Ref ref = Ref.of(object);
            kept.add(ref);
            try {
                ensure(ref, object).ifPresent(what -> done.add(what + " " + ref));
            } catch (ClusterApi.Failed e) {
                wrong.add(ref + ": " + e.getMessage());
            }
        }
        try {
            for (ObjectNode owned : cluster.list(owned())) {
                Ref ref = Ref.of(owned);
                if (!kept.contains(ref)) {
                    cluster.delete(ref.kind(), ref.name());
                    done.add("deleted " + ref);
                }
            }
        } catch (ClusterApi.Failed e) {
            wrong.add("what is no longer wanted: " + e.getMessage());
        }
        tell(done, wrong);
        return done;
    }

    private Map<String, String> owned() {
        return Map.of(Manifests.MANAGED_BY, Manifests.MANAGER, Manifests.PART_OF, name);
    }

    private Optional<String> ensure(Ref ref, ObjectNode object) throws ClusterApi.Failed {
        Optional<ObjectNode> there = cluster.find(ref.kind(), ref.name());
        if (there.isEmpty()) {
            cluster.create(object);
            return Optional.of("created");
        }
        var labels = there.get().path("metadata").path("labels");
        if (!owned().entrySet().stream()
                .allMatch(label -> labels.path(label.getKey()).asText().equals(label.getValue()))) {
            throw new ClusterApi.Failed("somebody else made it, so it stays as it is", new IllegalStateException());
        }
        if (Drift.holds(object, there.get())) {
            return Optional.empty();
        }
        cluster.replace((ObjectNode) Drift.mended(object, there.get()));
        return Optional.of("changed");
    }

    /** Notes what was done, and what cannot be put right when that is other than the last time. */
    private void tell(List<String> done, List<String> wrong) {
        if (!done.isEmpty() || !wrong.equals(faults)) {
            ObjectNode entry = Json.object();
            entry.set("done", Json.tree(done));
            entry.set("wrong", Json.tree(wrong));
            database.write(() -> ledger.append(Actor.SYSTEM, "kubernetes.reconciled", "kubernetes:" + name, entry));
        }
        wrong.stream().filter(each -> !faults.contains(each)).forEach(each -> LOG.warn("Kubernetes: {}", each));
        faults = List.copyOf(wrong);
    }

    @Override
    public void close() {
        turns.close();
        cluster.close();
    }
}
