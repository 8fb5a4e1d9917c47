package org.millwright.governance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.lineage.Certificates;
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
    private final Certificates certificates;
    private final Clock clock;
    private final Ids ids;
    private final ReleaseStore store;

    public Releases(
            Database database,
            Ledger ledger,
            Access access,
            Projects projects,
            Models models,
            Versions versions,
            Approvals approvals,
            Certificates certificates,
            Clock clock,
            Ids ids) {
        this.database = database;
        this.ledger = ledger;
        this.access = access;
        this.projects = projects;
        this.models = models;
        this.versions = versions;
        this.approvals = approvals;
        this.certificates = certificates;
        this.clock = clock;
        this.ids = ids;
        this.store = new ReleaseStore(database);
        approvals.bind("release", new Matter());
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
        requireEvidence(version);
        certificates.requireUnexpired(version.subject());
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
                    Json.object().put("deployment", target).set("digests", Json.tree(digests(versions, release))));
            approvals.request(
                    by,
                    new Approvals.Request(
                            project,
                            release.ref(),
                            "Release " + model + "/" + number + " to " + target,
                            digests(versions, release),
                            shown(release, version, shown),
                            version.madeBy()));
            return release;
        });
    }

    private static void requireEvidence(ModelVersion version) {
        if (version.state() == ModelVersion.State.BLOCKED) {
            throw new Problem.Refused(
                    version.subject() + " answers edge rows otherwise than in Python, and its signature lets them in: "
                            + String.join(", ", version.handOff().orElseThrow().blocking()),
                    "mw model narrow " + version.name() + "/" + version.version()
                            + " takes the proposed narrower signature; mw model edges shows the rows.");
        }
        boolean agreed = version.handOff().map(ModelVersion.HandOff::agreed).orElse(false);
        if (version.bundle().isEmpty() || !agreed) {
            throw new Problem.Refused(
                    version.subject()
                            + (version.handOff().isEmpty()
                                    ? " was never handed off to the Java runtime"
                                    : version.bundle().isEmpty()
                                            ? " has no bundle"
                                            : " failed its hand-off check: Python and Java do not agree"),
                    "Register it by a pipeline with the steps handoff, gate and register.");
        }
    }

    private static Map<String, String> digests(Versions versions, Release release) {
        ModelVersion version = versions.get(Actor.SYSTEM, release.model(), release.version());
        var digests = new LinkedHashMap<String, String>();
        digests.put("files", version.files());
        version.bundle().ifPresent(bundle -> {
            digests.put("bundle", bundle.digest());
            digests.put("archive", bundle.archive());
        });
        version.handOff().ifPresent(handOff -> digests.put("handOff", handOff.report()));
        version.certificate().ifPresent(certificate -> digests.put("certificate", certificate));
        return digests;
    }

    private static ObjectNode shown(Release release, ModelVersion version, JsonNode more) {
        ObjectNode shown = Json.object()
                .put("model", release.model())
                .put("version", release.version())
                .put("deployment", release.deployment())
                .put("state", version.state().name());
        version.handOff().ifPresent(handOff -> shown.set("handOff", Json.tree(handOff)));
        more.properties().forEach(field -> shown.set(field.getKey(), field.getValue()));
        return shown;
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

    /** Refuses to deploy what no approved release covers, exactly as it is now. */
    public void requireApproved(String model, String version, String archive) {
        long number = Long.parseLong(version);
        certificates.requireNotRevoked("model:" + model + "/" + version);
        boolean approved = database.read(() -> store.of(model, number)).stream()
                .filter(release -> CLEARED.contains(release.state()))
                .anyMatch(release -> approvals.about(release.ref()).stream()
                        .anyMatch(approval -> approval.state() == Approval.State.APPROVED
                                && archive.equals(approval.digests().get("archive"))));
        if (!approved) {
            throw new Problem.Refused(
                    "No approved release covers model " + model + "/" + version,
                    "mw release " + model + "/" + version + ", then another person approves it.");
        }
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

    private static List<String> subjects(Release release) {
        return List.of(release.ref(), release.modelRef(), "model:" + release.model(), Project.ref(release.project()));
    }

    /** Decisions about releases: a model version's history tells them, and the release moves with them. */
    private final class Matter implements Approvals.Matter {
        @Override
        public Map<String, String> digests(String subject) {
            return Releases.digests(versions, release(subject));
        }

        @Override
        public List<String> concerned(String subject) {
            Release release = release(subject);
            return List.of(release.modelRef(), "model:" + release.model());
        }

        @Override
        public void decided(Actor by, Approval approval) {
            Release release = release(approval.subject());
            if (release.state() == Release.State.REQUESTED) {
                boolean granted = approval.state() == Approval.State.APPROVED;
                move(by, release.id(), granted ? Release.State.APPROVED : Release.State.REFUSED, approval.reason());
            }
        }

        private Release release(String subject) {
            return get(subject.substring("release:".length()));
        }
    }

    /** What people decided about releases of a version, whatever became of them. */
    public List<Approval> decisions(String model, long version) {
        return database.read(() -> store.of(model, version)).stream()
                .flatMap(release -> approvals.about(release.ref()).stream())
                .toList();
    }
}
