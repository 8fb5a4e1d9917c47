package org.millwright.gate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.millwright.approval.Release;
import org.millwright.approval.Releases;
import org.millwright.artifact.Artifacts;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.GovernedAction;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.policy.AppliesTo;
import org.millwright.policy.Policies;
import org.millwright.policy.Policy;
import org.millwright.project.ProjectFile;
import org.millwright.project.Projects;

/** Tells what policies decided, judges it again, and tries another policy on it. */
public final class Decisions {
    private static final int MOST = 1_000;

    private final Database database;
    private final Artifacts artifacts;
    private final Access access;
    private final Policies policies;
    private final Projects projects;
    private final Gates gates;
    private final Releases releases;
    private final PolicyGate gate;
    private final DecisionStore store;

    public Decisions(
            Database database,
            Artifacts artifacts,
            Access access,
            Policies policies,
            Projects projects,
            Gates gates,
            Releases releases,
            PolicyGate gate) {
        this.database = database;
        this.artifacts = artifacts;
        this.access = access;
        this.policies = policies;
        this.projects = projects;
        this.gates = gates;
        this.releases = releases;
        this.gate = gate;
        this.store = new DecisionStore(database);
    }

    private Optional<Decision> find(Actor by, String id) {
        return database.read(() -> store.find(id)).filter(decision -> mayRead(by, decision.project()));
    }

    private boolean mayRead(Actor by, String project) {
        return access.allows(by, Permission.READ, Optional.of(project).filter(name -> !name.isEmpty()));
    }

    /**
     * The newest decisions that the actor may read, newest first.
     *
     * @param policy only those that it judged; empty for all
     */
    public List<Decision> list(Actor by, Optional<String> policy, int limit) {
        return database.read(() -> store.since(0, MOST)).stream()
                .filter(decision -> mayRead(by, decision.project()))
                .filter(decision -> policy.isEmpty()
                        || decision.policies().stream()
                                .anyMatch(judged -> judged.name().equals(policy.get())))
                .limit(limit)
                .toList();
    }

    /** The document that the requirements of a decision saw. */
    public JsonNode inputs(Decision decision) {
        return Json.parse(artifacts.bytes(decision.inputs()));
    }

    /**
     * A decision beside what the same texts make of the same inputs today.
     *
     * @param again what was found when it was judged again
     */
    public record Explained(Decision decision, JsonNode inputs, List<Decision.Finding> again) {
        /** Whether every requirement came to the same. */
        public boolean isSame() {
            return decision.findings().stream()
                    .map(Explained::brief)
                    .toList()
                    .equals(again.stream().map(Explained::brief).toList());
        }

        private static String brief(Decision.Finding finding) {
            return finding.policy() + " " + finding.requirement() + " " + finding.check() + " " + finding.outcome();
        }
    }

    /** Judges again what was decided, by the texts and inputs that were kept; also what a gate of a pipeline decided. */
    public Explained explain(Actor by, String ref) {
        String id = ref.startsWith("gate:") ? ref.substring("gate:".length()) : ref;
        Optional<Decision> known = find(by, id);
        if (known.isEmpty()) {
            return ofPipeline(by, id);
        }
        Decision decision = known.get();
        JsonNode inputs = inputs(decision);
        var seen = Policy.language().facts(inputs);
        var again = new ArrayList<Decision.Finding>();
        for (Decision.Judged judged : decision.policies()) {
            policies.kept(judged.digest()).judge(seen).forEach(finding -> again.add(found(finding)));
        }
        return new Explained(decision, inputs, again);
    }

    private static Decision.Finding found(Policy.Finding finding) {
        return new Decision.Finding(
                finding.policy().name(),
                finding.requirement().name(),
                finding.requirement().check(),
                finding.requirement().remedy(),
                finding.outcome().kind().name().toLowerCase(Locale.ROOT),
                finding.outcome().detail());
    }

    private Explained ofPipeline(Actor by, String id) {
        Judgement judgement = gates.find(id)
                .filter(found -> mayRead(by, found.project()))
                .orElseThrow(() -> new Problem.NotFound("No decision gate:" + id, "mw policy decisions"));
        JsonNode inputs = gates.inputs(judgement);
        List<Decision.Finding> then =
                judgement.verdicts().stream().map(Decisions::found).toList();
        List<Decision.Finding> again = judgement.verdicts().stream()
                .map(verdict -> found(Rules.judge(verdict.rule(), inputs)))
                .toList();
        var decision = new Decision(
                judgement.id(),
                GovernedAction.Kind.REGISTER,
                judgement.subject(),
                "",
                judgement.project(),
                "",
                "",
                judgement.passed() ? Decision.Outcome.PASSED : Decision.Outcome.REFUSED,
                List.of(),
                judgement.inputs(),
                then,
                judgement.judgedAt());
        return new Explained(decision, inputs, again);
    }

    private static Decision.Finding found(Verdict verdict) {
        return new Decision.Finding(
                "pipeline",
                verdict.rule().name(),
                verdict.rule().check(),
                verdict.rule().fix(),
                switch (verdict.outcome()) {
                    case PASS -> "pass";
                    case FAIL -> "fail";
                    case ERROR -> "unknown";
                },
                verdict.detail());
    }

    /**
     * What a policy would have made of something past.
     *
     * @param ref of a decision or a release
     * @param basis decision: judged on what was kept then; record: on what the record holds of a release now
     * @param then what became of it
     * @param missing requirements that are not met; empty when it would have passed
     */
    public record Tried(
            String ref,
            String basis,
            String action,
            String subject,
            String target,
            String then,
            long at,
            List<Decision.Finding> missing) {
        public boolean isStopped() {
            return !missing.isEmpty();
        }
    }

    /** Judges past decisions by a policy that is not in force, and past releases of which no decision was kept. */
    public List<Tried> dryRun(Actor by, Policy policy, long since) {
        var tried = new ArrayList<Tried>();
        Set<String> decided = new HashSet<>();
        for (Decision decision : database.read(() -> store.since(since, MOST))) {
            if (!mayRead(by, decision.project())) {
                continue;
            }
            if (decision.action() == GovernedAction.Kind.DEPLOY) {
                decided.add(decision.subject() + " " + decision.target());
            }
            JsonNode inputs = inputs(decision);
            String tier = inputs.at("/project/risk_tier").asText(AppliesTo.NO_TIER);
            if (applies(policy, decision.action(), decision.stage(), tier)) {
                tried.add(new Tried(
                        decision.ref(),
                        "decision",
                        decision.action().text(),
                        decision.subject(),
                        decision.target(),
                        decision.outcome().text(),
                        decision.decidedAt(),
                        missing(policy, inputs)));
            }
        }
        releases.list(MOST).stream()
                .filter(release -> release.requestedAt() >= since && mayRead(by, release.project()))
                .filter(release -> !decided.contains(release.modelRef() + " " + release.deployment()))
                .forEach(release -> tried(policy, release).ifPresent(tried::add));
        tried.sort(Comparator.comparingLong(Tried::at).reversed());
        return tried;
    }

    private Optional<Tried> tried(Policy policy, Release release) {
        Optional<ProjectFile> file = projects.file(release.project());
        GovernedAction deploy = release.deploy();
        if (!applies(policy, deploy.kind(), PolicyGate.stage(deploy, file), PolicyGate.tier(file))) {
            return Optional.empty();
        }
        return Optional.of(new Tried(
                release.ref(),
                "record",
                deploy.kind().text(),
                release.modelRef(),
                release.deployment(),
                release.state().name().toLowerCase(Locale.ROOT),
                release.requestedAt(),
                missing(policy, gate.inputs(Actor.SYSTEM, deploy))));
    }

    /** Also where a stage would have to name it: it is tried there as if it had. */
    private static boolean applies(Policy policy, GovernedAction.Kind kind, String stage, String tier) {
        AppliesTo to = policy.appliesTo();
        return to.matches(kind, stage, tier, !to.everywhere());
    }

    private static List<Decision.Finding> missing(Policy policy, JsonNode inputs) {
        return policy.judge(Policy.language().facts(inputs)).stream()
                .filter(finding -> !finding.outcome().passed())
                .map(Decisions::found)
                .toList();
    }
}
