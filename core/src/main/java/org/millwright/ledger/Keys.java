package org.millwright.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The key that signs the log, held against the one that signed before, and its changes. */
public final class Keys {
    private static final Logger LOG = LoggerFactory.getLogger(Keys.class);
    private static final String CONTRADICTED = "ledger.contradicted";
    private static final int MOST = 1_000;

    private final Ledger ledger;
    private final Database database;
    private final Clock clock;
    private final LedgerStore store;
    private final AsideStore aside;
    private final Witness witness;
    private volatile NoteKey key;

    Keys(Ledger ledger, Database database, Clock clock, LedgerStore store, NoteKey key, Witness witness) {
        this.ledger = ledger;
        this.database = database;
        this.clock = clock;
        this.store = store;
        this.aside = new AsideStore(database);
        this.key = key;
        this.witness = witness;
    }

    NoteKey current() {
        return key;
    }

    /** All public keys that signed, as the database knows them, the newest last. */
    public List<String> all() {
        List<String> known = database.read(aside::keys);
        return known.isEmpty() ? List.of(key.verifierKey()) : known;
    }

    /** Why nothing can be signed, if that is so: the key was lost, or the log is not what was signed last. */
    public Optional<Problem> unsigned() {
        try {
            database.read(this::requireSigning);
            return Optional.empty();
        } catch (Problem e) {
            return Optional.of(e);
        }
    }

    /** Makes a new key that the present one vouches for; what was signed stays signed by the old one. */
    public synchronized Checkpoint rotate(Author by, String reason) {
        requireReason(reason);
        ledger.checkpoint();
        NoteKey before = key;
        NoteKey next = before.successor();
        ObjectNode details = details(before.verifierKey(), next, reason)
                .put("statement", before.sign(KeyChain.statement(before.name(), next.open())));
        change(by, next, KeyChain.ROTATED, details);
        return ledger.checkpoint();
    }

    /** Makes a new key after the one that signed was lost: nothing but an administrator's word vouches for it. */
    public synchronized Checkpoint replaceLost(Author by, String reason) {
        requireReason(reason);
        if (!isLost()) {
            throw new Problem.Conflict(
                    "The ledger's key is here and signs", "mw ledger rotate-key makes a new one that it vouches for");
        }
        if (!by.authenticated()) {
            throw new Problem.Denied(
                    "A lost key is replaced by an administrator who shows credentials",
                    "mw user add NAME --role admin, then the same with --as NAME");
        }
        String before = database.read(this::known)
                .map(VerifierKey::text)
                .orElseThrow(() -> new Problem.Refused(
                        "Nobody knows the public half of the key that was lost",
                        "Restore the key from a backup: without its public half earlier checkpoints prove nothing."));
        NoteKey next = key.successor();
        change(by, next, KeyChain.REPLACED, details(before, next, reason));
        return ledger.checkpoint();
    }

    private boolean isLost() {
        try {
            database.read(this::require);
            return false;
        } catch (Problem e) {
            return true;
        }
    }

    /** Puts on record, at a start, that the log does not extend what was signed last; once for each such checkpoint. */
    public void tellContradiction(Author by) {
        try {
            database.write(() -> witness.contradiction(store)
                    .filter(found -> !isTold())
                    .map(found -> ledger.append(
                            by,
                            CONTRADICTED,
                            ledger.subject(),
                            Json.object().put("found", found).put("signed", signed())))
                    .orElse(""));
        } catch (RuntimeException e) {
            LOG.error("The log contradicts what was signed last, and takes no entry that says so", e);
        }
    }

    private boolean isTold() {
        return store.about(ledger.subject(), 0, Long.MAX_VALUE, Set.of(CONTRADICTED), MOST).stream()
                .anyMatch(entry -> entry.details().path("signed").asText().equals(signed()));
    }

    /** Digest of the checkpoint that was signed last. */
    private String signed() {
        return Json.sha256(witness.last().orElse("").getBytes(StandardCharsets.UTF_8));
    }

    private static void requireReason(String reason) {
        if (reason.isBlank() || reason.length() > 2_000) {
            throw new Problem.Invalid(
                    "A change of the ledger's key needs a reason of at most 2,000 characters",
                    "mw ledger rotate-key --reason …");
        }
    }

    private static ObjectNode details(String before, NoteKey next, String reason) {
        return Json.object()
                .put("before", before)
                .put("key", next.verifierKey())
                .put("reason", reason);
    }

    private void change(Author by, NoteKey next, String action, ObjectNode details) {
        database.write(() -> {
            ledger.append(by, action, ledger.subject(), details);
            aside.insertKey(next.verifierKey(), clock.millis());
        });
        key = key.succeed(next);
    }

    /** The last key that signed, as far as the database knows; within a transaction. */
    Optional<VerifierKey> known() {
        return aside.lastKey().map(VerifierKey::parse);
    }

    /** The key, noted as the one that signs from now on; within a transaction. */
    NoteKey requireNoted() {
        NoteKey present = requireSigning();
        if (known().isEmpty()) {
            aside.insertKey(present.verifierKey(), clock.millis());
        }
        return present;
    }

    /** The key, unless signing would cover up that entries are gone or others; within a transaction. */
    private NoteKey requireSigning() {
        NoteKey present = require();
        witness.contradiction(store).ifPresent(found -> {
            throw new Problem.Refused(
                    "The ledger cannot be signed: " + found,
                    "Keep everything as it is and compare it with a backup and exports: mw ledger verify. Was an older"
                            + " backup put back on purpose, move ledger.checkpoint out of the data folder.");
        });
        return present;
    }

    /** The key, if it is the one that signed before; within a transaction. */
    private NoteKey require() {
        Optional<VerifierKey> known = known();
        if (known.isPresent() && !known.get().equals(key.open())) {
            NoteKey waiting = key.waitingSuccessor()
                    .filter(next -> next.open().equals(known.get()))
                    .orElseThrow(() -> lost(known.get().fingerprint()));
            key = key.succeed(waiting);
        }
        List<Checkpoint> made = known.isEmpty() ? store.checkpoints() : List.of();
        if (!made.isEmpty() && !key.verifies(made.getLast().note())) {
            throw lost("of its last checkpoint");
        }
        return key;
    }

    private Problem lost(String which) {
        return new Problem.Refused(
                "The ledger cannot be signed: " + key.file() + " does not hold the key " + which
                        + " that signed it until now",
                "Put the file back from a backup; if it is gone for good, an administrator makes a new key:"
                        + " mw ledger rotate-key --lost --reason … --as NAME");
    }
}
