package org.millwright.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Problem;

/** Which key signs which part of the log: a change of keys is an entry, and what is signed after it is signed by the new one. */
public final class KeyChain {
    static final String ROTATED = "ledger.key-rotated";
    static final String REPLACED = "ledger.key-replaced";

    /**
     * A change of keys.
     *
     * @param index of the entry that tells it
     * @param signed whether the key before vouched for the new one; otherwise it was lost, and an administrator did
     */
    public record Change(long index, VerifierKey before, VerifierKey after, boolean signed) {}

    private final VerifierKey first;
    private final List<Change> changes;

    /**
     * @param changes in their order
     * @param newest the key that signs now, as known from outside the log
     */
    KeyChain(List<Change> changes, VerifierKey newest) {
        this.changes = List.copyOf(changes);
        this.first = changes.isEmpty() ? newest : changes.getFirst().before();
        VerifierKey known = first;
        for (Change change : changes) {
            if (!change.before().equals(known)) {
                throw new Altered(
                        "Entry " + change.index() + " changes another key than the one that signed before it");
            }
            known = change.after();
        }
        if (!known.equals(newest) && !keys().contains(newest)) {
            throw new Altered("The log was signed by " + known.fingerprint() + " at last, which the key "
                    + newest.fingerprint() + " does not vouch for");
        }
    }

    /** The keys by the entries that tell their changes, in their order; others among them tell none. */
    public static KeyChain of(List<Entry> entries, VerifierKey newest) {
        return new KeyChain(
                entries.stream().flatMap(entry -> read(entry).stream()).toList(), newest);
    }

    /** Refuses a checkpoint that the key of its size did not sign. */
    public void require(String what, SignedNote note) {
        VerifierKey key = of(note.size());
        if (!note.origin().equals(key.name()) || !key.verifies(note.text())) {
            throw new Altered(
                    "The signature of " + what + " is not by " + key.name() + " (key " + key.fingerprint() + ")");
        }
    }

    /** The change that an entry tells, if it tells one that its own statement bears out. */
    static Optional<Change> read(Entry entry) {
        boolean rotated = entry.action().equals(ROTATED);
        if (!rotated && !entry.action().equals(REPLACED)) {
            return Optional.empty();
        }
        try {
            var before = VerifierKey.parse(entry.details().path("before").asText());
            var after = VerifierKey.parse(entry.details().path("key").asText());
            String statement = entry.details().path("statement").asText();
            if (rotated && !(before.verifies(statement) && statement.startsWith(statement(before.name(), after)))) {
                throw new Altered("Entry " + entry.index() + " changes the key without a signature of the one before");
            }
            return Optional.of(new Change(entry.index(), before, after, rotated));
        } catch (Problem.Invalid e) {
            throw new Altered("Entry " + entry.index() + " changes the key: " + e.getMessage());
        }
    }

    /** What the old key signs about the new one. */
    static String statement(String log, VerifierKey after) {
        return log + "\nkey " + after.text() + "\n";
    }

    /** The key that signs a checkpoint of that size. */
    public VerifierKey of(long size) {
        VerifierKey key = first;
        for (Change change : changes) {
            if (change.index() < size) {
                key = change.after();
            }
        }
        return key;
    }

    public List<Change> changes() {
        return changes;
    }

    /** Oldest first. */
    public List<VerifierKey> keys() {
        var keys = new ArrayList<>(List.of(first));
        changes.forEach(change -> keys.add(change.after()));
        return keys;
    }
}
