package org.millwright.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;

/** A file of cases beside a policy: facts, and what each requirement should come to. */
public final class PolicyCases {
    private static final Set<String> WORDS = Set.of("pass", "fail", "unknown");

    private final List<Case> cases;

    private PolicyCases(List<Case> cases) {
        this.cases = cases;
    }

    private record Case(String name, JsonNode given, Map<String, String> expect) {}

    /** @param matches whether the requirement came to what was expected */
    public record Result(
            String name, String requirement, String expected, String actual, String detail, boolean matches) {}

    /** Reads a file; one {@link Problem.Invalid} names every mistake with its line. */
    public static PolicyCases parse(String file, String text, Policy policy) {
        Yaml.Value root = Yaml.parse(file, text);
        root.only("apiVersion", "kind", "cases");
        expect(root, "apiVersion", "millwright/v1");
        expect(root, "kind", "PolicyCases");
        var cases = new ArrayList<Case>();
        root.need("cases").ifPresent(list -> {
            for (Yaml.Value item : list.items()) {
                item.only("name", "given", "expect");
                cases.add(new Case(item.text("name"), given(item), expected(item, policy)));
            }
        });
        root.finish();
        return new PolicyCases(cases);
    }

    private static void expect(Yaml.Value root, String key, String value) {
        root.need(key)
                .filter(found -> !found.asText().equals(value))
                .ifPresent(found -> found.error("expected '" + value + "', got '" + found.asText() + "'"));
    }

    private static JsonNode given(Yaml.Value item) {
        JsonNode given = Json.object();
        var found = item.get("given");
        if (found.isPresent()) {
            found.get().only(Policy.language().vocabulary().names().toArray(String[]::new));
            given = Json.tree(Objects.requireNonNullElse(found.get().plain(), Map.of()));
        }
        return given;
    }

    private static Map<String, String> expected(Yaml.Value item, Policy policy) {
        var expected = new LinkedHashMap<String, String>();
        var known = policy.requirements().stream().map(Requirement::name).toList();
        item.need("expect")
                .ifPresent(map -> map.fields().forEach((name, value) -> {
                    String word = value.asText();
                    if (!known.contains(name)) {
                        value.error("no requirement '" + name + "' (known: " + String.join(", ", known) + ")");
                    } else if (!WORDS.contains(word)) {
                        value.error("expected pass, fail or unknown, got '" + word + "'");
                    }
                    expected.put(name, word);
                }));
        return expected;
    }

    /** Judges every case. */
    public List<Result> run(Policy policy) {
        var results = new ArrayList<Result>();
        for (Case each : cases) {
            for (Policy.Finding finding : policy.judge(Policy.language().facts(each.given()))) {
                String expected = each.expect().get(finding.requirement().name());
                if (expected != null) {
                    String actual = finding.outcome().kind().name().toLowerCase(Locale.ROOT);
                    results.add(new Result(
                            each.name(),
                            finding.requirement().name(),
                            expected,
                            actual,
                            finding.outcome().detail(),
                            expected.equals(actual)));
                }
            }
        }
        return results;
    }

    /** Requirements that no case expects to pass, or none expects not to. */
    public List<String> untested(Policy policy) {
        var untested = new TreeSet<String>();
        for (Requirement requirement : policy.requirements()) {
            var words = cases.stream()
                    .flatMap(each -> each.expect().entrySet().stream())
                    .filter(entry -> entry.getKey().equals(requirement.name()))
                    .map(Map.Entry::getValue)
                    .toList();
            if (!words.contains("pass") || words.stream().allMatch("pass"::equals)) {
                untested.add(requirement.name());
            }
        }
        return List.copyOf(untested);
    }
}
