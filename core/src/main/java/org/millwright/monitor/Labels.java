package org.millwright.monitor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.intake.Attributes;
import org.millwright.intake.Merge;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.outcome.Label;
import org.millwright.outcome.LabelStore;
import org.millwright.outcome.Outcome;
import org.millwright.outcome.PredictionStore;
import org.millwright.outcome.Target;
import org.millwright.project.Project;
import org.millwright.verdict.Measures;
import org.millwright.window.Watched;
import org.millwright.window.WindowState;
import org.millwright.window.WindowStore;

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

    /** Outcomes of one transaction: fewer would write the same pages again and again, more keep other writers waiting. */
    private static final int TOGETHER = 25_000;

    private static final int LONGEST_ID = 256;
    private static final int SHOWN = 10;

    /** How far a clock may be ahead: of two outcomes that contradict each other the one observed later counts. */
    private static final long SKEW = Duration.ofDays(1).toMillis();

    private final Database database;
    private final Ledger ledger;
    private final Access access;
    private final Monitor monitor;
    private final Measures measures;
    private final Clock clock;
    private final Ids ids;
    private final WindowStore store;
    private final PredictionStore predictions;
    private final LabelStore labels;
    private final Attributes attributes;

    public Labels(Database database, Ledger ledger, Access access, Monitor monitor, Clock clock, Ids ids) {
        this.database = database;
        this.ledger = ledger;
        this.access = access;
        this.monitor = monitor;
        this.measures = monitor.measures();
        this.clock = clock;
        this.ids = ids;
        this.store = new WindowStore(database);
        this.predictions = new PredictionStore(database);
        this.labels = new LabelStore(database);
        this.attributes = new Attributes(database);
    }

    /**
     * What became of outcomes that were sent.
     *
     * @param joined new ones whose prediction is known
     * @param pending new ones that wait for their prediction
     * @param duplicates known ones, sent again
     * @param contradicted ones whose value differs from the one known
     * @param unknown some ids that no prediction has
     * @param contradictions some ids that were contradicted
     * @param unknownClasses new ones, and ones that took the place of others, of classes that no version knows, by class
     * @param unusedAttributes columns that were sent and not kept, as the agreement names them nowhere
     */
    public record Received(
            int received,
            int joined,
            int pending,
            int duplicates,
            int contradicted,
            List<String> unknown,
            List<String> contradictions,
            Map<String, Integer> unknownClasses,
            List<String> unusedAttributes) {}

    /** Takes outcomes of a deployment's predictions, all or none of those that are malformed; see {@link #MOST}. */
    public Received receive(Actor by, String deployment, List<Label> sent) {
        requireFew(sent.size());
        monitor.settle(deployment);
        Watched watched = monitor.watched(deployment);
        access.require(by, Permission.LABEL, watched.project());
        Target target = measures.target(watched, versions(deployment));
        List<Label> kept = kept(sent, target, clock.millis());
        Set<String> columns = Set.copyOf(measures.segments(watched.project()).columns());
        var tally = new Tally(target, columns);
        for (Part part : parts(kept)) {
            tally.unused(part.labels());
            tally.add(database.write(() -> {
                store.lock(deployment);
                Taken taken = receive(by, watched, part);
                attributes.keep(watched, part.labels(), columns, clock.millis());
                return taken;
            }));
        }
        monitor.outcomesCame(deployment);
        return tally.received(sent.size());
    }

    private Set<String> versions(String deployment) {
        return database.read(() -> store.windows(deployment)).stream()
                .map(WindowState::version)
                .collect(Collectors.toSet());
    }

    /**
     * What enters in one transaction.
     *
     * @param labels as {@link Merge#sorted} puts them
     */
    private record Part(List<Label> labels, String digest) {
        static Part of(List<Label> labels) {
            return new Part(labels, Labels.digest(labels));
        }
    }

    private static List<Part> parts(List<Label> kept) {
        List<Label> sorted = Merge.sorted(kept);
        return IntStream.range(0, Math.ceilDiv(sorted.size(), TOGETHER))
                .parallel()
                .mapToObj(i -> Part.of(sorted.subList(i * TOGETHER, Math.min(sorted.size(), (i + 1) * TOGETHER))))
                .toList();
    }

    /** @param joined which of the changed ones have a prediction */
    private record Taken(Merge merge, BitSet joined) {
        /** Which are new and have a prediction. */
        BitSet found() {
            var found = (BitSet) merge.fresh().clone();
            found.and(joined);
            return found;
        }

        /** Those that are new and wait for their prediction. */
        List<String> waiting() {
            var waiting = (BitSet) merge.fresh().clone();
            waiting.andNot(joined);
            return waiting.stream().mapToObj(i -> merge.changed().get(i).id()).toList();
        }
    }

    private Taken receive(Actor by, Watched watched, Part part) {
        String deployment = watched.deployment();
        long now = clock.millis();
        Map<String, Label> known = new HashMap<>();
        labels.insert(deployment, Merge.firsts(part.labels()), now)
                .forEach((id, before) -> known.put(id, before.label()));
        var merge = new Merge(part.labels(), known);
        merge.lost()
                .forEach(lost -> labels.change(ids.next(), deployment, lost.label(), lost.wasKnown(), now, by.id()));
        merge.replaced().stream()
                .forEach(i -> labels.replace(deployment, merge.changed().get(i), now));
        var taken = new Taken(merge, join(watched, merge));
        labels.setPending(deployment, taken.waiting());
        ledger.append(
                by, "labels.received", List.of(watched.ref(), Project.ref(watched.project())), entry(part, taken));
        return taken;
    }

    /**
     * Gives predictions their outcomes and counts those that had none in their windows: a prediction has one as soon as there
     * is one of its id. Returns which of the changed outcomes have one.
     */
    private BitSet join(Watched watched, Merge merge) {
        List<WindowState> windows = store.windows(watched.deployment());
        var counts = new long[windows.size()];
        var touched = new BitSet();
        var joined = new BitSet();
        predictions.join(watched.deployment(), merge.changed(), (place, version, time) -> {
            joined.set(place);
            for (int i = 0; i < counts.length; i++) {
                if (windows.get(i).has(version, time)) {
                    touched.set(i);
                    counts[i] += merge.fresh().get(place) ? 1 : 0;
                }
            }
        });
        touched.stream().forEach(i -> {
            WindowState state = windows.get(i);
            store.addLabels(watched.deployment(), state.version(), state.window(), counts[i]);
        });
        return joined;
    }

    private static ObjectNode entry(Part part, Taken taken) {
        return Json.object()
                .put("received", part.labels().size())
                .put("joined", taken.found().cardinality())
                .put("pending", taken.waiting().size())
                .put("duplicates", taken.merge().duplicates())
                .put("contradicted", taken.merge().lost().size())
                .put("digest", part.digest());
    }

    /** Of a line for each outcome, by id: its id, what it is and when it was observed, with tabs between. */
    private static String digest(List<Label> part) {
        var lines = new StringBuilder(part.size() * 40);
        for (Label label : part) {
            lines.append(label.id()).append('\t');
            switch (label.outcome()) {
                case Outcome.Quantity quantity -> lines.append(quantity.value());
                case Outcome.Named named -> lines.append(named.name());
            }
            lines.append('\t').append(label.time());
            if (!label.attributes().isEmpty()) {
                new TreeMap<>(label.attributes())
                        .forEach((name, value) ->
                                lines.append('\t').append(name).append('=').append(value));
            }
            lines.append('\n');
        }
        return Json.sha256(lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void requireFew(int count) {
        if (count > MOST) {
            throw new Problem.TooLarge(count + " labels at once (at most " + MOST + ")", "Send them in parts.");
        }
    }

    /** The outcomes as the model's classes name them, or numbers; refuses all when one is malformed. */
    private static List<Label> kept(List<Label> sent, Target target, long now) {
        List<Label> kept = new ArrayList<>(sent.size());
        List<String> wrong = new ArrayList<>();
        Map<String, Outcome> named = new HashMap<>();
        for (int i = 0; i < sent.size() && wrong.size() < SHOWN; i++) {
            Label label = sent.get(i);
            if (label.id().isEmpty() || label.id().length() > LONGEST_ID) {
                wrong.add("label " + i + ": id of " + label.id().length() + " characters (expected: 1 to " + LONGEST_ID
                        + ")");
                continue;
            }
            if (label.time() > now + SKEW) {
                wrong.add("label " + i + ": time " + Instant.ofEpochMilli(label.time())
                        + " lies in the future (expected: when the outcome was observed)");
                continue;
            }
            if (!Json.isText(label.id())) {
                wrong.add("label " + i + ": id has a NUL or half a character (expected: an id that a prediction has)");
                continue;
            }
            try {
                Outcome outcome = label.outcome() instanceof Outcome.Named(String name)
                        ? named.computeIfAbsent(name, any -> target.kept(label.outcome()))
                        : target.kept(label.outcome());
                kept.add(new Label(label.id(), outcome, label.time(), Attributes.checked(label.attributes())));
            } catch (Problem.Invalid e) {
                wrong.add("label " + i + ": " + e.getMessage());
            }
        }
        if (!wrong.isEmpty()) {
            throw new Problem.Invalid(String.join("; ", wrong), "Nothing was stored: correct them and send all again.");
        }
        return kept;
    }

    /** Sums over the parts of one call. */
    private static final class Tally {
        private final Set<String> classes;
        private final Set<String> columns;
        private final Set<String> unused = new TreeSet<>();
        private int joined;
        private int pending;
        private int duplicates;
        private int contradicted;
        private final List<String> unknown = new ArrayList<>();
        private final List<String> contradictions = new ArrayList<>();
        private final Map<String, Integer> unknownClasses = new TreeMap<>();

        Tally(Target target, Set<String> columns) {
            classes = Set.copyOf(target.known());
            this.columns = columns;
        }

        void unused(List<Label> part) {
            for (Label label : part) {
                for (String name : label.attributes().keySet()) {
                    if (!columns.contains(name) && unused.size() < SHOWN) {
                        unused.add(name);
                    }
                }
            }
        }

        void add(Taken taken) {
            Merge merge = taken.merge();
            List<String> waiting = taken.waiting();
            joined += taken.found().cardinality();
            pending += waiting.size();
            waiting.stream().limit(SHOWN - unknown.size()).forEach(unknown::add);
            merge.changed().forEach(label -> unknownClass(label.outcome()));
            duplicates += merge.duplicates();
            contradicted += merge.lost().size();
            merge.lost().stream()
                    .map(lost -> lost.label().id())
                    .limit(SHOWN - contradictions.size())
                    .forEach(contradictions::add);
        }

        private void unknownClass(Outcome outcome) {
            if (!classes.isEmpty() && outcome instanceof Outcome.Named named && !classes.contains(named.name())) {
                boolean shown = unknownClasses.size() < SHOWN || unknownClasses.containsKey(named.name());
                unknownClasses.merge(shown ? named.name() : "…", 1, Integer::sum);
            }
        }

        Received received(int all) {
            return new Received(
                    all,
                    joined,
                    pending,
                    duplicates,
                    contradicted,
                    List.copyOf(unknown),
                    List.copyOf(contradictions),
                    Collections.unmodifiableMap(unknownClasses),
                    List.copyOf(unused));
        }
    }
}
