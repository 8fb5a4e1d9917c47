package org.millwright.approval;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.policy.Expressions;
import org.millwright.policy.Vocabulary;
import org.millwright.project.Project;

/** What approvals were given under: while one is overdue, no other release of the model is asked for or approved. */
public final class Conditions {
    private static final int LONGEST = 1_000;
    private static final int MOST = 1_000;
    private static final Expressions MEASURES = new Expressions(
            Vocabulary.free(List.of("metrics", "baseline", "champion", "handoff", "slices", "data", "parameters")));

    private final Database database;
    private final Ledger ledger;
    private final Users users;
    private final Separation separation;
    private final Function<String, Approval> approvals;
    private final Clock clock;
    private final Ids ids;
    private final ConditionStore store;

    Conditions(
            Database database,
            Ledger ledger,
            Users users,
            Separation separation,
            Function<String, Approval> approvals,
            Clock clock,
            Ids ids) {
        this.database = database;
        this.ledger = ledger;
        this.users = users;
        this.separation = separation;
        this.approvals = approvals;
        this.clock = clock;
        this.ids = ids;
        this.store = new ConditionStore(database);
    }

    /** Records a condition in the transaction of the approval. */
    void set(Actor by, Approval approval, String model, Condition.Wanted wanted) {
        long now = clock.millis();
        if (wanted.text().isBlank()
                || wanted.text().length() > LONGEST
                || wanted.measure().length() > LONGEST) {
            throw new Problem.Invalid("A condition has 1 to " + LONGEST + " characters");
        }
        if (!wanted.measure().isBlank()) {
            requireExpression(wanted.measure());
        }
        if (wanted.dueAt() <= now) {
            throw new Problem.Invalid("A condition is due in the future", "Add --due with a later day.");
        }
        var condition = new Condition(
                ids.next(),
                approval.id(),
                approval.subject(),
                approval.project(),
                model,
                wanted.text(),
                wanted.measure(),
                wanted.dueAt(),
                by.id(),
                now,
                Optional.empty());
        store.insert(condition);
        ledger.append(
                by,
                "approval.condition-set",
                subjects(condition),
                Json.object()
                        .put("condition", condition.id())
                        .put("text", condition.text())
                        .put("measure", condition.measure())
                        .put("due", condition.dueAt()));
    }

    private static void requireExpression(String measure) {
        try {
            MEASURES.compile(measure);
        } catch (IllegalArgumentException e) {
            throw new Problem.Invalid("'" + measure + "' is no CEL expression of true or false: " + e.getMessage());
        }
    }

    /** Says that a condition is met; by an approver who is neither whose work it is nor who asked for it. */
    public Condition meet(Actor by, String id, String note) {
        if (note.isBlank() || note.length() > LONGEST) {
            throw new Problem.Invalid(
                    "Say in 1 to " + LONGEST + " characters how the condition is met",
                    "mw approve meet " + id + " --note …");
        }
        return database.write(() -> {
            Condition known = get(id);
            separation.requireSeat(by, approvals.apply("approval:" + known.approval()));
            if (!store.meet(id, new Condition.Met(by.id(), clock.millis(), note))) {
                throw new Problem.Conflict("Condition " + id + " is met already", "mw approve conditions");
            }
            ledger.append(
                    by,
                    "approval.condition-met",
                    subjects(known),
                    Json.object().put("condition", id).put("note", note));
            return get(id);
        });
    }

    public Condition get(String id) {
        return database.read(() -> store.find(id))
                .orElseThrow(() -> new Problem.NotFound("No condition " + id, "mw approve conditions"));
    }

    /** Conditions of what this actor may read, the first due first. */
    public List<Condition> list(Actor by) {
        return database.read(() -> store.all(MOST)).stream()
                .filter(each -> users.access().allows(by, Permission.READ, Optional.of(each.project())))
                .toList();
    }

    /** All conditions of a model's releases. */
    public List<Condition> of(String model) {
        return database.read(() -> store.of(model));
    }

    List<Condition> overdue(String model) {
        return of(model).stream()
                .filter(condition -> condition.isOverdue(clock.millis()))
                .toList();
    }

    private static List<String> subjects(Condition condition) {
        return List.of(
                condition.subject(),
                "approval:" + condition.approval(),
                "model:" + condition.model(),
                Project.ref(condition.project()));
    }
}
