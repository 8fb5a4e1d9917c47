package org.millwright.lineage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/**
 * Assets that were taken back, for good. Everything that came from one counts as taken back with it, what is made of it
 * later too; only the assets themselves are kept, descent is looked up.
 */
public final class RevokedAssets {
    private static final String RUN = "run:";
    private static final String MODEL = "model:";

    private final Database database;
    private final Ledger ledger;
    private final Clock clock;
    private final Edges edges;
    private final RevocationStore store;

    public RevokedAssets(Database database, Ledger ledger, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
        this.edges = new Edges(database, clock);
        this.store = new RevocationStore(database);
    }

    /**
     * Revokes an asset; the same again changes nothing. The ledger's entry is about every model version that descends from
     * it, so that each one's history tells it.
     *
     * @param concerned further references that the entry is about, such as the project
     */
    public Revoked revoke(Actor by, String subject, String reason, List<String> concerned) {
        return database.write(() -> {
            Optional<Revoked> known = store.get(subject);
            if (known.isPresent()) {
                return known.get();
            }
            var revoked = new Revoked(subject, reason, by.id(), clock.millis());
            store.insert(revoked);
            List<String> marked = descendants(subject);
            var subjects = new LinkedHashSet<String>(List.of(subject));
            subjects.addAll(concerned);
            subjects.addAll(marked);
            ObjectNode details = Json.object().put("reason", reason);
            details.set("models", Json.tree(marked));
            ledger.append(by, "asset.revoked", List.copyOf(subjects), details);
            return revoked;
        });
    }

    /** The revocation of the asset itself. */
    public Optional<Revoked> of(String subject) {
        return database.read(() -> store.get(subject));
    }

    /** Newest first. */
    public List<Revoked> all() {
        return database.read(store::all);
    }

    /** What was revoked of all that the asset came from, the runs that made it included; oldest first. */
    public List<Revoked> above(String subject) {
        if (!database.read(store::any)) {
            return List.of();
        }
        Set<String> origins = new LinkedHashSet<>();
        for (Edge edge : edges.ancestors(subject)) {
            origins.add(edge.from());
            origins.add(RUN + edge.run());
        }
        origins.remove(subject);
        return database.read(() -> store.among(origins));
    }

    /** The model versions that came from the asset. */
    public List<String> descendants(String subject) {
        var found = new LinkedHashSet<String>();
        var begin = new ArrayList<String>();
        if (subject.startsWith(RUN)) {
            edges.ofRun(subject.substring(RUN.length())).stream().map(Edge::to).forEach(begin::add);
            found.addAll(begin);
        } else {
            begin.add(subject);
        }
        begin.stream()
                .distinct()
                .forEach(from -> edges.descendants(from).stream().map(Edge::to).forEach(found::add));
        found.remove(subject);
        return found.stream().filter(ref -> ref.startsWith(MODEL)).toList();
    }

    /** Refuses what was revoked, and what came from something that was. */
    public void requireNone(String subject) {
        of(subject).ifPresent(revoked -> {
            throw new Problem.Refused(
                    subject + " was revoked: " + revoked.reason(), "Make a new version; a revocation is for good.");
        });
        above(subject).stream().findFirst().ifPresent(revoked -> {
            throw new Problem.Refused(
                    subject + " comes from " + revoked.subject() + ", which was revoked: " + revoked.reason(),
                    "Make a new version without it; a revocation is for good.");
        });
    }
}
