package org.millwright.factory;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.millwright.approval.Approval;
import org.millwright.approval.Approvals;
import org.millwright.approval.Release;
import org.millwright.approval.Releases;
import org.millwright.alert.Alerts;
import org.millwright.ledger.Entry;
import org.millwright.project.ProjectFile;
import org.millwright.project.Projects;

/** From a request that waits too long, or was gone round in an emergency, to an alert that channels tell. */
public final class Reminding {
    private static final String RELEASE = "release:";
    private static final String APPROVAL = "approval:";

    private final Approvals approvals;
    private final Releases releases;
    private final Projects projects;
    private final Alerts alerts;

    public Reminding(Approvals approvals, Releases releases, Projects projects, Alerts alerts) {
        this.approvals = approvals;
        this.releases = releases;
        this.projects = projects;
        this.alerts = alerts;
    }

    /** Names the reactions of this file. */
    public void register(Outbox outbox) {
        outbox.on("approval.reminded", this::reminded);
        for (String end : List.of("approved", "refused", "expired", "void", "sent-back")) {
            outbox.on("approval." + end, this::decided);
        }
        outbox.on("release.break-glass", entry -> emergency(entry, "let through in an emergency", 0))
                .on("release.break-glass-expired", entry -> emergency(entry, "not approved after an emergency", -1))
                .on("release.break-glass-refused", entry -> emergency(entry, "refused after an emergency", -2))
                .on("release.break-glass-confirmed", this::confirmed);
    }

    private void reminded(Entry entry) {
        Approval approval = approvals.newest(second(entry, APPROVAL));
        if (approval.state() != Approval.State.PENDING) {
            return;
        }
        String due = Instant.ofEpochMilli(approval.expiresAt() - 1)
                .atOffset(ZoneOffset.UTC)
                .toLocalDate()
                .toString();
        String message = approval.title() + " waits for " + approval.missing() + " more approval"
                + (approval.missing() == 1 ? "" : "s") + " until " + due + who(entry.details())
                + "; undecided it is refused: mw approve " + approval.subject();
        alerts.decisionDue(about(approval, entry.details().path("last").asBoolean() ? 1 : 2), message);
    }

    private void decided(Entry entry) {
        alerts.decisionEnds(
                second(entry, APPROVAL), "the request is " + entry.action().substring(APPROVAL.length()));
    }

    private Alerts.Asked about(Approval approval, int stage) {
        return approval.subject().startsWith(RELEASE)
                ? asked(releases.get(approval.subject().substring(RELEASE.length())), approval.ref(), stage)
                : new Alerts.Asked(
                        approval.ref(),
                        approval.subject()
                                .substring(approval.subject().indexOf(':') + 1)
                                .replaceFirst("@.*", ""),
                        approval.project(),
                        approval.subject()
                                .substring(approval.subject().indexOf(':') + 1)
                                .replaceFirst("@.*", ""),
                        approval.digests().getOrDefault("version", ""),
                        owner(approval.project()),
                        stage);
    }

    private Alerts.Asked asked(Release release, String key, int stage) {
        return new Alerts.Asked(
                key,
                release.deployment(),
                release.project(),
                release.model(),
                Long.toString(release.version()),
                owner(release.project()),
                stage);
    }

    private void emergency(Entry entry, String what, int stage) {
        Release release = releases.get(entry.subject().substring(RELEASE.length()));
        alerts.decisionDue(
                asked(release, release.ref(), stage),
                release.modelRef().substring("model:".length()) + " was " + what + " ("
                        + entry.details().path("reason").asText() + ")" + who(entry.details())
                        + ": mw release show " + release.ref());
    }

    private void confirmed(Entry entry) {
        alerts.decisionEnds(entry.subject(), "the regular approval followed");
    }

    private String owner(String project) {
        return projects.file(project).map(ProjectFile::owner).orElse("");
    }

    private static String who(JsonNode details) {
        var names = new ArrayList<String>();
        details.path("approvers").forEach(name -> names.add(name.asText()));
        return names.isEmpty() ? "" : "; it is for " + String.join(", ", names);
    }

    private static String second(Entry entry, String prefix) {
        return entry.subjects().stream()
                .filter(subject -> subject.startsWith(prefix))
                .findFirst()
                .orElseThrow();
    }
}
