package org.millwright.approval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.millwright.identity.Actor;
import org.millwright.kernel.Json;
import org.millwright.project.Project;
import org.millwright.project.ProjectNote;
import org.millwright.project.ProjectVersion;
import org.millwright.project.Projects;

/** Files of projects that wait in the inbox for an approver. */
public final class WaitingProjects implements Inbox.Kind {
    private final Projects projects;
    private final Clock clock;

    public WaitingProjects(Projects projects, Clock clock) {
        this.projects = projects;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "project";
    }

    @Override
    public List<Inbox.Item> of(Actor actor) {
        return projects.list().stream()
                .map(project -> projects.proposal(project.name()))
                .flatMap(Optional::stream)
                .filter(version -> projects.awaits(actor, version) && clock.millis() < projects.due(version))
                .map(version -> item(actor, version))
                .toList();
    }

    private Inbox.Item item(Actor actor, ProjectVersion version) {
        var file = version.file();
        ObjectNode shown = Json.object()
                .put("purpose", file.purpose())
                .put("owner", file.owner())
                .put("riskTier", file.riskTier().text());
        shown.put("approvers", file.approvers()).set("data", Json.tree(file.data()));
        return Inbox.simple(
                this,
                Project.ref(version.project()),
                version.project(),
                "Project " + version.project() + ": " + file.purpose(),
                version.requestedBy(),
                version.requestedAt(),
                Optional.of(projects.due(version)),
                shown,
                actor,
                version.digest(),
                projects.notes(version.project()).stream()
                        .map(WaitingProjects::note)
                        .toList());
    }

    private static Note note(ProjectNote said) {
        return new Note(
                said.id(),
                switch (said.kind()) {
                    case QUESTION -> Note.Kind.QUESTION;
                    case ANSWER, REVIEW -> Note.Kind.ANSWER;
                    case SENT_BACK -> Note.Kind.SENT_BACK;
                },
                said.by(),
                said.at(),
                said.text());
    }

    @Override
    public Set<Reply.Answer> answers() {
        return EnumSet.allOf(Reply.Answer.class);
    }

    @Override
    public Approvals.Decided decide(Actor by, String name, Reply.Answer answer, String reason) {
        Project decided = switch (answer) {
            case APPROVE -> projects.approve(by, name, reason);
            case REFUSE -> projects.refuse(by, name, reason);
            case SEND_BACK -> projects.sendBack(by, name, reason);
        };
        return new Approvals.Decided(Project.ref(name), decided.state().name(), 0);
    }

    @Override
    public boolean isAskedAbout() {
        return true;
    }

    @Override
    public void ask(Actor by, String name, String text) {
        projects.ask(by, name, text);
    }
}
