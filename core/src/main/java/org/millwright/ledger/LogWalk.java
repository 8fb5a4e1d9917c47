package org.millwright.ledger;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A walk over a log, entry by entry, that recomputes its tree and compares it with what was signed. */
public final class LogWalk {
    /** Says what is stored of a subtree, to compare with. */
    interface Nodes {
        /** Called with each complete subtree of two or more leaves. */
        void complete(int level, long pos, String hash);
    }

    /** A place where the clock of the server went back. */
    public record WentBack(long index, long at, long before) {}

    private final Map<Long, String> roots = new HashMap<>();
    private final String[] frontier = new String[64];
    private final List<KeyChain.Change> changes = new ArrayList<>();
    private final List<WentBack> wentBack = new ArrayList<>();
    private long size;
    private long last = Long.MIN_VALUE;

    /** @param sizes at which a checkpoint will be compared */
    public LogWalk(Collection<Long> sizes) {
        sizes.forEach(each -> roots.put(each, each == 0 ? Merkle.EMPTY : ""));
    }

    /** The next entry, as its text says it. */
    public void add(Entry entry) {
        add(entry, Proofs.leafHash(entry.leaf()), (level, pos, hash) -> {});
    }

    void add(Entry entry, String hash, Nodes nodes) {
        if (entry.index() != size) {
            throw new Altered("Entry " + size + " is missing: the next one is " + entry.index());
        }
        if (entry.at() < last) {
            wentBack.add(new WentBack(entry.index(), entry.at(), last));
        }
        last = entry.at();
        KeyChain.read(entry).ifPresent(changes::add);
        String right = hash;
        long pos = size;
        int level = 0;
        for (; (pos & 1) == 1; level++, pos >>= 1) {
            right = Merkle.node(frontier[level], right);
            nodes.complete(level + 1, pos >> 1, right);
        }
        frontier[level] = right;
        size++;
        if (roots.containsKey(size)) {
            roots.put(size, root());
        }
    }

    public long size() {
        return size;
    }

    /** Hex root of what was walked so far. */
    public String root() {
        if (size == 0) {
            return Merkle.EMPTY;
        }
        String root = "";
        for (int level = 0; level < 64 && (1L << level) <= size; level++) {
            if ((size >> level & 1) == 1) {
                root = root.isEmpty() ? frontier[level] : Merkle.node(frontier[level], root);
            }
        }
        return root;
    }

    public List<WentBack> wentBack() {
        return List.copyOf(wentBack);
    }

    /** @param newest the key that signs now, or signed once, as known from outside the log */
    public KeyChain keys(VerifierKey newest) {
        return new KeyChain(changes, newest);
    }

    /** Throws {@link Altered} unless the log that was walked is the one that a checkpoint signed. */
    public void check(String what, SignedNote note, KeyChain keys) {
        keys.require(what, note);
        if (note.size() > size) {
            throw new Altered(
                    "The log was shortened: " + what + " signed " + note.size() + " entries, " + size + " are here");
        }
        String root = Optional.ofNullable(roots.get(note.size())).orElse("");
        if (root.isEmpty() || !note.root().equals(Ledger.base64(root))) {
            throw new Altered("The first " + note.size() + " entries are not those that " + what + " signed");
        }
    }
}
