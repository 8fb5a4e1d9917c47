package org.millwright.approval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millwright.identity.Actor;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;
import org.millwright.project.AgreementVersion;
import org.millwright.project.Agreements;
import org.millwright.project.ProjectFile;
import org.millwright.project.Projects;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Versions;

/** What a release rests on: its digests, what is shown of it, and what stands against it. */
final class ReleaseEvidence {
    private static final String NONE = "none";

    private final Versions versions;
    private final Projects projects;
    private final Agreements agreements;
    private final Ledger ledger;

    ReleaseEvidence(Versions versions, Projects projects, Agreements agreements, Ledger ledger) {
        this.versions = versions;
        this.projects = projects;
        this.agreements = agreements;
        this.ledger = ledger;
    }

    ModelVersion version(Release release) {
        return versions.get(Actor.SYSTEM, release.model(), release.version());
    }

    /** Files, bundle, hand-off report, certificate and agreement, as they are now. */
    Map<String, String> digests(Release release) {
        ModelVersion version = version(release);
        var digests = new LinkedHashMap<String, String>();
        digests.put("files", version.files());
        version.bundle().ifPresent(bundle -> {
            digests.put("bundle", bundle.digest());
            digests.put("archive", bundle.archive());
        });
        version.handOff().ifPresent(handOff -> digests.put("handOff", handOff.report()));
        digests.put("certificate", version.certificate().orElse(NONE));
        digests.put(
                "agreement",
                agreements
                        .inForce(release.project())
                        .map(AgreementVersion::digest)
                        .orElse(NONE));
        return digests;
    }

    /** Names of what is another one than was approved; what is not listed there does not count. */
    List<String> changed(Release release, Map<String, String> approved) {
        Map<String, String> now = digests(release);
        return new TreeMap<>(approved)
                .entrySet().stream()
                        .filter(entry -> !entry.getValue().equals(now.get(entry.getKey())))
                        .map(Map.Entry::getKey)
                        .toList();
    }

    ObjectNode shown(Release release, JsonNode more) {
        ModelVersion version = version(release);
        ObjectNode shown = Json.object();
        more.properties().stream()
                .filter(field -> !field.getKey().equals(Difference.FIELD))
                .forEach(field -> shown.set(field.getKey(), field.getValue()));
        shown.put("model", release.model())
                .put("version", release.version())
                .put("deployment", release.deployment())
                .put("state", version.state().name());
        version.handOff().ifPresent(handOff -> shown.set("handOff", Json.tree(handOff)));
        Optional<ProjectFile> file = projects.file(release.project());
        file.ifPresent(found -> shown.put("riskTier", found.riskTier().text()).put("approvers", found.approvers()));
        return shown;
    }

    /** Refuses a version that nothing proves fit for the Java runtime. */
    static void require(ModelVersion version) {
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

    /** What came of making the version again, as the ledger tells; empty when nobody did. */
    Optional<Reproduced> reproduced(String subject) {
        List<Entry> entries = ledger.about(subject).stream()
                .filter(entry -> entry.action().equals("model.reproduced"))
                .toList();
        return entries.isEmpty() ? Optional.empty() : Optional.of(Reproduced.of(entries.getLast()));
    }
}
