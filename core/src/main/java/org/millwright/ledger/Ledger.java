package org.millwright.ledger;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Tx;

/**
 * The append-only record of every state change and who made it.
 *
 * <p>An entry is appended inside the transaction of the change; the entries of works that commit together enter the Merkle
 * tree in one go right before the commit, so that the log has no gaps and a rolled back change leaves no trace.
 */
public final class Ledger {
    private static final int MAX_LEAF = 65_535;
    private static final int MAX_READ = 10_000;
    /** So far back the entries of an actor are looked for: no index leads to them. */
    private static final long SEARCHED = 100_000;
    /** A clock that is set back by less is not worth an entry: the entries get the time of the one before. */
    private static final long SLACK_MILLIS = 1_000;

    private static final String CLOCK_SET_BACK = "ledger.clock-set-back";

    private final Database database;
    private final Clock clock;
    private final Ids ids;
    private final Keys keys;
    private final LedgerStore store;
    private final AsideStore aside;
    private final Witness witness;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Tx.CommitHook<Pending> hook = this::flush;
    private volatile People people = text -> false;

    /** A change that waits for its commit. */
    record Pending(
            String id,
            long at,
            String actor,
            boolean authenticated,
            String action,
            List<String> subjects,
            JsonNode details) {
        Pending at(long time) {
            return new Pending(id, time, actor, authenticated, action, subjects, details);
        }
    }

    /** @param witness keeps the last signed checkpoint outside the database, so that a shortened log is noticed */
    public Ledger(Database database, Clock clock, Ids ids, NoteKey key, Witness witness) {
        this.database = database;
        this.clock = clock;
        this.ids = ids;
        this.witness = witness;
        this.store = new LedgerStore(database);
        this.aside = new AsideStore(database);
        this.keys = new Keys(this, database, clock, store, key, witness);
    }

    /** Keeps texts that name people outside the leaves from now on, see {@code docs/decisions/ledger-personal.md}. */
    public void protect(People known) {
        people = known;
    }

    /** Appends within the transaction that makes the change; returns the entry's id. */
    public String append(Author author, String action, String subject, JsonNode details) {
        return append(author, action, List.of(subject), details);
    }

    /** Appends a change of the first subject that the other subjects' histories tell as well. */
    public String append(Author author, String action, List<String> subjects, JsonNode details) {
        String id = ids.next();
        Personal.Concealed concealed = Personal.conceal(id, details, people);
        concealed.kept().forEach(aside::insertPersonal);
        database.enlist(
                hook,
                new Pending(
                        id,
                        clock.millis(),
                        author.id(),
                        author.authenticated(),
                        action,
                        subjects,
                        concealed.details()));
        return id;
    }

    /** What entries about the log itself, such as changes of its key, are about. */
    public String subject() {
        return "ledger:" + keys.current().name();
    }

    /** Hears of what was committed. */
    @FunctionalInterface
    public interface Listener {
        /**
         * Called after each commit that appended, on the thread that committed: it must only note or signal.
         *
         * @param from index of the first new entry
         * @param actions of the new entries in their order
         */
        void appended(long from, List<String> actions);
    }

    public void onAppend(Listener listener) {
        listeners.add(listener);
    }

    private void flush(List<Pending> batch) {
        store.lock();
        LedgerStore.End end = store.end();
        long index = end.size();
        List<Pending> ordered = ordered(batch, end);
        var entries = new ArrayList<LedgerStore.Leaf>(ordered.size());
        for (Pending pending : ordered) {
            String leaf = leaf(pending);
            entries.add(new LedgerStore.Leaf(index + entries.size(), pending, leaf, Merkle.leaf(leaf)));
        }
        store.insert(entries);
        var grown = new LinkedHashMap<LedgerStore.Place, String>();
        entries.forEach(entry -> grow(entries, entry, grown));
        store.insertNodes(grown);
        List<String> actions = ordered.stream().map(Pending::action).toList();
        database.afterCommit(() -> listeners.forEach(listener -> listener.appended(index, actions)));
    }

    /**
     * The changes with times that never go back: works that commit together may have begun in another order. A clock that was
     * set back is told by an entry of its own, after which times go on from there.
     */
    private List<Pending> ordered(List<Pending> batch, LedgerStore.End end) {
        var ordered = new ArrayList<Pending>(batch.size() + 1);
        long last = end.at();
        long now = clock.millis();
        if (end.size() > 0 && now < last - SLACK_MILLIS) {
            var details = Json.object().put("before", last).put("after", now);
            ordered.add(new Pending(ids.next(), now, "millwright", true, CLOCK_SET_BACK, List.of(subject()), details));
            last = now;
        }
        for (Pending pending : batch) {
            last = Math.max(last, pending.at());
            ordered.add(pending.at(last));
        }
        return ordered;
    }

    private static String leaf(Pending pending) {
        String leaf = Json.canonical(Json.object()
                .put("v", 1)
                .put("id", pending.id())
                .put("at", pending.at())
                .put("actor", pending.actor())
                .put("authenticated", pending.authenticated())
                .put("action", pending.action())
                .<ObjectNode>set("subjects", Json.tree(pending.subjects()))
                .set("details", pending.details()));
        if (leaf.getBytes(StandardCharsets.UTF_8).length > MAX_LEAF) {
            throw new Problem.TooLarge(
                    "Ledger entry " + pending.action() + " is larger than " + MAX_LEAF + " bytes",
                    "Record a digest of the large part.");
        }
        return leaf;
    }

    /** Adds the subtrees that a leaf completes; what the leaves of the same commit made is in {@code grown} and among them. */
    private void grow(List<LedgerStore.Leaf> leaves, LedgerStore.Leaf leaf, Map<LedgerStore.Place, String> grown) {
        String right = leaf.hash();
        long first = leaves.getFirst().index();
        long pos = leaf.index();
        for (int level = 0; (pos & 1) == 1; level++) {
            String left = level == 0 && pos > first
                    ? leaves.get((int) (pos - 1 - first)).hash()
                    : grown.get(new LedgerStore.Place(level, pos - 1));
            right = Merkle.node(left != null ? left : store.node(level, pos - 1), right);
            pos >>= 1;
            grown.put(new LedgerStore.Place(level + 1, pos), right);
        }
    }

    public long size() {
        return database.read(store::size);
    }

    /** Entries from {@code index} on, oldest first, at most {@code limit}. */
    public List<Entry> from(long index, int limit) {
        return database.read(() -> store.entries(index, Math.min(limit, MAX_READ)));
    }

    /** The newest entries before {@code index}, newest first. */
    public List<Entry> before(long index, int limit) {
        return database.read(() -> store.latest(index, Math.min(limit, MAX_READ)));
    }

    /** Everything that concerns an asset, oldest first. */
    public List<Entry> about(String subject) {
        return database.read(() -> store.about(subject, 0, Long.MAX_VALUE, Set.of(), MAX_READ));
    }

    /**
     * What concerns an asset, oldest first.
     *
     * @param from index of the first entry that counts
     * @param before index of the first that does not
     * @param actions that count
     */
    public List<Entry> about(String subject, long from, long before, Set<String> actions, int limit) {
        return database.read(() -> store.about(subject, from, before, actions, Math.min(limit, MAX_READ)));
    }

    /** The entries at those places, in their order. */
    public List<Entry> at(Set<Long> indexes) {
        return database.read(() -> store.at(indexes));
    }

    /**
     * How many entries there were at a time (milliseconds since the epoch). Where the clock was set back a time came twice: the
     * later one counts.
     */
    public long sizeAt(long time) {
        return database.read(() -> {
            long end = store.size();
            List<Entry> breaks = store.about(subject(), 0, end, Set.of(CLOCK_SET_BACK), MAX_READ);
            for (int i = breaks.size(); i >= 0; i--) {
                long begin = i == 0 ? 0 : breaks.get(i - 1).index();
                if (begin < end && store.timeOf(begin) <= time) {
                    return lastBefore(begin, end, time) + 1;
                }
                end = begin;
            }
            return 0L;
        });
    }

    /** The last of the entries from begin to before end, whose times do not go back, that was made by the time. */
    private long lastBefore(long begin, long end, long time) {
        long low = begin;
        long high = end - 1;
        while (low < high) {
            long middle = (low + high + 1) >>> 1;
            if (store.timeOf(middle) <= time) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Entries of one action from {@code index} to before another, oldest first, at most {@code limit}. */
    public List<Entry> acted(String action, long index, long before, int limit) {
        return database.read(() -> store.acted(action, index, before, Math.min(limit, MAX_READ)));
    }

    /** The newest entries of an action, newest first; by these actors, or by whomever where none is named. */
    public List<Entry> newest(String action, Collection<String> actors, int limit) {
        return database.read(() -> store.newest(action, actors, store.size() - SEARCHED, Math.min(limit, MAX_READ)));
    }

    public Optional<Entry> entry(String id) {
        return database.read(() -> store.byId(id));
    }

    /** The next entry that a consumer of the outbox has not handled. */
    public long delivered(String consumer) {
        return database.read(() -> store.delivered(consumer));
    }

    /** Notes, in the transaction of its effect, that a consumer handled everything before {@code next}. */
    public void setDelivered(String consumer, long next) {
        database.write(() -> store.setDelivered(consumer, next));
    }

    /** Signs the log as it is now, keeps the checkpoint in the database and with the witness. */
    public Checkpoint checkpoint() {
        Checkpoint made = database.write(() -> {
            store.lock();
            NoteKey key = keys.requireNoted();
            long size = store.size();
            String root = Merkle.root(store::node, size);
            String text = key.name() + "\n" + size + "\n" + base64(root) + "\n";
            var checkpoint = new Checkpoint(size, clock.millis(), root, key.sign(text));
            store.insertCheckpoint(checkpoint.size(), checkpoint.at(), checkpoint.root(), checkpoint.note());
            return checkpoint;
        });
        witness.keep(made.note());
        return made;
    }

    public List<Checkpoint> checkpoints() {
        return database.read(store::checkpoints);
    }

    /** The key others check our checkpoints with. */
    public String verifierKey() {
        return keys.current().verifierKey();
    }

    /** The keys that sign and signed the log. */
    public Keys keys() {
        return keys;
    }

    /** Erases, beside the leaves, what the test says; the leaves and all proofs stay. Returns how many texts that were. */
    public int erase(Predicate<String> names) {
        return database.write(() -> {
            var erased = aside.personal().stream()
                    .filter(kept -> names.test(kept.plain()))
                    .toList();
            erased.forEach(aside::erase);
            return erased.size();
        });
    }

    /** Notes that a checkpoint is kept outside. */
    public void anchored(String target, SignedNote note) {
        database.write(() -> aside.insertAnchor(target, note, clock.millis()));
    }

    /** The newest checkpoint that each place outside has. */
    public List<Anchoring> newestAnchorings() {
        return database.read(aside::newestAnchorings);
    }

    /** Where and when checkpoints were kept outside, the oldest of a place first. */
    public List<Anchoring> anchorings() {
        return database.read(aside::anchorings);
    }

    /** A checkpoint that was kept at a place outside. */
    public record Anchoring(String target, long size, long at, String note) {}

    /** Audit path of an entry in the tree of {@code size}, as base64 hashes. */
    public List<String> inclusion(long index, long size) {
        return database.read(() -> Merkle.inclusion(store::node, index, size).stream()
                .map(Ledger::base64)
                .toList());
    }

    /** Proof that the tree of {@code size} extends that of {@code old}, as base64 hashes. */
    public List<String> consistency(long old, long size) {
        return database.read(() -> Merkle.consistency(store::node, old, size).stream()
                .map(Ledger::base64)
                .toList());
    }

    /**
     * Recomputes every leaf, every subtree and every checkpoint, and compares with what was signed, in the database and with
     * the witness. Throws {@link Altered} with the first thing that does not hold; returns what was checked.
     */
    public Verification verify() {
        return verify(List.of());
    }

    /** The same, and compares with checkpoints that were kept elsewhere. */
    public Verification verify(List<Anchored> outside) {
        return database.read(() -> {
            var all = new ArrayList<>(Verifier.witnessed(witness.last()));
            all.addAll(outside);
            return new Verifier(store, aside, keys.known().orElse(keys.current().open()), all).run();
        });
    }

    /**
     * What {@link #verify()} checked.
     *
     * @param outside checkpoints that were kept outside the database
     * @param keys changes of the key, of which those that are not signed rest on an administrator's word
     * @param wentBack where the clock was set back
     */
    public record Verification(
            long entries,
            int checkpoints,
            String root,
            int outside,
            @JsonIgnore List<KeyChain.Change> keys,
            List<LogWalk.WentBack> wentBack) {}

    static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }
}
