package org.millwright.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millwright.identity.GovernedAction.Kind;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

class PolicyTest {
    private static final String HEAD = """
            apiVersion: millwright/v1
            kind: Policy
            name: strict
            description: What we ask of everything in production.
            mode: enforce
            applies-to: {actions: [deploy, promote], stages: [production], risk-tiers: [low, high]}
            requirements:
            """;

    private static final JsonNode FACTS = Json.parse("""
            {"request": {"action": "deploy", "stage": "production", "by": "u-1", "person": true, "percent": 25},
             "version": {"model": "delays", "number": 3, "made_by": "u-2", "tags": {"team": "ops"}, "aliases": ["gold"],
               "handoff": {"agreed": true, "rows": 100, "largest": 6e-5, "blocking": []}},
             "metrics": {"rmse": 38.1, "skill": 0.09, "rows": 27004, "broken": null},
             "champion": {"exists": true, "metrics": {"rmse": 40}},
             "approvals": {"cleared": false, "people": 1,
               "items": [{"kind": "release", "by": "u-3", "covers": true}, {"kind": "alias", "by": "u-4", "covers": false}]},
             "findings": {"open": 2, "high": 1, "low": 1, "blocking": 1, "overdue": 0},
             "conditions": {"open": 1, "broken": 1, "items": [{"id": "c", "days_left": -3, "measure": "", "broken": true}]},
             "reproduction": {"exists": true, "reproduces": true, "verdict": "SAME_PREDICTIONS", "age_days": 4},
             "certificate": {"exists": true, "revoked": false, "expired": false, "days_left": 12}}
            """);

    private static Outcome judge(String check) {
        return Policy.language().compile(check).judge(Policy.language().facts(FACTS));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "version.handoff.agreed && version.number > 2                              # PASS",
                "metrics.rmse <= champion.metrics.rmse * 1.02                              # PASS",
                "metrics.rows >= 5000                                                      # PASS",
                "champion.metrics.rmse / 2.0 < 1.0                                         # FAIL",
                "has(metrics.recall)                                                       # FAIL",
                "metrics.recall > 0.5                                                      # UNKNOWN",
                "metrics.broken > 0.0                                                      # UNKNOWN",
                "scans.critical == 0                                                       # UNKNOWN",
                "!(scans.critical > 0)                                                     # UNKNOWN",
                "certificate.exists || scans.critical == 0                                 # PASS",
                "approvals.items.exists(a, a.covers && a.by != version.made_by)            # PASS",
                "approvals.items.filter(a, a.covers).size() >= 2                           # FAIL",
                "request.by != version.made_by && request.person                           # PASS",
                "version.tags.team == 'ops' && 'gold' in version.aliases                   # PASS",
                "version.handoff.tolerance >= version.handoff.largest                      # UNKNOWN",
                "findings.open == findings.high + findings.low && findings.overdue == 0    # PASS",
                "findings.critical == 0                                                    # UNKNOWN",
                "conditions.broken == 0                                                    # FAIL",
                "conditions.items.all(c, !c.broken || c.measure != '')                     # FAIL",
                "reproduction.reproduces && reproduction.verdict != 'WITHIN_TOLERANCE'     # PASS",
                "certificate.days_left > 7 && size(version.handoff.blocking) == 0          # PASS"
            })
    void judges(String check, Outcome.Kind expected) {
        Outcome outcome = judge(check.strip());
        assertThat(outcome.kind()).as(outcome.detail()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "metrix.rmse > 1.0                        # 'metrix' is not known; did you mean 'metrics'? (known: request,",
                "version.handof.agreed                    # version has no field 'handof'; did you mean 'handoff'? (known: model,",
                "certificate.valid                        # certificate has no field 'valid' (known: exists, revoked,",
                "approvals.items.exists(a, a.who == 'x')  # approvals.items: kind, subject, by,",
                "version.model.matches('.*')              # regular expressions are not taken",
                "version.number + 1                       # bool",
                "version.number == 'three'                # no matching overload",
                "metrics.rmse >                           # input"
            })
    void saysWhatWouldHaveBeenRight(String check, String told) {
        assertThatThrownBy(() -> Policy.language().compile(check.strip()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(told.strip());
    }

    @Test
    void boundsTheWork() {
        var document = Json.object();
        var list = document.putObject("version").putArray("aliases");
        for (int i = 0; i < 1_000; i++) {
            list.add("a" + i);
        }
        String all = "version.aliases.all(a, version.aliases.all(b, version.aliases.all(c, a + b + c != '')))";
        Outcome outcome = Policy.language().compile(all).judge(Policy.language().facts(document));
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.UNKNOWN);
        assertThatThrownBy(() -> Policy.language().compile("1 == 1" + " && 1 == 1".repeat(300)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Policy.language().compile("(".repeat(200) + "true" + ")".repeat(200)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tellsAllMistakesAtOnceWithTheirLines() {
        String text = """
                apiVersion: millwright/v1
                kind: Polizei
                name: Strict
                description: ""
                mode: stern
                applies-to: {actions: [deply], risk-tiers: [lo], stage: [x]}
                requirements:
                  - {name: a, check: metrics.rmse > "x", remedy: r}
                  - {name: a, check: certificate.valid, remedy: r}
                  - {name: b, check: "true"}
                """;
        assertThatThrownBy(() -> Policy.parse("strict.yaml", text))
                .isInstanceOf(Problem.Invalid.class)
                .message()
                .satisfies(message -> assertThat(message.lines())
                        .allMatch(line -> line.matches("strict\\.yaml:\\d+: .+"))
                        .anyMatch(line -> line.startsWith("strict.yaml:2: kind"))
                        .anyMatch(line -> line.startsWith("strict.yaml:3: name"))
                        .anyMatch(line -> line.startsWith("strict.yaml:4: description"))
                        .anyMatch(line -> line.contains("mode: expected warn, enforce or grant"))
                        .anyMatch(line -> line.contains("no action 'deply'; did you mean 'deploy'?"))
                        .anyMatch(line -> line.contains("no risk tier 'lo'; did you mean 'low'?"))
                        .anyMatch(line -> line.contains("unknown key 'stage'; did you mean 'stages'?"))
                        .anyMatch(line -> line.startsWith("strict.yaml:8: "))
                        .anyMatch(line -> line.contains("certificate has no field 'valid'"))
                        .anyMatch(line -> line.contains("a second requirement named 'a'"))
                        .anyMatch(line -> line.contains("missing key 'remedy'")));
    }

    @Test
    void isNamedByTheDigestOfItsText() {
        String text = HEAD + "  - {name: a, check: 'true', remedy: none}\n";
        Policy policy = Policy.parse(text);

        assertThat(policy.digest()).isEqualTo(Json.sha256(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(Policy.parse(text.replace("\n", "  \r\n") + "\n\n").digest()).isEqualTo(policy.digest());
        assertThat(Policy.parse(text.replace("'true'", "'false'")).digest()).isNotEqualTo(policy.digest());
        AppliesTo to = policy.appliesTo();
        assertThat(to.matches(Kind.DEPLOY, "production", "low", false)).isTrue();
        assertThat(to.matches(Kind.DEPLOY, "staging", "low", false)).isFalse();
        assertThat(to.matches(Kind.DEPLOY, "staging", "low", true)).isTrue();
        assertThat(to.matches(Kind.TRAFFIC, "production", "low", true)).isFalse();
        assertThat(to.matches(Kind.DEPLOY, "production", "none", true)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tier-minimal", "tier-low", "tier-medium", "tier-high"})
    void eachTierHasASet(String name) {
        Policy policy = BuiltIn.all().get(name);

        assertThat(policy.appliesTo().riskTiers()).containsExactly(name.substring("tier-".length()));
        assertThat(policy.requirements()).extracting(Requirement::name).contains("release-approved");
        assertThat(policy.judge(Policy.language().facts(Json.object())))
                .as("of nothing nothing is known, so nothing passes but what asks for nothing")
                .filteredOn(finding -> finding.outcome().passed())
                .isEmpty();
    }

    @Test
    void casesSayWhatShouldBecomeOfRequirements() {
        Policy policy = Policy.parse(HEAD + """
                  - {name: good, check: metrics.skill > 0.0, remedy: train}
                  - {name: people, check: approvals.people >= 2, remedy: ask}
                """);
        PolicyCases cases = PolicyCases.parse("strict.cases.yaml", """
                apiVersion: millwright/v1
                kind: PolicyCases
                cases:
                  - name: fine
                    given: {metrics: {skill: 0.1}, approvals: {people: 2}}
                    expect: {good: pass, people: pass}
                  - name: bad
                    given: {metrics: {skill: 0}}
                    expect: {good: fail, people: fail}
                """, policy);

        List<PolicyCases.Result> results = cases.run(policy);
        assertThat(results).extracting(PolicyCases.Result::actual).containsExactly("pass", "pass", "fail", "unknown");
        assertThat(results).extracting(PolicyCases.Result::matches).containsExactly(true, true, true, false);
        assertThat(cases.untested(policy)).isEmpty();
        assertThatThrownBy(() -> PolicyCases.parse("c.yaml", """
                apiVersion: millwright/v1
                kind: PolicyCases
                cases:
                  - {name: x, given: {metric: {}}, expect: {god: pass, good: yes}}
                """, policy))
                .hasMessageContaining("did you mean 'metrics'?")
                .hasMessageContaining("no requirement 'god'")
                .hasMessageContaining("expected pass, fail or unknown, got 'yes'");
    }
}
