package org.millwright.gate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.millwright.artifact.Artifacts;
import org.millwright.identity.ActionGuard;
import org.millwright.identity.Actor;
import org.millwright.identity.GovernedAction;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.policy.AppliesTo;
import org.millwright.policy.Outcome;
import org.millwright.policy.Policies;
import org.millwright.policy.Policy;
import org.millwright.policy.Undone;
import org.millwright.project.DeploymentStage;
import org.millwright.project.Project;
import org.millwright.project.ProjectFile;
import org.millwright.project.Projects;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Models;

/**
 * The one gate check of every governed action, whichever adapter it came by: judges what is in force on what the record
 * holds, keeps the inputs and the verdict, and refuses with everything that is missing.
 */
public final class PolicyGate implements ActionGuard {
    private static final int REMEMBERED = 1_000;
    private static final Set<GovernedAction.Kind> FORWARD = EnumSet.of(
            GovernedAction.Kind.DEPLOY,
            GovernedAction.Kind.TRAFFIC,
            GovernedAction.Kind.PROMOTE,
            GovernedAction.Kind.AUTO_PROMOTE);

    private final Database database;
    private final Ledger ledger;
    private final Artifacts artifacts;
    private final Policies policies;
    private final Projects projects;
    private final Models models;
    private final PolicyFacts facts;
    private final Clock clock;
    private final Ids ids;
    private final DecisionStore store;
    private final Map<String, Decision> last = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Decision> eldest) {
            return size() > REMEMBERED;
        }
    });

    public PolicyGate(
            Database database,
            Ledger ledger,
            Artifacts artifacts,
            Policies policies,
            Projects projects,
            Models models,
            PolicyFacts facts,
            Clock clock,
            Ids ids) {
        this.database = database;
        this.ledger = ledger;
        this.artifacts = artifacts;
        this.policies = policies;
        this.projects = projects;
        this.models = models;
        this.facts = facts;
        this.clock = clock;
        this.ids = ids;
        this.store = new DecisionStore(database);
    }

    @Override
    public void check(Actor by, GovernedAction action) {
        if (!action.subject().startsWith("model:")) {
            if (policies.inForce().stream()
                    .noneMatch(policy -> policy.appliesTo().actions().contains(action.kind()))) {
                return;
            }
            for (ModelVersion version : facts.from(action.subject())) {
                check(by, of(version, action));
            }
            return;
        }
        Optional<ProjectFile> file = action.project().flatMap(projects::file);
        String stage = stage(action, file);
        List<Policy> applying = applying(action, stage, file);
        if (!applying.isEmpty()) {
            Decision decision = decide(by, action, stage, applying);
            if (decision.outcome() == Decision.Outcome.REFUSED) {
                throw refused(decision);
            }
        }
    }

    /** What is done with a run or a logged model is done with each version that came from it. */
    private GovernedAction of(ModelVersion version, GovernedAction action) {
        return new GovernedAction(
                action.kind(),
                version.subject(),
                action.subject(),
                models.get(Actor.SYSTEM, version.name()).project(),
                action.details());
    }

    /** The project's stage that an action happens in; "" where there is none. */
    static String stage(GovernedAction action, Optional<ProjectFile> file) {
        if (!action.kind().hasStage()) {
            return "";
        }
        List<DeploymentStage> stages = file.map(ProjectFile::stages).orElse(DeploymentStage.DEFAULT);
        return switch (action.kind()) {
            case ALIAS, STAGE ->
                action.target().equalsIgnoreCase("champion")
                        ? stages.getLast().name()
                        : stages.stream()
                                .map(DeploymentStage::name)
                                .filter(action.target()::equalsIgnoreCase)
                                .findFirst()
                                .orElse("");
            default ->
                file.map(found -> found.stageOf(action.target()))
                        .orElseGet(stages::getLast)
                        .name();
        };
    }

    static String tier(Optional<ProjectFile> file) {
        return file.map(found -> found.riskTier().text()).orElse(AppliesTo.NO_TIER);
    }

    /** What counts for an action: policies in force, and conditions of approvals that are due. */
    private List<Policy> applying(GovernedAction action, String stage, Optional<ProjectFile> file) {
        var applying = new ArrayList<>(inForce(action.kind(), stage, file));
        if (FORWARD.contains(action.kind())) {
            Measured.policy(facts.measured(action.subject())).ifPresent(applying::add);
        }
        return applying;
    }

    /** What stops or warns; what grants stops nothing. */
    private List<Policy> inForce(GovernedAction.Kind kind, String stage, Optional<ProjectFile> file) {
        return matching(kind, stage, file).stream()
                .filter(policy -> policy.mode() != Policy.Mode.GRANT)
                .toList();
    }

    /**
     * The decision by which a policy in force grants the release of a version that a trigger had trained, kept with all that it
     * rests on; empty when none does.
     */
    public Optional<Decision> grant(GovernedAction deploy) {
        Optional<ProjectFile> file = deploy.project().flatMap(projects::file);
        String stage = stage(deploy, file);
        List<Policy> granting = matching(deploy.kind(), stage, file).stream()
                .filter(policy -> policy.mode() == Policy.Mode.GRANT)
                .toList();
        if (granting.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode inputs = facts.of(Actor.SYSTEM, deploy, stage);
        if (!inputs.at("/version/retrained").asBoolean()) {
            return Optional.empty();
        }
        Optional<Decision> granted = granting.stream()
                .map(policy -> judge(Actor.SYSTEM, deploy, stage, List.of(policy), inputs))
                .filter(decision -> decision.outcome() == Decision.Outcome.PASSED)
                .findFirst();
        granted.ifPresent(decision -> {
            artifacts.put(Json.canonical(inputs).getBytes(StandardCharsets.UTF_8));
            granting.forEach(policies::keep);
            database.write(() -> record(Actor.SYSTEM, decision));
        });
        return granted;
    }

    private List<Policy> matching(GovernedAction.Kind kind, String stage, Optional<ProjectFile> file) {
        List<String> named = file.stream()
                .flatMap(found -> found.stages().stream())
                .filter(declared -> declared.name().equals(stage))
                .flatMap(declared -> declared.policies().stream())
                .toList();
        String tier = tier(file);
        List<Policy> inForce = policies.inForce();
        for (String name : named) {
            if (inForce.stream().noneMatch(policy -> policy.name().equals(name))) {
                throw new Problem.Refused(
                        "Stage " + stage + " of project "
                                + file.map(ProjectFile::name).orElse("") + " names policy " + name
                                + ", which is not in force: nothing passes",
                        "mw policy publish FILE, then another person: mw policy activate " + name);
            }
        }
        return inForce.stream()
                .filter(policy -> policy.appliesTo().matches(kind, stage, tier, named.contains(policy.name())))
                .toList();
    }

    private Decision decide(Actor by, GovernedAction action, String stage, List<Policy> applying) {
        ObjectNode inputs = facts.of(by, action, stage);
        Decision decision = judge(by, action, stage, applying, inputs);
        // Millwright looks again and again, and applications ask for bundles: the same answer is written down once.
        boolean repeats = by.kind() == Actor.Kind.SYSTEM || action.kind() == GovernedAction.Kind.EXPORT;
        String key = action.kind() + " " + action.subject() + " " + action.target() + " " + by.id();
        Decision before = last.get(key);
        if (repeats
                && before != null
                && before.inputs().equals(decision.inputs())
                && before.policies().equals(decision.policies())) {
            return before;
        }
        artifacts.put(Json.canonical(inputs).getBytes(StandardCharsets.UTF_8));
        applying.forEach(policies::keep);
        if (decision.outcome() == Decision.Outcome.REFUSED) {
            Undone.keep(database, () -> record(by, decision));
        } else {
            database.write(() -> record(by, decision));
        }
        last.put(key, decision);
        return decision;
    }

    private Decision judge(Actor by, GovernedAction action, String stage, List<Policy> applying, ObjectNode inputs) {
        var seen = Policy.language().facts(inputs);
        var findings = new ArrayList<Decision.Finding>();
        var outcome = Decision.Outcome.PASSED;
        for (Policy policy : applying) {
            for (Policy.Finding finding : policy.judge(seen)) {
                findings.add(told(finding, action));
                if (!finding.outcome().passed() && outcome != Decision.Outcome.REFUSED) {
                    outcome = policy.mode() == Policy.Mode.ENFORCE ? Decision.Outcome.REFUSED : Decision.Outcome.WARNED;
                }
            }
        }
        return new Decision(
                ids.next(),
                action.kind(),
                action.subject(),
                action.target(),
                action.project().orElse(""),
                stage,
                by.id(),
                outcome,
                applying.stream()
                        .map(policy -> new Decision.Judged(
                                policy.name(), policy.digest(), policy.mode().text()))
                        .toList(),
                Json.digest(inputs),
                findings,
                clock.millis());
    }

    private static Decision.Finding told(Policy.Finding finding, GovernedAction action) {
        Outcome outcome = finding.outcome();
        return new Decision.Finding(
                finding.policy().name(),
                finding.requirement().name(),
                finding.requirement().check(),
                remedy(finding.requirement().remedy(), action),
                outcome.kind().name().toLowerCase(Locale.ROOT),
                outcome.detail());
    }

    /** With the names of what is judged in the place of MODEL/VERSION, MODEL, DEPLOYMENT and PROJECT. */
    private static String remedy(String text, GovernedAction action) {
        String name = action.subject().substring("model:".length());
        String filled = name.contains("/") ? text.replace("MODEL/VERSION", name) : text;
        filled = filled.replaceAll(
                "\\bMODEL\\b(?!/VERSION)", java.util.regex.Matcher.quoteReplacement(name.replaceFirst("/.*", "")));
        if (!action.target().isEmpty()) {
            filled = filled.replace("DEPLOYMENT", action.target());
        }
        return action.project().isEmpty()
                ? filled
                : filled.replace("PROJECT", action.project().get());
    }

    private void record(Actor by, Decision decision) {
        store.insert(decision);
        ObjectNode details = Json.object()
                .put("action", decision.action().text())
                .put("target", decision.target())
                .put("inputs", decision.inputs());
        details.set("policies", Json.tree(decision.policies()));
        details.set(
                "missing",
                Json.tree(decision.missing().stream()
                        .map(finding -> finding.policy() + ": " + finding.requirement())
                        .toList()));
        ledger.append(by, "gate." + decision.outcome().text(), subjects(decision), details);
    }

    private static List<String> subjects(Decision decision) {
        var subjects = new LinkedHashSet<String>();
        subjects.add(decision.subject());
        subjects.add(decision.ref());
        subjects.add(decision.subject().replaceFirst("/[0-9]+$", ""));
        if (!decision.project().isEmpty()) {
            subjects.add(Project.ref(decision.project()));
        }
        boolean serves = decision.action().hasStage()
                && decision.action() != GovernedAction.Kind.ALIAS
                && decision.action() != GovernedAction.Kind.STAGE;
        if (serves) {
            subjects.add("deployment:" + decision.target());
        }
        decision.policies().stream()
                .map(Decision.Judged::name)
                .filter(name -> !name.equals(Policy.CONDITIONS))
                .forEach(name -> subjects.add(Policy.ref(name)));
        return List.copyOf(subjects);
    }

    private static String towards(Decision decision) {
        boolean source = decision.action() == GovernedAction.Kind.DELETE
                && !decision.target().startsWith("model:");
        return decision.target().isEmpty() ? "" : (source ? " with " : " to ") + decision.target();
    }

    private static Problem.Refused refused(Decision decision) {
        List<Decision.Finding> missing = decision.missing().stream()
                .filter(finding -> decision.policies().stream()
                        .anyMatch(judged -> judged.name().equals(finding.policy())
                                && judged.mode().equals(Policy.Mode.ENFORCE.text())))
                .toList();
        return new Problem.Refused(
                "Policy refuses " + decision.action().text() + " of " + decision.subject()
                        + towards(decision)
                        + ": " + missing.size() + (missing.size() == 1 ? " requirement is" : " requirements are")
                        + " not met\n"
                        + missing.stream()
                                .map(finding -> "  - " + finding.told())
                                .collect(Collectors.joining("\n")),
                "mw policy explain " + decision.ref());
    }

    /** What is enforced for an action by now, but for the policies that let it through. */
    List<Policy> since(GovernedAction action) {
        Optional<ProjectFile> file = action.project().flatMap(projects::file);
        Set<String> then = database.read(() -> store.about(action.subject(), REMEMBERED)).stream()
                .filter(decision -> decision.action() == action.kind()
                        && decision.target().equals(action.target())
                        && decision.outcome() != Decision.Outcome.REFUSED)
                .findFirst()
                .map(decision -> decision.policies().stream()
                        .map(Decision.Judged::digest)
                        .collect(Collectors.toSet()))
                .orElse(Set.of());
        return inForce(action.kind(), stage(action, file), file).stream()
                .filter(policy -> policy.mode() == Policy.Mode.ENFORCE && !then.contains(policy.digest()))
                .toList();
    }

    /** What policies would make of an action now, without keeping it. */
    ObjectNode inputs(Actor by, GovernedAction action) {
        return facts.of(by, action, stage(action, action.project().flatMap(projects::file)));
    }
}
