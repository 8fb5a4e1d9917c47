package org.millwright.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.millwright.kernel.Json;
import org.millwright.policy.Policy;

/**
 * What it costs to judge a policy of fifty requirements on everything that is known of a version, and to read it.
 *
 * @param rounds judgements that one figure is the mean of
 */
record PolicyBench(int runs, int rounds) implements Measurement {
    private static final int REQUIREMENTS = 50;

    private static final List<String> CHECKS = List.of(
            "version.handoff.agreed && size(version.handoff.blocking) == 0",
            "metrics.rmse <= champion.metrics.rmse * 1.02",
            "approvals.items.filter(a, a.covers && a.by != version.made_by).size() >= 2",
            "!certificate.revoked && !certificate.expired && certificate.days_left > 7",
            "agreement.clauses.exists(c, c.startsWith('drift')) && agreement.retrains",
            "data.rows.flights >= 10000 && data.classifications.all(c, c in ['public', 'internal'])",
            "request.stage == 'production' ? version.tags.team == 'ops' : true",
            "project.risk_tier in ['low', 'medium'] && project.state == 'active'",
            "environment.locked && environment.python.startsWith('3.')",
            "has(metrics.skill) && metrics.skill > 0.02");

    private static final JsonNode FACTS = Json.parse("""
            {"request": {"action": "deploy", "stage": "production", "target": "delays", "by": "u-1", "person": true},
             "version": {"model": "delays", "number": 3, "state": "certified", "made_by": "u-2", "age_days": 4,
               "tags": {"team": "ops"}, "aliases": ["gold"], "retrained": true, "bundle": true,
               "handoff": {"agreed": true, "rows": 20000, "largest": 6e-5, "tolerance": 0.001, "blocking": []}},
             "metrics": {"rmse": 38.1, "mae": 22.0, "r2": 0.1, "skill": 0.09, "rows": 27004},
             "champion": {"exists": true, "metrics": {"rmse": 40.0, "skill": 0.05}},
             "data": {"rows": {"flights": 336776, "weather": 26115}, "classifications": ["public", "internal"]},
             "approvals": {"cleared": true, "people": 2, "items": [
               {"kind": "release", "by": "u-3", "covers": true}, {"kind": "alias", "by": "u-4", "covers": true}]},
             "agreement": {"in_force": true, "clauses": ["performance", "drift", "quality:missing"], "retrains": true},
             "environment": {"locked": true, "python": "3.11", "threads": 2},
             "certificate": {"exists": true, "revoked": false, "expired": false, "days_left": 300},
             "project": {"name": "delays", "state": "active", "risk_tier": "low", "owner": "ana"}}
            """);

    @Override
    public void run(Report report) {
        String text = text();
        var read = new double[runs];
        var judged = new double[runs];
        for (int i = 0; i < runs; i++) {
            long start = System.nanoTime();
            Policy policy = Policy.parse(text);
            read[i] = (System.nanoTime() - start) / 1e6;
            judged[i] = judge(policy);
        }
        report.below(
                "a policy of " + REQUIREMENTS + " requirements judged, facts made ready included",
                Samples.of(judged),
                "%.3f ms",
                5);
        report.figure("the same read and compiled, once for each digest", Samples.of(read), "%.1f ms");
    }

    private double judge(Policy policy) {
        long start = System.nanoTime();
        for (int i = 0; i < rounds; i++) {
            var findings = policy.judge(Policy.language().facts(FACTS));
            if (!findings.stream().allMatch(finding -> finding.outcome().passed())) {
                throw new IllegalStateException("Not met: " + findings);
            }
        }
        return (System.nanoTime() - start) / 1e6 / rounds;
    }

    private static String text() {
        var text = new StringBuilder("""
                apiVersion: millwright/v1
                kind: Policy
                name: fifty
                description: As long as policies get.
                mode: enforce
                applies-to: {actions: [deploy]}
                requirements:
                """);
        for (int i = 0; i < REQUIREMENTS; i++) {
            text.append("  - {name: r")
                    .append(i)
                    .append(", check: ")
                    .append(Json.write(CHECKS.get(i % CHECKS.size())))
                    .append(", remedy: None.}\n");
        }
        return text.toString();
    }
}
