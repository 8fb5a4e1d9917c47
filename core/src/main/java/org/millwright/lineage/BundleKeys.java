package org.millwright.lineage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.scoring.signing.Signer;
import org.millwright.scoring.signing.SigningKey;
import org.millwright.scoring.signing.TrustedKey;

/**
 * The keys of this server's signatures: one signs, the ones before it stay trusted for what they signed.
 *
 * <p>A key counts only if the ledger tells of it: a public half that somebody writes into the database is not believed.
 */
public final class BundleKeys {
    private final Database database;
    private final Ledger ledger;
    private final Path first;
    private final Clock clock;
    private final BundleKeyStore store;
    private final Optional<Signer> given;
    private volatile @Nullable Signer current;

    /**
     * @param first where the first key lies; later ones beside it
     * @param given a signer that the operator chose, in place of keys in files
     */
    BundleKeys(Database database, Ledger ledger, Path first, Optional<Signer> given, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.first = first;
        this.given = given;
        this.clock = clock;
        this.store = new BundleKeyStore(database);
    }

    /** The key that signs; made when there is none. */
    Signer current() {
        Signer known = current;
        if (known != null) {
            return known;
        }
        Signer opened = opened();
        // Outside of the lock: whoever is in a transaction may wait for it.
        register(opened, given.isPresent() ? "key store" : place(opened));
        current = opened;
        return opened;
    }

    private synchronized Signer opened() {
        return given.orElseGet(this::open);
    }

    /** The newest key in a file; a new one when its private half is lost, which the ledger tells. */
    private Signer open() {
        Optional<BundleKey> newest = database.read(store::all).stream()
                .filter(key -> key.state() == BundleKey.State.CURRENT)
                .reduce((one, other) -> other);
        if (newest.isEmpty() || newest.get().place().isEmpty()) {
            return SigningKey.open(first);
        }
        Path file = first.resolveSibling(newest.get().place());
        if (Files.exists(file)) {
            return SigningKey.open(file);
        }
        database.write(() -> ledger.append(
                Actor.SYSTEM,
                "key.lost",
                newest.get().ref(),
                Json.object().put("place", newest.get().place())));
        return SigningKey.open(fresh());
    }

    private Path fresh() {
        return first.resolveSibling("bundles-" + clock.millis() + ".pem");
    }

    /** The file of a key that was opened or made just now. */
    private String place(Signer key) {
        String name = first.getFileName().toString();
        try (var files = Files.list(first.toAbsolutePath().getParent())) {
            for (Path file : files.sorted().toList()) {
                boolean mine = file.toString().endsWith(".pem.pub")
                        && Files.readString(file).equals(key.trusted().pem());
                if (mine) {
                    name = file.getFileName().toString().replaceFirst("\\.pub$", "");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look for keys", e);
        }
        return name;
    }

    private void register(Signer key, String place) {
        String hint = key.trusted().hint();
        database.write(() -> {
            var made =
                    new BundleKey(hint, key.trusted().pem(), place, clock.millis(), Optional.empty(), Optional.empty());
            if (store.insert(made)) {
                ledger.append(
                        Actor.SYSTEM, "key.used", made.ref(), Json.object().put("place", place));
            }
            store.retireOthers(hint, clock.millis());
        });
    }

    /** All that are believed for what the ledger knew before they were revoked, the current one among them. */
    public List<TrustedKey> trusted() {
        var keys = new ArrayList<TrustedKey>();
        keys.add(current().trusted());
        all().forEach(key -> {
            if (!key.hint().equals(keys.getFirst().hint())) {
                keys.add(key.trusted());
            }
        });
        return keys;
    }

    /** Every key of this server, oldest first. */
    public List<BundleKey> all() {
        current();
        return database.read(store::all).stream()
                .filter(key -> !ledger.about(key.ref()).isEmpty())
                .toList();
    }

    /** Lets a new key sign from now on; what the old one signed stays trusted. Needs the right to operate. */
    public synchronized BundleKey rotate(Access access, Actor by, String reason) {
        access.require(by, Permission.OPERATE);
        requireReason(reason, "mw key rotate --reason …");
        if (given.isPresent()) {
            throw new Problem.Conflict(
                    "The key lies in a key store of the operator's",
                    "Make the new key there, name it in MW_SIGNING_ALIAS and start the server again.");
        }
        String before = current().trusted().hint();
        Path file = fresh();
        Signer made = SigningKey.open(file);
        BundleKey key = database.write(() -> {
            register(made, file.getFileName().toString());
            ledger.append(
                    by,
                    "key.rotated",
                    List.of("key:" + made.trusted().hint(), "key:" + before),
                    Json.object().put("reason", reason).put("before", before));
            return get(made.trusted().hint());
        });
        current = made;
        return key;
    }

    /**
     * Ends trust in a key: certificates that the ledger did not know before {@code from} count no more. The current key is
     * replaced first.
     */
    public synchronized BundleKey revoke(Access access, Actor by, String hint, Instant from, String reason) {
        access.require(by, Permission.OPERATE);
        requireReason(reason, "mw key revoke HINT --reason …");
        BundleKey key = get(hint);
        if (key.revocation().isPresent()) {
            return key;
        }
        if (key.hint().equals(current().trusted().hint())) {
            rotate(access, by, "the key before it is revoked: " + reason);
        }
        return database.write(() -> {
            store.revoke(key.hint(), new BundleKey.Revocation(from.toEpochMilli(), reason, by.id(), clock.millis()));
            ledger.append(
                    by,
                    "key.revoked",
                    key.ref(),
                    Json.object().put("reason", reason).put("untrustedFrom", from.toString()));
            return get(key.hint());
        });
    }

    private static void requireReason(String reason, String next) {
        if (reason.isBlank() || reason.length() > 2_000) {
            throw new Problem.Invalid("Say why, in at most 2,000 characters", next);
        }
    }

    /** The key of that hint, or of one that begins so. */
    public BundleKey get(String hint) {
        List<BundleKey> found = hint.length() < 8
                ? List.of()
                : database.read(store::all).stream()
                        .filter(key -> key.hint().startsWith(hint))
                        .toList();
        if (found.size() != 1) {
            throw new Problem.NotFound("No key " + hint + " (expected: at least 8 digits of its hint)", "mw key list");
        }
        return found.getFirst();
    }

    /**
     * Refuses a certificate whose key is revoked, unless the ledger knew the statement before trust ended.
     *
     * @param next what to do about it
     */
    void requireTrusted(Certificate certificate, String next) {
        Optional<BundleKey> key = database.read(store::all).stream()
                .filter(one -> one.hint().equals(certificate.key()))
                .findFirst();
        key.flatMap(BundleKey::revocation).ifPresent(revocation -> {
            boolean before = ledger.about(certificate.subject()).stream()
                    .filter(entry -> entry.at() < revocation.from())
                    .anyMatch(
                            entry -> entry.details().path("statement").asText().equals(certificate.statement()));
            if (!before) {
                throw new Problem.Refused(
                        "The certificate of " + certificate.subject() + " was signed by key "
                                + certificate.key().substring(0, 12) + ", which is not trusted from "
                                + Instant.ofEpochMilli(revocation.from()) + " on: " + revocation.reason(),
                        next);
            }
        });
    }
}
