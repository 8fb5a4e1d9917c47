package org.millwright.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
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

    private final Database database;
    private final Clock clock;
    private final Ids ids;
    private final NoteKey key;
    private final LedgerStore store;
    private final Witness witness;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Tx.CommitHook<Pending> hook = this::flush;

    /** A change that waits for its commit. */
    record Pending(
            String id,
            long at,
            String actor,
            boolean authenticated,
            String action,
            List<String> subjects,
            JsonNode details) {}

    /** @param witness keeps the last signed checkpoint outside the database, so that a shortened log is noticed */
    public Ledger(Database database, Clock clock, Ids ids, NoteKey key, Witness witness) {
        this.database = database;
        this.clock = clock;
        this.ids = ids;
        this.key = key;
        this.witness = witness;
        this.store = new LedgerStore(database);
    }

    /** Appends within the transaction that makes the change; returns the entry's id. */
    public String append(Author author, String action, String subject, JsonNode details) {
        return append(author, action, List.of(subject), details);
    }

    /** Appends a change of the first subject that the other subjects' histories tell as well. */
    public String append(Author author, String action, List<String> subjects, JsonNode details) {
        var pending =
                new Pending(ids.next(), clock.millis(), author.id(), author.authenticated(), action, subjects, details);
        database.enlist(hook, pending);
        return pending.id();
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
        long index = store.size();
        var entries = new ArrayList<LedgerStore.Leaf>(batch.size());
        for (Pending pending : batch) {
            String leaf = leaf(pending);
            entries.add(new LedgerStore.Leaf(index + entries.size(), pending, leaf, Merkle.leaf(leaf)));
        }
        store.insert(entries);
        var grown = new LinkedHashMap<LedgerStore.Place, String>();
        entries.forEach(entry -> grow(entry, grown));
        store.insertNodes(grown);
        List<String> actions = batch.stream().map(Pending::action).toList();
        database.afterCommit(() -> listeners.forEach(listener -> listener.appended(index, actions)));
    }

    private static String leaf(Pending pending) {
        String leaf = Json.canonical(Json.object()
                .put("v", 1)
                .put("id", pending.id())
                .put("at", pending.at())
                .put("actor", pending.actor())
                .put("authenticated", pending.authenticated())
                .put("action", pending.action())
                .<com.fasterxml.jackson.databind.node.ObjectNode>set("subjects", Json.tree(pending.subjects()))
                .set("details", pending.details()));
        if (leaf.getBytes(StandardCharsets.UTF_8).length > MAX_LEAF) {
            throw new Problem.TooLarge(
                    "Ledger entry " + pending.action() + " is larger than " + MAX_LEAF + " bytes",
                    "Record a digest of the large part.");
        }
        return leaf;
    }

    /** Adds the subtrees that the leaf completes; leaves of the same commit are there already, their subtrees in {@code grown}. */
    private void grow(LedgerStore.Leaf leaf, Map<LedgerStore.Place, String> grown) {
        String right = leaf.hash();
        long pos = leaf.index();
        for (int level = 0; (pos & 1) == 1; level++) {
            String left = grown.get(new LedgerStore.Place(level, pos - 1));
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
        return database.read(() -> store.about(subject, MAX_READ));
    }

    /** Entries of one action from {@code index} to before another, oldest first, at most {@code limit}. */
    public List<Entry> acted(String action, long index, long before, int limit) {
        return database.read(() -> store.acted(action, index, before, Math.min(limit, MAX_READ)));
    }

    /** The newest entry of an action about an asset that is not younger than {@code at}, milliseconds since the epoch. */
    public Optional<Entry> last(String subject, String action, long at) {
        return database.read(() -> store.last(subject, action, at));
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
        return key.verifierKey();
    }

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
        return database.read(() -> new Verifier(store, key, witness.last()).run());
    }

    /** What {@link #verify()} checked. */
    public record Verification(long entries, int checkpoints, String root) {}

    static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }
}
