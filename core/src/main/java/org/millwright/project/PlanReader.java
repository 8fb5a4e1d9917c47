package org.millwright.project;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.millwright.identity.Permission;
import org.millwright.identity.Role;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;

/** Reads what a project's file says beside the machinery. */
final class PlanReader {
    static final List<String> KEYS = List.of(
            "template",
            "business-owner",
            "expected-value",
            "users-affected",
            "intake",
            "reviewers",
            "budget",
            "review-every");

    private static final Set<String> PER = Set.of("prediction", "outcome", "month", "year");
    private static final Duration SHORTEST = Duration.ofDays(1);
    private static final Duration LONGEST = Duration.ofDays(1_096);

    private PlanReader() {}

    static ProjectPlan read(Yaml.Value root, Function<String, Role> roles, boolean kept) {
        return new ProjectPlan(
                root.text("template", ""),
                root.get("business-owner").map(Yaml.Value::asText),
                root.get("expected-value").map(PlanReader::value),
                root.get("users-affected").map(PlanReader::affected),
                root.get("intake").map(PlanReader::intake).orElse(Map.of()),
                root.get("reviewers").map(list -> reviewers(list, roles, kept)).orElse(List.of()),
                root.get("budget").map(PlanReader::budget),
                root.get("review-every").map(PlanReader::reviewEvery));
    }

    private static ProjectPlan.Value value(Yaml.Value map) {
        map.only("amount", "currency", "per", "because");
        map.need("amount");
        map.need("per");
        String currency = map.text("currency", "EUR");
        if (!currency.matches("[A-Z]{3}")) {
            map.get("currency").ifPresent(found -> found.error("expected three letters, such as EUR"));
        }
        return new ProjectPlan.Value(
                ProjectFileReader.positive(map, "amount", 1),
                currency,
                ProjectFileReader.oneOf(map, "per", "month", PER),
                map.text("because", ""));
    }

    private static ProjectPlan.Affected affected(Yaml.Value map) {
        map.only("who", "number");
        return new ProjectPlan.Affected(map.text("who"), ProjectFileReader.atLeast(map, "number", 0, 0));
    }

    private static Map<String, List<String>> intake(Yaml.Value map) {
        var answers = new LinkedHashMap<String, List<String>>();
        map.fields()
                .forEach((question, answer) -> answers.put(
                        question,
                        answer.isList()
                                ? answer.items().stream()
                                        .map(Yaml.Value::asText)
                                        .toList()
                                : List.of(answer.asText())));
        return answers;
    }

    private static List<String> reviewers(Yaml.Value list, Function<String, Role> roles, boolean kept) {
        List<String> named = list.items().stream()
                .map(item -> {
                    try {
                        Role role = roles.apply(item.asText());
                        if (!kept && !role.allows(Permission.APPROVE) && !role.allows(Permission.VALIDATE)) {
                            item.error("role '" + role.text() + "' decides nothing (expected: one that may approve or"
                                    + " validate)");
                        }
                        return role.text();
                    } catch (Problem.Invalid e) {
                        item.error(String.valueOf(e.getMessage()));
                        return item.asText();
                    }
                })
                .toList();
        if (named.isEmpty() || Set.copyOf(named).size() < named.size() || named.size() > 5) {
            list.error("expected 1 to 5 different roles, such as [approver, validator]");
        }
        return named;
    }

    private static ProjectPlan.Budget budget(Yaml.Value map) {
        map.only("compute-seconds");
        map.need("compute-seconds");
        return new ProjectPlan.Budget(ProjectFileReader.atLeast(map, "compute-seconds", 1, 1));
    }

    private static Duration reviewEvery(Yaml.Value text) {
        Optional<Duration> every = Optional.empty();
        try {
            every = Optional.of(Durations.parse(text.asText()))
                    .filter(time -> time.compareTo(SHORTEST) >= 0 && time.compareTo(LONGEST) <= 0);
        } catch (IllegalArgumentException e) {
            // Told below, as what is out of bounds.
        }
        if (every.isEmpty()) {
            text.error("expected a time from 1d to 1096d, such as 180d");
        }
        return every.orElse(LONGEST);
    }
}
