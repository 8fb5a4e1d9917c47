package org.millwright.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.lineage.Certificate;
import org.millwright.lineage.Certificates;
import org.millwright.project.ProjectFile;
import org.millwright.project.Projects;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Models;
import org.millwright.registry.Versions;
import org.millwright.scoring.Model;
import org.millwright.scoring.bundle.Agreement;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.scoring.bundle.Fitness;
import org.millwright.scoring.bundle.Unfit;
import org.millwright.scoring.signing.Untrusted;

/**
 * Certifies versions again: every file against its signature, the certificate against the files, and every recorded row
 * predicted as at training. The bundle stays the same, and with it every approval.
 */
public final class Renewals {
    private final Database database;
    private final Access access;
    private final Projects projects;
    private final Models models;
    private final Versions versions;
    private final Certificates certificates;
    private final Bundles bundles;
    private final Clock clock;

    public Renewals(
            Database database,
            Access access,
            Projects projects,
            Models models,
            Versions versions,
            Certificates certificates,
            Bundles bundles,
            Clock clock) {
        this.database = database;
        this.access = access;
        this.projects = projects;
        this.models = models;
        this.versions = versions;
        this.certificates = certificates;
        this.bundles = bundles;
        this.clock = clock;
    }

    /**
     * Checks a certified version again and renews its certificate, valid for as long as its project says.
     *
     * @param also further results that it states, by name
     * @param reproduce whether the version is to be made again for it, once
     * @throws Problem.Refused when a check fails, or the certificate was revoked
     */
    public ModelVersion renew(Actor by, String model, String number, Map<String, JsonNode> also, boolean reproduce) {
        ModelVersion version = versions.get(by, model, number);
        String project = models.get(by, model)
                .project()
                .orElseThrow(() -> new Problem.Conflict(
                        "Model " + model + " belongs to no project", "mw model adopt " + model + " --project …"));
        access.require(by, Permission.CERTIFY, project);
        ProjectFile file = projects.requireActive(project);
        Certificate certificate = requireCertified(version);
        certificates.requireUsable(version.subject());
        Bundle bundle = bundles.open(version.bundle().orElseThrow().archive());
        ObjectNode checked = check(version, certificate, bundle);
        Duration validFor = file.release().certificateValidFor();
        var results = new HashMap<>(also);
        results.put("checked-again", checked);
        return database.write(() -> {
            Certificate renewed = certificates.renew(by, version.subject(), bundle.folder(), results, validFor);
            return versions.replaceCertificate(
                    by, model, version.version(), certificate.statement(), renewed.statement(), reproduce);
        });
    }

    private Certificate requireCertified(ModelVersion version) {
        if (version.state() != ModelVersion.State.CERTIFIED || version.bundle().isEmpty()) {
            throw new Problem.Refused(
                    version.subject() + " cannot be certified again: it is "
                            + version.state().name().toLowerCase(java.util.Locale.ROOT),
                    "mw model show " + version.name() + "/" + version.version());
        }
        return certificates
                .of(version.subject())
                .orElseThrow(() -> new Problem.Refused(
                        version.subject() + " was never certified here",
                        "Register it by a pipeline, which certifies it."));
    }

    private ObjectNode check(ModelVersion version, Certificate certificate, Bundle bundle) {
        try (Model model = bundles.load(bundle)) {
            certificates.verify(certificate, bundle.folder());
            Agreement agreement = Fitness.smokeTest(bundle, model, Integer.MAX_VALUE);
            return Json.object()
                    .put("at", clock.instant().toString())
                    .put("rows", agreement.rows())
                    .put("tolerance", agreement.tolerance())
                    .put("largest", agreement.largest());
        } catch (Unfit | Untrusted e) {
            throw new Problem.Refused(
                    version.subject() + " is not certified again: " + e.getMessage(),
                    "Train and register a new version: mw run PIPELINE.");
        }
    }
}
