package org.millwright.monitor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.project.Project;

/**
 * Outcomes of earlier predictions, joined to them by id whenever they come.
 *
 * <p>The same outcome sent again changes nothing. Of two that contradict each other the one observed later counts, and of
 * two observed at once the one sent later; the other one is kept beside it. Outcomes of unknown ids wait for their
 * prediction.
 */
public final class Labels {
    /** Outcomes that are taken at once. */
    public static final int MOST = 50_000;

    private static final int TOGETHER = 5_000;
    private static final int LONGEST_ID = 256;
    private static final int SHOWN = 10;

    private final Database database;
    private final Ledger ledger;
    private final Access access;
    private final Monitor monitor;
    private final Measures measures;
    private final Clock clock;
    private final Ids ids;
    private final MonitorStore store;
    private final PredictionStore predictions;
    private final LabelStore labels;

    public Labels(Database database, Ledger ledger, Access access, Monitor monitor, Clock clock, Ids ids) {
        this.database = database;
        this.ledger = ledger;
        this.access = access;
        this.monitor = monitor;
        this.measures = monitor.measures();
        this.clock = clock;
        this.ids = ids;
        this.store = new MonitorStore(database);
        this.predictions = new PredictionStore(database);
        this.labels = new LabelStore(database);
    }

    /**
     * An outcome.
     *
     * @param id of the prediction
     * @param value in the unit of the prediction
     * @param time when it was observed, milliseconds since the epoch
     */
    public record Label(String id, double value, long time) {}

    /**
     * What became of outcomes that were sent.
     *
     * @param joined new ones whose prediction is known
     * @param pending new ones that wait for their prediction
     * @param duplicates known ones, sent again
     * @param contradicted ones whose value differs from the one known
     * @param unknown some ids that no prediction has
     * @param contradictions some ids that were contradicted
     */
    public record Received(
            int received,
            int joined,
            int pending,
            int duplicates,
            int contradicted,
            List<String> unknown,
            List<String> contradictions) {}

    /** Takes outcomes of a deployment's predictions, all or none of those that are malformed; see {@link #MOST}. */
    public Received receive(Actor by, String deployment, List<Label> sent) {
        require(sent);
        monitor.settle(deployment);
        Watched watched = monitor.watched(deployment);
        access.require(by, Permission.LABEL, watched.project());
        var tally = new Tally();
        for (int from = 0; from < sent.size(); from += TOGETHER) {
            List<Label> part = sent.subList(from, Math.min(sent.size(), from + TOGETHER));
            database.write(() -> {
                store.lock(deployment);
                receive(by, watched, part, tally);
            });
        }
        monitor.outcomesCame(deployment);
        return tally.received(sent.size());
    }

    private void receive(Actor by, Watched watched, List<Label> part, Tally tally) {
        String deployment = watched.deployment();
        long now = clock.millis();
        List<String> sentIds = part.stream().map(Label::id).distinct().toList();
        Map<String, LabelStore.Known> known = labels.known(deployment, sentIds);
        Map<String, Label> fresh = new LinkedHashMap<>();
        Map<String, Label> newest = new LinkedHashMap<>();
        known.forEach((id, found) -> newest.put(id, found.label()));
        Set<String> replaced = new HashSet<>();
        int duplicates = 0;
        int contradicted = 0;
        for (Label label : part) {
            Label before = newest.get(label.id());
            if (before == null) {
                fresh.put(label.id(), label);
                newest.put(label.id(), label);
            } else if (before.value() == label.value()) {
                duplicates++;
            } else {
                boolean wins = label.time() >= before.time();
                labels.change(ids.next(), deployment, wins ? before : label, wins, now, by.id());
                if (wins) {
                    newest.put(label.id(), label);
                    replaced.add(label.id());
                }
                contradicted++;
                tally.contradiction(label.id());
            }
        }
        labels.insert(deployment, fresh.keySet().stream().map(newest::get).toList(), now);
        replaced.stream()
                .filter(known::containsKey)
                .forEach(id -> labels.replace(deployment, Objects.requireNonNull(newest.get(id)), now));
        Set<String> changed = new HashSet<>(fresh.keySet());
        changed.addAll(replaced);
        Set<String> joined = predictions.setOutcomes(
                deployment, changed.stream().map(newest::get).toList());
        labels.setJoined(deployment, joined);
        recount(watched, joined);
        tally.add(fresh.keySet(), joined, duplicates, contradicted);
        ledger.append(
                by,
                "labels.received",
                List.of(watched.ref(), Project.ref(watched.project())),
                entry(part, fresh.keySet(), joined, duplicates, contradicted));
    }

    /** Counts the outcomes of the windows that these predictions lie in anew. */
    private void recount(Watched watched, Collection<String> ids) {
        WindowKind kind = measures.kind(watched.project());
        Set<Intake.Key> touched = new HashSet<>();
        predictions
                .of(watched.deployment(), ids)
                .forEach(row -> touched.add(new Intake.Key(row.version(), kind.at(row.time()))));
        touched.forEach(key -> store.setLabels(
                watched.deployment(),
                key.version(),
                key.window(),
                predictions.labelled(watched.deployment(), key.version(), key.window())));
    }

    private static ObjectNode entry(
            List<Label> part, Set<String> fresh, Set<String> joined, int duplicates, int contradicted) {
        long found = fresh.stream().filter(joined::contains).count();
        return Json.object()
                .put("received", part.size())
                .put("joined", found)
                .put("pending", fresh.size() - found)
                .put("duplicates", duplicates)
                .put("contradicted", contradicted)
                .put("digest", Json.digest(part));
    }

    private static void require(List<Label> sent) {
        if (sent.size() > MOST) {
            throw new Problem.TooLarge(sent.size() + " labels at once (at most " + MOST + ")", "Send them in parts.");
        }
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < sent.size() && wrong.size() < SHOWN; i++) {
            Label label = sent.get(i);
            if (label.id().isEmpty() || label.id().length() > LONGEST_ID) {
                wrong.add("label " + i + ": id of " + label.id().length() + " characters (expected: 1 to " + LONGEST_ID
                        + ")");
            } else if (!Double.isFinite(label.value())) {
                wrong.add("label " + i + ": value " + label.value() + " (expected: a finite number)");
            }
        }
        if (!wrong.isEmpty()) {
            throw new Problem.Invalid(String.join("; ", wrong), "Nothing was stored: correct them and send all again.");
        }
    }

    /** Sums over the parts of one call. */
    private static final class Tally {
        private int joined;
        private int pending;
        private int duplicates;
        private int contradicted;
        private final List<String> unknown = new ArrayList<>();
        private final List<String> contradictions = new ArrayList<>();

        void contradiction(String id) {
            if (contradictions.size() < SHOWN) {
                contradictions.add(id);
            }
        }

        void add(Set<String> fresh, Set<String> found, int again, int contrary) {
            for (String id : fresh) {
                if (found.contains(id)) {
                    joined++;
                } else {
                    pending++;
                    if (unknown.size() < SHOWN) {
                        unknown.add(id);
                    }
                }
            }
            duplicates += again;
            contradicted += contrary;
        }

        Received received(int all) {
            return new Received(
                    all, joined, pending, duplicates, contradicted, List.copyOf(unknown), List.copyOf(contradictions));
        }
    }
}
