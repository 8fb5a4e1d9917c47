package org.millwright.registry;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.project.RiskTier;

/** Keeps the models of the inventory that are bought or served elsewhere. */
public final class ExternalModels {
    private static final int LONGEST = 512;
    private static final int LONGEST_PURPOSE = 2_000;

    private final Database database;
    private final Ledger ledger;
    private final Users users;
    private final Clock clock;
    private final ExternalModelStore store;

    public ExternalModels(Database database, Ledger ledger, Users users, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.users = users;
        this.clock = clock;
        this.store = new ExternalModelStore(database);
    }

    /** What is said of a model; see {@link ExternalModel}. */
    public record Entry(
            String name,
            String owner,
            String servedAt,
            String purpose,
            RiskTier tier,
            String supplier,
            Optional<Long> reviewAt) {
        public Entry {
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}")) {
                throw new Problem.Invalid("name: '" + name
                        + "' (expected: 1 to 128 of A-Z a-z 0-9 . _ - that start with a letter or digit)");
            }
            requireText("where", servedAt, LONGEST);
            requireText("purpose", purpose, LONGEST_PURPOSE);
            if (supplier.length() > LONGEST / 2) {
                throw new Problem.Invalid("supplier: longer than " + LONGEST / 2 + " characters");
            }
        }

        private static void requireText(String field, String text, int longest) {
            if (text.isBlank() || text.length() > longest) {
                throw new Problem.Invalid(field + ": expected 1 to " + longest + " characters, got " + text.length());
            }
        }
    }

    /** Adds a model, or says something else of one that is there; the same again changes nothing. */
    public ExternalModel add(Actor by, Entry entry) {
        users.access().require(by, Permission.REGISTER);
        users.get(entry.owner());
        return database.write(() -> {
            long now = clock.millis();
            Optional<ExternalModel> known = store.find(entry.name());
            var model = new ExternalModel(
                    entry.name(),
                    entry.owner(),
                    entry.servedAt(),
                    entry.purpose(),
                    entry.tier(),
                    entry.supplier(),
                    entry.reviewAt(),
                    "",
                    Optional.empty(),
                    known.map(ExternalModel::addedBy).orElse(by.id()),
                    known.map(ExternalModel::addedAt).orElse(now),
                    now);
            if (known.filter(model::isSame).isPresent()) {
                return known.get();
            }
            store.save(model);
            ledger.append(
                    by,
                    known.isPresent() ? "external-model.changed" : "external-model.added",
                    model.ref(),
                    Json.object()
                            .put("owner", model.owner())
                            .put("where", model.servedAt())
                            .put("purpose", model.purpose())
                            .put("tier", model.tier().text())
                            .put("supplier", model.supplier()));
            return model;
        });
    }

    /** Notes that a model is in use no more; it stays in the inventory's history. */
    public ExternalModel retire(Actor by, String name, String reason) {
        users.access().require(by, Permission.REGISTER);
        if (reason.isBlank()) {
            throw new Problem.Invalid("Say why", "mw model retire-external " + name + " --reason …");
        }
        return database.write(() -> {
            ExternalModel known = require(name);
            if (known.retiredAt().isPresent()) {
                return known;
            }
            long now = clock.millis();
            var retired = new ExternalModel(
                    name,
                    known.owner(),
                    known.servedAt(),
                    known.purpose(),
                    known.tier(),
                    known.supplier(),
                    known.reviewAt(),
                    reason,
                    Optional.of(now),
                    known.addedBy(),
                    known.addedAt(),
                    now);
            store.save(retired);
            ledger.append(
                    by, "external-model.retired", retired.ref(), Json.object().put("reason", reason));
            return retired;
        });
    }

    private ExternalModel require(String name) {
        return store.find(name)
                .orElseThrow(() -> new Problem.NotFound(
                        "No model '" + name + "' is served elsewhere", "mw insight models lists the inventory."));
    }

    /** All of them by name, also those that were retired. */
    public List<ExternalModel> list(Actor by) {
        users.access().require(by, Permission.READ);
        return database.read(store::all);
    }
}
