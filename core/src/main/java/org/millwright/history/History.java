package org.millwright.history;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;

/**
 * Tells what was the case at any moment, from the ledger alone: the state of an asset is what its entries up to then tell, one
 * after the other.
 *
 * <p>Assets with many entries get snapshots: which entry told each fact. What a fact says is read from its entry each time, so
 * a snapshot can make an answer slow, never wrong about what an entry says.
 */
public final class History {
    /** Entries that are folded at once, and at least between snapshots. */
    static final int PAGE = 250;

    private static final int MOST_RENAMES = 20;
    private static final int MOST_LINKED = 60;

    private final Database database;
    private final Ledger ledger;
    private final Access access;
    private final Clock clock;
    private final HistoryStore store;

    public History(Database database, Ledger ledger, Access access, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.access = access;
        this.clock = clock;
        this.store = new HistoryStore(database);
    }

    /**
     * What was the case at a moment.
     *
     * @param at milliseconds since the epoch, as asked
     * @param size entries that the log had then
     * @param assets the asset asked about first, then those that belong to its story
     */
    public record Moment(String ref, long at, long size, List<State> assets) {
        public State asset() {
            return assets.getFirst();
        }

        /** What was the case about another asset of this story. */
        public State of(String other) {
            return assets.stream()
                    .filter(state -> state.ref().equals(other))
                    .findFirst()
                    .orElseGet(() -> State.nothing(other));
        }
    }

    /** What was the case about an asset, and about those that belong to its story; now without a time. */
    public Moment at(Actor by, String ref, Optional<Long> time) {
        access.require(by, Permission.READ);
        requireTold(ref);
        long at = time.orElse(clock.millis());
        if (at > clock.millis()) {
            throw new Problem.Invalid(
                    Instant.ofEpochMilli(at) + " is still to come (expected: a time up to now)",
                    "mw state " + ref + " tells what is the case now.");
        }
        long size = time.isPresent() ? ledger.sizeAt(at) : ledger.size();
        return new Moment(ref, at, size, linked(ref, size));
    }

    /** The same at a place of the log: after its first entries. */
    public Moment after(Actor by, String ref, long size) {
        access.require(by, Permission.READ);
        requireTold(ref);
        return new Moment(ref, clock.millis(), size, linked(ref, size));
    }

    private static void requireTold(String ref) {
        if (ref.length() > 500 || Tellings.kind(ref).isEmpty()) {
            throw new Problem.Invalid(
                    "No state is told of '" + ref.substring(0, Math.min(100, ref.length()))
                            + "' (expected: model:NAME, model:NAME/VERSION, deployment:NAME, project:NAME, dataset:NAME,"
                            + " agreement:MODEL or run:ID)",
                    "mw history REF tells what is recorded about any asset.");
        }
    }

    /** A fact that differs between two moments; {@code before} or {@code after} is empty when it began or ended between. */
    public record Change(String ref, String name, Optional<Fact> before, Optional<Fact> after) {}

    /** What differs between two moments, asset by asset. */
    public static List<Change> changes(Moment from, Moment to) {
        if (from.at() > to.at()) {
            throw new Problem.Invalid("from " + Instant.ofEpochMilli(from.at()) + " comes after to "
                    + Instant.ofEpochMilli(to.at()) + " (expected: the earlier time first)");
        }
        Set<String> refs = new LinkedHashSet<>();
        to.assets().forEach(state -> refs.add(state.ref()));
        from.assets().forEach(state -> refs.add(state.ref()));
        var changes = new ArrayList<Change>();
        for (String ref : refs) {
            State before = from.of(ref);
            State after = to.of(ref);
            Set<String> names = new java.util.TreeSet<>(before.facts().keySet());
            names.addAll(after.facts().keySet());
            for (String name : names) {
                Optional<Fact> was = before.fact(name);
                Optional<Fact> is = after.fact(name);
                if (!was.map(Fact::value).equals(is.map(Fact::value))) {
                    changes.add(new Change(ref, name, was, is));
                }
            }
        }
        return changes;
    }

    /** The state of the asset and of what its facts lead to. */
    private List<State> linked(String ref, long size) {
        Map<String, State> states = new LinkedHashMap<>();
        Map<String, Optional<Fact>> renamed = new HashMap<>();
        var open = new ArrayList<>(List.of(ref));
        while (!open.isEmpty() && states.size() < MOST_LINKED) {
            String next = open.removeFirst();
            if (!states.containsKey(next) && !Tellings.kind(next).isEmpty()) {
                State state = state(next, size, renamed);
                if (next.equals(ref) || !state.facts().isEmpty()) {
                    states.put(next, state);
                    open.addAll(Links.of(state, ref));
                }
            }
        }
        return List.copyOf(states.values());
    }

    /**
     * The state of one asset after the first entries of the log; that of a renamed model goes on from what was told under its
     * names before.
     *
     * @param renamed what is known of models: the entry that gave them their name
     */
    private State state(String ref, long size, Map<String, Optional<Fact>> renamed) {
        var names = new ArrayList<Named>();
        String known = ref;
        long end = size;
        while (names.size() < MOST_RENAMES) {
            Optional<Fact> naming = naming(Links.model(known), end, renamed);
            names.addFirst(new Named(known, naming.map(Fact::index).orElse(0L), end));
            if (naming.isEmpty()) {
                break;
            }
            String suffix = known.substring(Links.model(known).length());
            end = naming.get().index();
            known = naming.get().value().asText() + suffix;
        }
        State state = State.nothing(ref);
        for (Named name : names) {
            state = fold(new State(name.ref(), state.facts()), name.from(), name.before());
        }
        return state;
    }

    /** A name that the asset had between two places of the log. */
    private record Named(String ref, long from, long before) {}

    private Optional<Fact> naming(String model, long before, Map<String, Optional<Fact>> renamed) {
        return model.isEmpty()
                ? Optional.empty()
                : renamed.computeIfAbsent(
                        model + " " + before,
                        key -> fold(State.nothing(model), 0, before).fact("formerly"));
    }

    private State fold(State start, long from, long before) {
        String ref = start.ref();
        Optional<HistoryStore.Snapshot> snapshot =
                from > 0 ? Optional.empty() : database.read(() -> store.before(ref, before));
        State state = snapshot.map(known -> restored(ref, known)).orElse(start);
        long next = snapshot.map(HistoryStore.Snapshot::size).orElse(from);
        Set<String> actions = Tellings.actions(ref);
        int folded = 0;
        while (true) {
            List<Entry> page = ledger.about(ref, next, before, actions, PAGE);
            state = state.applyAll(page);
            if (page.size() < PAGE) {
                return state;
            }
            next = page.getLast().index() + 1;
            folded += PAGE;
            // As far apart as they are large, so that all together they grow as the log does.
            if (from == 0 && folded >= state.facts().size()) {
                keep(state, next);
                folded = 0;
            }
        }
    }

    /** Keeps where the facts about an asset stand after the first entries of the log; returns their number. */
    int keep(String ref, long size) {
        State state = fold(State.nothing(ref), 0, size);
        keep(state, size);
        return state.facts().size();
    }

    private void keep(State state, long size) {
        var places = new TreeMap<String, Long>();
        state.facts().forEach((name, fact) -> places.put(name, fact.index()));
        database.write(() -> store.insert(state.ref(), new HistoryStore.Snapshot(size, places)));
    }

    /** Reads the facts again from the entries that a snapshot names. */
    private State restored(String ref, HistoryStore.Snapshot snapshot) {
        var byPlace = new HashMap<Long, State>();
        ledger.at(new HashSet<>(snapshot.places().values()))
                .forEach(entry -> byPlace.put(entry.index(), State.nothing(ref).apply(entry)));
        var facts = new TreeMap<String, Fact>();
        snapshot.places()
                .forEach((name, place) -> Optional.ofNullable(byPlace.get(place))
                        .flatMap(told -> told.fact(name))
                        .ifPresent(fact -> facts.put(name, fact)));
        return new State(ref, facts);
    }
}
