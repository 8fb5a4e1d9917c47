package org.millwright.gate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.millwright.approval.Condition;
import org.millwright.approval.Conditions;
import org.millwright.approval.Finding;
import org.millwright.approval.Findings;
import org.millwright.kernel.Json;
import org.millwright.reproduction.Reproduction;
import org.millwright.reproduction.Verdict;

/** What stands for or against a model beside its evidence: findings, conditions of approvals, whether it was made again. */
public final class StandingFacts {
    private final Findings findings;
    private final Conditions conditions;
    private final Function<String, Optional<Reproduction>> reproductions;
    private final Clock clock;

    /** @param reproductions finds the newest verdict about a version such as {@code model:delays/3} */
    public StandingFacts(
            Findings findings,
            Conditions conditions,
            Function<String, Optional<Reproduction>> reproductions,
            Clock clock) {
        this.findings = findings;
        this.conditions = conditions;
        this.reproductions = reproductions;
        this.clock = clock;
    }

    void findings(ObjectNode facts, String model) {
        List<Finding> all = findings.of(model);
        long now = clock.millis();
        List<Finding> open = all.stream().filter(finding -> finding.isOpen(now)).toList();
        ObjectNode node = facts.putObject("findings").put("open", open.size());
        for (Finding.Severity severity : Finding.Severity.values()) {
            node.put(
                    severity.text(),
                    open.stream()
                            .filter(finding -> finding.severity() == severity)
                            .count());
        }
        node.put("blocking", open.stream().filter(Finding::blocking).count())
                .put(
                        "overdue",
                        open.stream().filter(finding -> finding.dueAt() <= now).count())
                .put(
                        "waived",
                        all.stream()
                                .filter(finding -> finding.state() == Finding.State.WAIVED && !finding.isOpen(now))
                                .count());
    }

    void reproduction(ObjectNode facts, String version) {
        Optional<Reproduction> newest = reproductions.apply(version);
        ObjectNode node = facts.putObject("reproduction")
                .put("exists", newest.isPresent())
                .put(
                        "reproduces",
                        newest.flatMap(Reproduction::verdict)
                                .filter(Verdict::reproduces)
                                .isPresent());
        newest.ifPresent(found -> {
            found.verdict().ifPresent(verdict -> node.put("verdict", verdict.name()));
            found.endedAt().ifPresent(at -> node.put("age_days", Math.max(0, days(clock.millis() - at))));
        });
    }

    /** Judges what is due by its measure, on everything that the document says so far. */
    void conditions(ObjectNode facts, String model) {
        long now = clock.millis();
        List<Condition> unmet = unmet(model);
        ObjectNode node = facts.putObject("conditions");
        ArrayNode items = Json.array();
        int broken = 0;
        int open = 0;
        for (Condition condition : unmet) {
            boolean due = condition.isOverdue(now);
            boolean isBroken = due
                    && !(condition.isMeasured()
                            && Measured.judge(condition, facts).passed());
            broken += isBroken ? 1 : 0;
            open += due ? 0 : 1;
            items.addObject()
                    .put("id", condition.id())
                    .put("text", condition.text())
                    .put("measure", condition.measure())
                    .put(
                            "days_left",
                            Math.floorDiv(
                                    condition.dueAt() - now, Duration.ofDays(1).toMillis()))
                    .put("broken", isBroken);
        }
        node.put("open", open).put("broken", broken).set("items", items);
    }

    /** Conditions of a model that are due and are told by a measure. */
    List<Condition> measured(String model) {
        return unmet(model).stream()
                .filter(condition -> condition.isMeasured() && condition.isOverdue(clock.millis()))
                .toList();
    }

    private List<Condition> unmet(String model) {
        return conditions.of(model).stream()
                .filter(condition -> condition.met().isEmpty())
                .toList();
    }

    private static long days(long millis) {
        return Duration.ofMillis(millis).toDays();
    }
}
