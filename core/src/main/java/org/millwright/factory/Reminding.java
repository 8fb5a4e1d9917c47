package org.millwright.factory;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millwright.alert.Alerts;
import org.millwright.alert.Subject;
import org.millwright.approval.Approval;
import org.millwright.approval.Approvals;
import org.millwright.approval.Release;
import org.millwright.approval.Releases;
import org.millwright.ledger.Entry;
import org.millwright.project.AgreementVersion;
import org.millwright.project.Agreements;
import org.millwright.project.Project;
import org.millwright.project.ProjectFile;
import org.millwright.project.ProjectVersion;
import org.millwright.project.Projects;

/** From a request, of whatever kind, that waits too long, or was gone round in an emergency, to an alert that channels tell. */
public final class Reminding {
    private static final String RELEASE = "release:";
    private static final String APPROVAL = "approval:";

    private final Approvals approvals;
    private final Releases releases;
    private final Projects projects;
    private final Agreements agreements;
    private final Alerts alerts;

    public Reminding(Approvals approvals, Releases releases, Projects projects, Agreements agreements, Alerts alerts) {
        this.approvals = approvals;
        this.releases = releases;
        this.projects = projects;
        this.agreements = agreements;
        this.alerts = alerts;
    }

    /** Names the reactions of this file. */
    public void register(Outbox outbox) {
        outbox.on("project.reminded", this::asked).on("agreement.reminded", this::asked);
        for (String end : List.of("requested", "change-requested", "approved", "refused", "sent-back")) {
            outbox.on("project." + end, this::settled);
        }
        for (String end : List.of("proposed", "in-force", "refused", "sent-back")) {
            outbox.on("agreement." + end, this::settled);
        }
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
        Approval approval = approvals.newest(approval(entry));
        if (approval.state() != Approval.State.PENDING) {
            return;
        }
        String due = day(approval.expiresAt());
        String message = approval.title() + " waits for " + approval.missing() + " more approval"
                + (approval.missing() == 1 ? "" : "s") + " until " + due + who(entry.details())
                + "; undecided it is refused: mw approve " + approval.subject();
        alerts.decisionDue(about(approval, entry.details().path("last").asBoolean() ? 1 : 2), message);
    }

    /** A request for a project or a proposed agreement, which the entry is about first, waits long. */
    private void asked(Entry entry) {
        String ref = entry.subject();
        String name = ref.substring(ref.indexOf(':') + 1);
        boolean isProject = ref.equals(Project.ref(name));
        String project = isProject ? name : entry.about(Project.ref("")).orElseThrow();
        Optional<String> file = isProject
                ? projects.proposal(name).map(ProjectVersion::digest)
                : agreements.proposed(project).map(AgreementVersion::digest);
        if (!file.equals(Optional.of(entry.details().path("file").asText()))) {
            return;
        }
        String message = (isProject ? "The request for project " + name : "What is proposed about model " + name)
                + " waits until " + day(entry.details().path("due").asLong()) + who(entry.details())
                + "; undecided it is refused: mw approve " + ref;
        int stage = entry.details().path("last").asBoolean() ? 1 : 2;
        var of = isProject ? new Alerts.Target("", project, "", "") : new Alerts.Target(name, project, name, "");
        alerts.decisionDue(new Alerts.Asked(ref, new Subject(ref), of, owner(project), stage), message);
    }

    private void settled(Entry entry) {
        String action = entry.action();
        alerts.decisionEnds(entry.subject(), "it is " + action.substring(action.indexOf('.') + 1) + " now");
    }

    private static String day(long due) {
        return Instant.ofEpochMilli(due - 1)
                .atOffset(ZoneOffset.UTC)
                .toLocalDate()
                .toString();
    }

    private void decided(Entry entry) {
        alerts.decisionEnds(approval(entry), "the request is " + entry.action().substring(APPROVAL.length()));
    }

    private Alerts.Asked about(Approval approval, int stage) {
        if (approval.subject().startsWith(RELEASE)) {
            return asked(releases.get(approval.subject().substring(RELEASE.length())), approval.ref(), stage);
        }
        String model = approval.subject()
                .substring(approval.subject().indexOf(':') + 1)
                .replaceFirst("@.*", "");
        String version = approval.digests().getOrDefault("version", "");
        return new Alerts.Asked(
                approval.ref(),
                Subject.model(model, version),
                new Alerts.Target(model, approval.project(), model, version),
                owner(approval.project()),
                stage);
    }

    private Alerts.Asked asked(Release release, String key, int stage) {
        String version = Long.toString(release.version());
        return new Alerts.Asked(
                key,
                Subject.model(release.model(), version),
                new Alerts.Target(release.deployment(), release.project(), release.model(), version),
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
        return projects.file(project)
                .or(() -> projects.proposal(project).map(ProjectVersion::file))
                .map(ProjectFile::owner)
                .orElse("");
    }

    private static String who(JsonNode details) {
        var names = new ArrayList<String>();
        details.path("approvers").forEach(name -> names.add(name.asText()));
        return names.isEmpty() ? "" : "; it is for " + String.join(", ", names);
    }

    private static String approval(Entry entry) {
        return APPROVAL + entry.about(APPROVAL).orElseThrow();
    }
}
