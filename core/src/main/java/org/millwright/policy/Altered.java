package org.millwright.policy;

import java.util.Map;
import java.util.Optional;

/** Something about a policy that nobody decided, found within a transaction. */
final class Altered extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String name;
    private final String digest;
    private final String what;

    Altered(String name, String digest, String what) {
        super(what);
        this.name = name;
        this.digest = digest;
        this.what = what;
    }

    String name() {
        return name;
    }

    String digest() {
        return digest;
    }

    String what() {
        return what;
    }

    /** What contradicts itself about a policy: digests in force by name, as the ledger and as the database say. */
    static Optional<Altered> between(String name, Map<String, String> ledger, Map<String, String> database) {
        String here = database.getOrDefault(name, "");
        String there = ledger.getOrDefault(name, "");
        if (here.equals(there)) {
            return Optional.empty();
        }
        return Optional.of(new Altered(
                name,
                there,
                there.isEmpty()
                        ? "the ledger knows of no decision that put it in force"
                        : here.isEmpty()
                                ? "the ledger says that it is in force, the database that it is not"
                                : "the ledger says that this version is in force, the database another one"));
    }
}
