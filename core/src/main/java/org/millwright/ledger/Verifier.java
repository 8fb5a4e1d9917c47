package org.millwright.ledger;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.millwright.kernel.Json;

/** One walk over the whole log that recomputes what was signed. */
final class Verifier {
    private static final int PAGE = 1_000;

    private final LedgerStore store;
    private final NoteKey key;
    private final Optional<String> witnessed;
    private final Map<Long, String> roots = new HashMap<>();
    private final String[] frontier = new String[64];
    private long size;

    Verifier(LedgerStore store, NoteKey key, Optional<String> witnessed) {
        this.store = store;
        this.key = key;
        this.witnessed = witnessed;
    }

    Ledger.Verification run() {
        List<Checkpoint> checkpoints = store.checkpoints();
        checkpoints.forEach(checkpoint -> roots.put(checkpoint.size(), ""));
        witnessed.ifPresent(note -> roots.put(sizeOf(note), ""));
        if (roots.containsKey(0L)) {
            roots.put(0L, Merkle.EMPTY);
        }
        List<Entry> page = store.entries(0, PAGE);
        while (!page.isEmpty()) {
            Map<Long, Set<String>> subjects = store.subjects(size, size + page.size());
            page.forEach(entry -> add(entry, subjects.getOrDefault(entry.index(), Set.of())));
            page = store.entries(size, PAGE);
        }
        for (Checkpoint checkpoint : checkpoints) {
            check("checkpoint of size " + checkpoint.size(), checkpoint.note());
        }
        witnessed.ifPresent(note -> check("the checkpoint kept outside the database", note));
        return new Ledger.Verification(size, checkpoints.size(), size == 0 ? Merkle.EMPTY : root());
    }

    private void add(Entry entry, Set<String> subjects) {
        if (entry.index() != size) {
            throw new Altered("Entry " + size + " is missing: the next one is " + entry.index());
        }
        String hash = Merkle.leaf(entry.leaf());
        var leaf = Json.parse(entry.leaf());
        boolean same = hash.equals(entry.hash())
                && leaf.path("id").asText().equals(entry.id())
                && leaf.path("at").asLong() == entry.at()
                && leaf.path("actor").asText().equals(entry.actor())
                && leaf.path("action").asText().equals(entry.action());
        if (!same) {
            throw new Altered(
                    "Entry " + entry.index() + " (" + entry.action() + ") was altered: its text or columns do not"
                            + " match its hash " + entry.hash().substring(0, 12) + "…");
        }
        if (!subjects.equals(Set.copyOf(entry.subjects()))) {
            throw new Altered("Entry " + entry.index() + " (" + entry.action() + ") is found under "
                    + new TreeSet<>(subjects) + ", its text is about " + new TreeSet<>(entry.subjects()));
        }
        String right = hash;
        long pos = size;
        int level = 0;
        for (; (pos & 1) == 1; level++, pos >>= 1) {
            right = Merkle.node(frontier[level], right);
            if (!right.equals(store.node(level + 1, pos >> 1))) {
                throw new Altered("Ledger node " + (level + 1) + "/" + (pos >> 1) + " was altered");
            }
        }
        frontier[level] = right;
        size++;
        if (roots.containsKey(size)) {
            roots.put(size, root());
        }
    }

    private String root() {
        String root = "";
        for (int level = 0; level < 64 && (1L << level) <= size; level++) {
            if ((size >> level & 1) == 1) {
                root = root.isEmpty() ? frontier[level] : Merkle.node(frontier[level], root);
            }
        }
        return root;
    }

    private void check(String what, String note) {
        if (!key.verifies(note)) {
            throw new Altered("The signature of " + what + " is not by " + key.name());
        }
        long signed = sizeOf(note);
        if (signed > size) {
            throw new Altered(
                    "The log was shortened: " + what + " signed " + signed + " entries, " + size + " are here");
        }
        String root = note.lines().skip(2).findFirst().orElse("");
        if (!root.equals(Ledger.base64(roots.getOrDefault(signed, Merkle.EMPTY)))) {
            throw new Altered("The first " + signed + " entries are not those that " + what + " signed");
        }
    }

    private static long sizeOf(String note) {
        try {
            return Long.parseLong(note.lines().skip(1).findFirst().orElse(""));
        } catch (NumberFormatException e) {
            throw new Altered("A checkpoint does not state its size");
        }
    }
}
