package org.millwright.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** One walk over the whole stored log that recomputes what was signed; pages are read while the one before is hashed. */
final class Verifier {
    private static final int PAGE = 8_192;
    private static final int WIDE_PAGE = 50_000;

    private final LedgerStore store;
    private final AsideStore aside;
    private final VerifierKey key;
    private final List<Anchored> outside;
    private final SubjectSum expected = new SubjectSum();

    /** @param outside checkpoints that were kept outside the database */
    Verifier(LedgerStore store, AsideStore aside, VerifierKey key, List<Anchored> outside) {
        this.store = store;
        this.aside = aside;
        this.key = key;
        this.outside = outside;
    }

    /** A row of the log, and the subtrees that its page completes. */
    record Row(long index, String id, long at, String actor, String action, String leaf, String hash) {}

    private record Checked(Entry entry, String hash) {}

    Ledger.Verification run() {
        List<Anchored> signed = new ArrayList<>();
        store.checkpoints().forEach(made -> signed.add(new Anchored("checkpoint of size " + made.size(), made.note())));
        int checkpoints = signed.size();
        signed.addAll(outside);
        List<SignedNote> notes = signed.stream().map(Verifier::parsed).toList();
        var walk = new LogWalk(notes.stream().map(SignedNote::size).toList());
        walk(walk);
        KeyChain keys = walk.keys(key);
        for (int i = 0; i < notes.size(); i++) {
            walk.check(signed.get(i).where(), notes.get(i), keys);
        }
        compareSubjects();
        comparePersonal();
        return new Ledger.Verification(
                walk.size(), checkpoints, walk.root(), outside.size(), keys.changes(), walk.wentBack());
    }

    private static SignedNote parsed(Anchored anchored) {
        try {
            return SignedNote.parse(anchored.note());
        } catch (Problem.Invalid e) {
            throw new Altered("What " + anchored.where() + " holds is not a checkpoint: " + e.getMessage());
        }
    }

    private void walk(LogWalk walk) {
        CompletableFuture<Void> behind = CompletableFuture.completedFuture(null);
        List<Row> page = store.rows(0, PAGE);
        long from = 0;
        while (!page.isEmpty()) {
            List<Row> rows = page;
            Map<LedgerStore.Place, String> nodes = store.nodes(from, from + PAGE);
            join(behind);
            behind = CompletableFuture.runAsync(() -> add(walk, rows, nodes));
            from += PAGE;
            page = store.rows(from, PAGE);
        }
        join(behind);
        long beyond = store.size();
        if (walk.size() < beyond) {
            throw new Altered("Entry " + walk.size() + " is missing: the log goes to " + (beyond - 1));
        }
    }

    private static void join(CompletableFuture<Void> work) {
        try {
            work.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private void add(LogWalk walk, List<Row> rows, Map<LedgerStore.Place, String> nodes) {
        List<Checked> checked = rows.parallelStream().map(this::check).toList();
        for (Checked each : checked) {
            walk.add(each.entry(), each.hash(), (level, pos, hash) -> {
                String known = nodes.get(new LedgerStore.Place(level, pos));
                if (!hash.equals(known)) {
                    throw new Altered(
                            "Ledger node " + level + "/" + pos + (known == null ? " is missing" : " was altered"));
                }
            });
        }
    }

    private Checked check(Row row) {
        String hash = Merkle.leaf(row.leaf());
        Entry entry = entry(row);
        boolean same = hash.equals(row.hash())
                && entry.id().equals(row.id())
                && entry.at() == row.at()
                && entry.actor().equals(row.actor())
                && entry.action().equals(row.action());
        if (!same) {
            throw new Altered("Entry " + row.index() + " (" + row.action() + ") was altered: its text or columns do not"
                    + " match its hash "
                    + row.hash().substring(0, Math.min(12, row.hash().length())) + "…");
        }
        Set.copyOf(entry.subjects()).forEach(subject -> expected.add(row.index(), subject));
        return new Checked(entry, hash);
    }

    private static Entry entry(Row row) {
        try {
            return Entry.of(row.index(), row.leaf());
        } catch (Problem.Invalid e) {
            throw new Altered("Entry " + row.index() + " (" + row.action() + ") was altered: its text is not JSON");
        }
    }

    /** The index by subjects must say what the leaves say; which entry does not is looked for only when one does not. */
    private void compareSubjects() {
        var found = expected.fresh();
        store.eachSubject((index, subject) -> found.add(index, subject));
        if (found.isSame(expected)) {
            return;
        }
        List<Row> page = store.rows(0, WIDE_PAGE);
        for (long from = 0; !page.isEmpty(); from += WIDE_PAGE, page = store.rows(from, WIDE_PAGE)) {
            Map<Long, Set<String>> subjects = store.subjects(from, from + WIDE_PAGE);
            for (Row row : page) {
                Set<String> stated = Set.copyOf(entry(row).subjects());
                Set<String> known = subjects.getOrDefault(row.index(), Set.of());
                if (!known.equals(stated)) {
                    throw new Altered("Entry " + row.index() + " (" + row.action() + ") is found under "
                            + new TreeSet<>(known) + ", its text is about " + new TreeSet<>(stated));
                }
            }
        }
        throw new Altered("The index by subjects names entries that are not in the log");
    }

    /** What was kept beside the leaves must be what their digests say. */
    private void comparePersonal() {
        for (Personal.Kept kept : aside.personal()) {
            Entry entry = store.byId(kept.entryId())
                    .orElseThrow(() -> new Altered("A personal text belongs to no entry: " + kept.entryId()));
            String stated = Json.parse(entry.leaf())
                    .path("details")
                    .at(kept.field())
                    .path(Personal.SALTED)
                    .asText();
            if (!stated.equals(kept.digest())) {
                throw new Altered("The text kept beside entry " + entry.index() + " (" + entry.action() + ") as "
                        + kept.field() + " is not the one it was appended with");
            }
        }
    }

    static List<Anchored> witnessed(Optional<String> note) {
        return note.map(text -> List.of(new Anchored("the checkpoint kept outside the database", text)))
                .orElse(List.of());
    }
}
