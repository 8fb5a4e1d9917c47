package org.millwright.evidence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import org.millwright.dataset.DatasetVersion;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;
import org.millwright.project.ProjectFile;

/** What is recorded about the data that a version was trained and checked on. */
final class DataQueries {
    private DataQueries() {}

    static Found lineage(Dossier dossier) {
        Map<String, String> materials = materials(dossier);
        if (dossier.data().isEmpty() && materials.isEmpty()) {
            return Found.nothing("The data it was trained on are not recorded", Role.DATA_SCIENTIST);
        }
        Map<String, ProjectFile.DataUse> uses = uses(dossier);
        ObjectNode record = Json.object();
        var datasets = record.putArray("datasets");
        for (DatasetVersion version : dossier.data()) {
            ObjectNode row = row(version);
            ProjectFile.DataUse use = uses.get(version.dataset());
            row.put("classification", use == null ? "" : use.classification());
            row.put("source", use == null ? "" : use.source());
            String signed = materials.get(version.ref());
            if (signed != null) {
                row.put("signed", signed.equals(version.sha256()) ? "yes" : "with another digest: " + signed);
            }
            datasets.add(row);
        }
        var named = record.putArray("signedMaterials");
        materials.forEach((ref, digest) -> named.addObject().put("data", ref).put("digest", digest));
        boolean classified = !dossier.data().isEmpty()
                && dossier.data().stream()
                        .map(version -> uses.get(version.dataset()))
                        .allMatch(use -> use != null && !use.classification().isEmpty());
        return Found.of(Found.count(datasets.size(), "dataset version") + " by digest", record)
                .lacksUnless(
                        !dossier.data().isEmpty(),
                        "The dataset versions themselves are not kept here",
                        Role.DATA_SCIENTIST)
                .lacksUnless(
                        classified || dossier.data().isEmpty(),
                        "The project does not say how confidential some of the data are",
                        Role.DATA_SCIENTIST);
    }

    static ObjectNode row(DatasetVersion version) {
        return Json.object()
                .put("dataset", version.ref())
                .put("rows", version.rows())
                .put("sha256", version.sha256())
                .put("file", version.origin().file())
                .put("fileSha256", version.sourceSha256())
                .put("contract", version.contract())
                .put("acquiredAt", version.createdAt());
    }

    static Found quality(Dossier dossier) {
        if (dossier.data().isEmpty()) {
            return Found.nothing("No dataset version with checks is recorded for it", Role.DATA_SCIENTIST);
        }
        ObjectNode record = Json.object();
        var checks = record.putArray("checks");
        int unchecked = 0;
        for (DatasetVersion version : dossier.data()) {
            ObjectNode row = check(version);
            unchecked += version.report().isEmpty() ? 1 : 0;
            checks.add(row);
        }
        return Found.of(Found.count(checks.size(), "dataset version") + " with their checks", record)
                .lacksUnless(
                        unchecked == 0,
                        Found.count(unchecked, "dataset version") + " came in without a contract",
                        Role.DATA_SCIENTIST);
    }

    static ObjectNode check(DatasetVersion version) {
        long missing = version.profile().columns().stream()
                .mapToLong(column -> column.missing())
                .sum();
        ObjectNode row = Json.object()
                .put("dataset", version.ref())
                .put("state", version.state().name().toLowerCase(java.util.Locale.ROOT))
                .put("contract", version.contract())
                .put("columns", version.columns().size())
                .put("missingValues", missing);
        version.report()
                .ifPresent(report -> row.put("verdict", report.verdict().name().toLowerCase(java.util.Locale.ROOT))
                        .put("rules", report.results().size())
                        .put(
                                "broken",
                                String.join(
                                        ", ",
                                        report.broken().stream()
                                                .map(result -> result.rule())
                                                .toList())));
        return row;
    }

    /** Digests of data by reference, as the certificate signs them; the bundle's own list where it has no certificate. */
    private static Map<String, String> materials(Dossier dossier) {
        var found = new TreeMap<String, String>();
        dossier.proof()
                .bundle()
                .ifPresent(bundle -> found.putAll(bundle.manifest().provenance().data()));
        Dossiers.materials(dossier.proof().statement()).forEach(material -> {
            String uri = material.path("uri").asText();
            if (uri.startsWith("dataset:")) {
                found.put(uri, material.path("digest").path("sha256").asText());
            }
        });
        return found;
    }

    private static Map<String, ProjectFile.DataUse> uses(Dossier dossier) {
        var uses = new TreeMap<String, ProjectFile.DataUse>();
        dossier.file().ifPresent(file -> file.data().forEach(use -> uses.put(use.name(), use)));
        return uses;
    }
}
