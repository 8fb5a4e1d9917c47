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
import org.millwright.policy.Policy;
import org.millwright.project.Project;

/**
 * What approvals were given under. When one is due, its measure tells whether it is kept, or else a person that it is met;
 * while one is broken, no other release of the model is asked for or approved.
 */
public final class Conditions {
    private static final int LONGEST = 1_000;
    private static final int MOST = 1_000;

    private final Database database;
    private final Ledger ledger;
    private final Users users;
    private final Separation separation;
    private final Function<String, Approval> approvals;
    private final Clock clock;
    private final Ids ids;
    private final ConditionStore store;
    private volatile Optional<Measures> measures = Optional.empty();

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

    /** Lets a room above judge measures; until then only people say what is met. */
    public void judgeBy(Measures judge) {
        measures = Optional.of(judge);
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
            Policy.measures().compile(measure);
        } catch (IllegalArgumentException e) {
            throw new Problem.Invalid(
                    "measure: '" + measure + "' is no CEL expression of true or false: " + e.getMessage(),
                    "mw policy fields lists what it may speak of.");
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

    /** Those that stand against a version: due, and neither called met nor kept by their measure. */
    List<Condition> broken(String model, String version) {
        return of(model).stream()
                .filter(condition -> condition.isOverdue(clock.millis()))
                .filter(condition -> !isKept(condition, version))
                .toList();
    }

    private boolean isKept(Condition condition, String version) {
        return condition.isMeasured()
                && measures.map(judge -> judge.judge(condition, version).passed())
                        .orElse(false);
    }

    /**
     * Why a condition that an approval was granted under does not hold of a version that serves; empty when it is not due,
     * met, or kept by its measure.
     */
    public Optional<String> fault(Condition condition, String version) {
        boolean granted = approvals.apply("approval:" + condition.approval()).state() == Approval.State.APPROVED;
        if (!granted || !condition.isOverdue(clock.millis())) {
            return Optional.empty();
        }
        if (!condition.isMeasured()) {
            return Optional.of("nobody said that it is met");
        }
        return measures.map(judge -> judge.judge(condition, version))
                .filter(outcome -> !outcome.passed())
                .map(outcome -> condition.measure() + " does not hold of " + version
                        + (outcome.detail().isEmpty() ? "" : " (" + outcome.detail() + ")"));
    }

    /** Where it stands: met, open, kept when it is due and its measure holds, or overdue. */
    public String state(Condition condition) {
        String state = condition.state(clock.millis());
        String version = measures.map(judge -> judge.version(condition)).orElse("");
        return state.equals("overdue") && !version.isEmpty() && isKept(condition, version) ? "kept" : state;
    }

    private static List<String> subjects(Condition condition) {
        return List.of(
                condition.subject(),
                "approval:" + condition.approval(),
                "model:" + condition.model(),
                Project.ref(condition.project()));
    }
}
