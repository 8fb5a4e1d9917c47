package org.millwright.approval;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.lineage.Certificates;
import org.millwright.project.Agreements;
import org.millwright.project.Project;
import org.millwright.project.Projects;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Models;
import org.millwright.registry.Versions;

/** Asks for releases of model versions and says which were approved; without an approval nothing is deployed. */
public final class Releases {
    private static final Set<Release.State> OPEN = EnumSet.of(
            Release.State.REQUESTED,
            Release.State.APPROVED,
            Release.State.STAGED,
            Release.State.CANARY,
            Release.State.PRODUCTION);
    private static final Set<Release.State> CLEARED = EnumSet.of(
            Release.State.APPROVED,
            Release.State.STAGED,
            Release.State.CANARY,
            Release.State.PRODUCTION,
            Release.State.REPLACED);

    private final Database database;
    private final Ledger ledger;
    private final Access access;
    private final Projects projects;
    private final Models models;
    private final Versions versions;
    private final Approvals approvals;
    private final Findings findings;
    private final Certificates certificates;
    private final Clock clock;
    private final Ids ids;
    private final ReleaseStore store;
    private final BreakGlassStore broken;
    private final ReleaseEvidence evidence;

    /** The rooms whose records releases are about. */
    public record Rooms(
            Users users,
            Projects projects,
            Agreements agreements,
            Models models,
            Versions versions,
            Certificates certificates) {}

    public Releases(
            Database database,
            Ledger ledger,
            Rooms rooms,
            Approvals approvals,
            Findings findings,
            Clock clock,
            Ids ids) {
        this.database = database;
        this.ledger = ledger;
        this.access = rooms.users().access();
        this.projects = rooms.projects();
        this.models = rooms.models();
        this.versions = rooms.versions();
        this.approvals = approvals;
        this.findings = findings;
        this.certificates = rooms.certificates();
        this.clock = clock;
        this.ids = ids;
        this.store = new ReleaseStore(database);
        this.broken = new BreakGlassStore(database);
        this.evidence = new ReleaseEvidence(versions, projects, rooms.agreements(), ledger);
        approvals.matters().bind("release", new ReleaseMatter(this, findings, approvals.conditions(), clock));
    }

    /**
     * Asks for a release; the same one that is open already is returned.
     *
     * @param deployment where to; "" for the deployment named like the model
     * @param shown what the approver is shown beside the version's own evidence
     */
    public Release request(Actor by, String model, long number, String deployment, JsonNode shown) {
        ModelVersion version = versions.get(Actor.SYSTEM, model, number);
        String project = models.get(Actor.SYSTEM, model)
                .project()
                .orElseThrow(() -> new Problem.Conflict(
                        "Model " + model + " belongs to no project", "Only a project's models are released."));
        access.require(by, Permission.REQUEST_RELEASE, project);
        projects.requireActive(project);
        certificates.requireNotRevoked(version.subject());
        ReleaseEvidence.require(version);
        certificates.requireUnexpired(version.subject());
        requireNothingBroken(version.subject(), model);
        String target = deployment.isEmpty() ? model : deployment;
        return database.write(() -> {
            Optional<Release> open = store.of(model, number).stream()
                    .filter(release -> release.deployment().equals(target) && OPEN.contains(release.state()))
                    .findFirst();
            if (open.isPresent()) {
                return open.get();
            }
            long now = clock.millis();
            var release = new Release(
                    ids.next(), project, model, number, target, Release.State.REQUESTED, "", by.id(), now, now);
            store.insert(release);
            ledger.append(
                    by,
                    "release.requested",
                    subjects(release),
                    Json.object().put("deployment", target).set("digests", Json.tree(evidence.digests(release))));
            approvals.request(by, asked(release, shown));
            return release;
        });
    }

    /** Notes how far roll-out is. */
    public Release move(Actor by, String id, Release.State state, String note) {
        return database.write(() -> {
            Release release =
                    store.find(id).orElseThrow(() -> new Problem.NotFound("No release " + id, "mw release list"));
            if (release.state() == state) {
                return release;
            }
            store.setState(id, state, note, clock.millis());
            ledger.append(
                    by,
                    "release." + state.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    subjects(release),
                    Json.object()
                            .put("note", note)
                            .put("before", release.state().name()));
            return store.find(id).orElseThrow();
        });
    }

    Approvals.Request asked(Release release, JsonNode shown) {
        return new Approvals.Request(
                release.project(),
                release.ref(),
                "Release " + release.model() + "/" + release.version() + " to " + release.deployment(),
                evidence.digests(release),
                evidence.shown(release, shown),
                evidence.version(release).madeBy());
    }

    private void requireNothingBroken(String version, String model) {
        approvals.conditions().broken(model, version).stream().findFirst().ifPresent(condition -> {
            throw new Problem.Refused(
                    "Model " + model + " was released under a condition that is overdue: " + told(condition),
                    "Meet it; then an approver says so: mw approve meet " + condition.id() + " --note …");
        });
    }

    private static String told(Condition condition) {
        return condition.text() + (condition.isMeasured() ? " (" + condition.measure() + " does not hold)" : "");
    }

    /** Refuses to deploy what no approved release covers, exactly as it is now. */
    public void requireApproved(String model, String version, String archive) {
        long number = Long.parseLong(version);
        certificates.requireNotRevoked("model:" + model + "/" + version);
        List<Release> cleared = database.read(() -> store.of(model, number)).stream()
                .filter(release -> CLEARED.contains(release.state()))
                .toList();
        boolean approved = cleared.stream()
                .anyMatch(release -> granted(release).stream()
                        .anyMatch(digests -> archive.equals(digests.get("archive")) && isBound(release, digests)));
        if (!approved) {
            throw new Problem.Refused(
                    "No approved release covers model " + model + "/" + version
                            + cleared.stream()
                                    .filter(release -> release.state() == Release.State.APPROVED)
                                    .map(release ->
                                            " as it is now: changed since is " + String.join(", ", changed(release)))
                                    .findFirst()
                                    .orElse(""),
                    "mw release " + model + "/" + version + ", then another person approves it.");
        }
    }

    /** Whether the digests hold; after its deployment only the bundle that answers does. */
    private boolean isBound(Release release, Map<String, String> digests) {
        return release.state() != Release.State.APPROVED
                || evidence.changed(release, digests).isEmpty();
    }

    /** What people or, in an emergency, one person let through. */
    private List<Map<String, String>> granted(Release release) {
        return Stream.concat(
                        approvals.about(release.ref()).stream()
                                .filter(approval -> approval.state() == Approval.State.APPROVED)
                                .map(Approval::digests),
                        broken(release).filter(known -> known.holds(release)).map(Broken::digests).stream())
                .toList();
    }

    private List<String> changed(Release release) {
        List<Map<String, String>> granted = granted(release);
        return granted.stream()
                        .map(digests -> evidence.changed(release, digests))
                        .anyMatch(List::isEmpty)
                ? List.of()
                : granted.stream()
                        .findFirst()
                        .map(digests -> evidence.changed(release, digests))
                        .orElse(List.of());
    }

    /**
     * Voids an approval that is not used yet when the evidence is not what was approved; false then.
     *
     * <p>Once a release is deployed nothing that changes later touches it.
     */
    public boolean confirm(String id) {
        return database.write(() -> {
            Release release = get(id);
            List<String> changed = release.state() == Release.State.APPROVED ? changed(release) : List.of();
            if (changed.isEmpty()) {
                return true;
            }
            String reason = "Changed after the approval and before the deployment: " + String.join(", ", changed);
            approvals.about(release.ref()).stream()
                    .filter(approval -> approval.state() == Approval.State.APPROVED)
                    .forEach(approval -> approvals.voidGranted(approval, reason));
            move(Actor.SYSTEM, id, Release.State.LAPSED, reason);
            return false;
        });
    }

    /** Why what was approved would not be approved today; it touches nothing that is deployed. */
    public List<String> today(Release release) {
        if (!CLEARED.contains(release.state())) {
            return List.of();
        }
        var reasons = new ArrayList<String>();
        ModelVersion version = evidence.version(release);
        said(reasons, () -> certificates.requireNotRevoked(version.subject()));
        said(reasons, () -> certificates.requireUnexpired(version.subject()));
        said(reasons, () -> ReleaseEvidence.require(version));
        said(reasons, () -> projects.requireActive(release.project()));
        changed(release).forEach(name -> reasons.add("The " + name + " is not the one that was approved"));
        approvals.about(release.ref()).stream()
                .filter(approval -> approval.state() == Approval.State.APPROVED)
                .findFirst()
                .ifPresent(approval -> projects.file(release.project())
                        .filter(file ->
                                file.approvers() > Math.max(1, approval.votes().size()))
                        .ifPresent(file -> reasons.add("It needs " + file.approvers() + " approvers by now; "
                                + Math.max(1, approval.votes().size()) + " approved it")));
        reasons.addAll(against(release));
        return reasons;
    }

    private static void said(List<String> reasons, Runnable check) {
        try {
            check.run();
        } catch (Problem e) {
            reasons.add(String.valueOf(e.getMessage()));
        }
    }

    /** Whether a release's decision fell, and what it led to stands. */
    public static boolean isCleared(Release release) {
        return CLEARED.contains(release.state());
    }

    /** What stands against a release: findings that block, conditions of earlier ones that are broken. */
    private List<String> against(Release release) {
        var against = new ArrayList<String>();
        findings.blocking(release.model())
                .forEach(finding -> against.add("Open finding " + finding.id() + " ("
                        + finding.severity().text() + "): " + finding.text()));
        approvals
                .conditions()
                .broken(release.model(), release.modelRef())
                .forEach(condition -> against.add("Overdue condition " + condition.id() + ": " + told(condition)));
        return against;
    }

    /** Refuses what must not be approved, whoever wants to. */
    void requireGrantable(Release release) {
        certificates.requireNotRevoked(release.modelRef());
        certificates.requireUnexpired(release.modelRef());
        List<String> against = against(release);
        if (!against.isEmpty()) {
            throw new Problem.Refused(
                    release.ref() + " cannot be approved: " + String.join("; ", against),
                    "Have it mended and closed, or waived: mw finding list, mw approve conditions");
        }
    }

    /** Refuses what must not be let through, not even in an emergency. */
    void requireFit(Release release) {
        projects.requireActive(release.project());
        ReleaseEvidence.require(evidence.version(release));
        certificates.requireNotRevoked(release.modelRef());
        certificates.requireUnexpired(release.modelRef());
    }

    /** Refuses to ask again what may not be asked for. */
    void requireAskable(Actor by, Release release) {
        access.require(by, Permission.REQUEST_RELEASE, release.project());
        requireFit(release);
        requireNothingBroken(release.modelRef(), release.model());
    }

    /** Notes the regular decision about what was let through in an emergency. */
    void regular(Actor by, Release release, Approval approval) {
        boolean granted = approval.state() == Approval.State.APPROVED;
        if (!granted && approval.state() != Approval.State.REFUSED) {
            return;
        }
        Broken.State state = granted ? Broken.State.CONFIRMED : Broken.State.REFUSED;
        broken.of(release.id())
                .filter(known -> broken.settle(known.release(), state, clock.millis()))
                .ifPresent(known -> ledger.append(
                        by,
                        "release.break-glass-" + state.text(),
                        subjects(release),
                        Json.object().put("reason", approval.reason()).put("deployment", release.deployment())));
    }

    /** Releases of a version, newest first. */
    public List<Release> of(String model, long version) {
        return database.read(() -> store.of(model, version));
    }

    ReleaseEvidence evidence() {
        return evidence;
    }

    BreakGlassStore broken() {
        return broken;
    }

    /** Who let it through in an emergency, if anybody did. */
    public Optional<Broken> broken(Release release) {
        return database.read(() -> broken.of(release.id()));
    }

    public Release get(String id) {
        return database.read(() -> store.find(id))
                .orElseThrow(() -> new Problem.NotFound("No release " + id, "mw release list"));
    }

    /** The newest release of a version to a deployment that was approved and not taken back, if there is one. */
    public Optional<Release> cleared(String model, long version, String deployment) {
        return database.read(() -> store.of(model, version)).stream()
                .filter(release -> release.deployment().equals(deployment) && CLEARED.contains(release.state()))
                .findFirst();
    }

    /** Newest first. */
    public List<Release> list(int limit) {
        return database.read(() -> store.list(limit));
    }

    static List<String> subjects(Release release) {
        return List.of(release.ref(), release.modelRef(), "model:" + release.model(), Project.ref(release.project()));
    }

    /** What people decided about releases of a version, whatever became of them. */
    public List<Approval> decisions(String model, long version) {
        return database.read(() -> store.of(model, version)).stream()
                .flatMap(release -> approvals.about(release.ref()).stream())
                .toList();
    }
}
