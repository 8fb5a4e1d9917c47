package org.millwright.insight;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.millwright.alert.Alerts;
import org.millwright.approval.Approval;
import org.millwright.approval.Approvals;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.User;
import org.millwright.identity.Users;
import org.millwright.insight.LineRuns.Told;
import org.millwright.insight.LineServing.Served;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.RecentRuns;
import org.millwright.pipeline.RunStatus;
import org.millwright.project.Project;
import org.millwright.project.ProjectVersion;
import org.millwright.project.Projects;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;

/** Reads the rooms below and tells where projects stand; changes nothing. */
public final class Insights {
    private final Projects projects;
    private final Deployments deployments;
    private final LineRuns runs;
    private final Approvals approvals;
    private final LineServing serving;
    private final Users users;

    public Insights(
            Projects projects,
            RecentRuns recent,
            Approvals approvals,
            Deployments deployments,
            Alerts alerts,
            Users users) {
        this.projects = projects;
        this.deployments = deployments;
        this.runs = new LineRuns(recent);
        this.approvals = approvals;
        this.serving = new LineServing(deployments, alerts);
        this.users = users;
    }

    /** The projects that the actor may read, each with its story. */
    public List<ProjectStory> stories(Actor by) {
        List<Deployment> all = deployments.list();
        return projects.list().stream()
                .filter(project -> users.access().allows(by, Permission.READ, Optional.of(project.name())))
                .map(project -> tell(project, all))
                .toList();
    }

    /** Those of them that the person owns, as its owner or its business owner. */
    public List<ProjectStory> owned(Actor by) {
        Set<String> names = users.accounts(by.id()).stream().map(User::name).collect(Collectors.toSet());
        List<Deployment> all = deployments.list();
        return projects.list().stream()
                .filter(project -> projects.file(project.name())
                        .or(() -> projects.proposal(project.name()).map(ProjectVersion::file))
                        .filter(file -> names.contains(file.owner())
                                || file.plan()
                                        .businessOwner()
                                        .filter(names::contains)
                                        .isPresent())
                        .isPresent())
                .map(project -> tell(project, all))
                .toList();
    }

    public ProjectStory story(String project) {
        return tell(projects.get(project), deployments.list());
    }

    private ProjectStory tell(Project project, List<Deployment> all) {
        List<Told> recent = runs.recent(project.name());
        var stations = new ArrayList<>(LineRuns.stations(recent));
        stations.add(approve(project));
        Optional<Served> served = serving.of(project.name(), all);
        stations.addAll(LineServing.stations(served));
        boolean live = recent.stream().anyMatch(told -> !told.run().status().ended());
        return new ProjectStory(project, headline(project, recent, served), mood(stations), stations, live);
    }

    private Station approve(Project project) {
        return approvals.ofProject(project.name()).stream()
                .findFirst()
                .map(this::approve)
                .orElseGet(() -> Station.idle("approve"));
    }

    private Station approve(Approval asked) {
        String by = asked.decidedBy().map(users::nameOf).orElse("");
        return switch (asked.state()) {
            case PENDING -> station(asked, Station.Mood.WARN, "waits for an approver", asked.requestedAt());
            case APPROVED -> station(asked, Station.Mood.OK, "approved by " + by, decidedAt(asked));
            case REFUSED -> station(asked, Station.Mood.BAD, "refused by " + by, decidedAt(asked));
            case EXPIRED -> station(asked, Station.Mood.BAD, "nobody decided in time", decidedAt(asked));
            case VOID -> station(asked, Station.Mood.WARN, "void: it changed", decidedAt(asked));
            case SENT_BACK -> station(asked, Station.Mood.WARN, "sent back by " + by, decidedAt(asked));
        };
    }

    private static Station station(Approval asked, Station.Mood mood, String result, long at) {
        return new Station("approve", mood, result, at, asked.ref());
    }

    private static long decidedAt(Approval asked) {
        return asked.decidedAt().orElse(asked.requestedAt());
    }

    private String headline(Project project, List<Told> recent, Optional<Served> served) {
        return switch (project.state()) {
            case REQUESTED ->
                "Waits for an approver other than " + requester(project) + "; nothing runs in it until then.";
            case REFUSED -> "Was refused" + because(project);
            case PAUSED -> "Is paused" + because(project);
            case RETIRED -> "Is retired" + because(project);
            case ACTIVE ->
                LineServing.sentence(served).map(text -> text + working(recent)).orElseGet(() -> active(recent));
        };
    }

    private static String because(Project project) {
        return project.reason().isEmpty() ? "." : ": " + project.reason();
    }

    private String requester(Project project) {
        return projects.proposal(project.name())
                .map(ProjectVersion::requestedBy)
                .map(users::nameOf)
                .orElse("the requester");
    }

    private static String working(List<Told> recent) {
        return recent.stream()
                .filter(told -> !told.run().status().ended())
                .findFirst()
                .map(told -> " Pipeline " + told.run().pipeline() + " is running"
                        + (told.run().cause().isEmpty()
                                ? "."
                                : " because of " + told.run().cause() + "."))
                .orElse("");
    }

    private static String active(List<Told> recent) {
        if (recent.isEmpty()) {
            return "Approved; nothing has run in it yet.";
        }
        PipelineRun last = recent.getFirst().run();
        String no = "No version serves yet. ";
        return switch (last.status()) {
            case RUNNING -> no + "Pipeline " + last.pipeline() + " is running.";
            case SUCCEEDED -> no + "Pipeline " + last.pipeline() + " succeeded last.";
            case FAILED, REFUSED -> no + "Pipeline " + last.pipeline() + " " + word(last.status()) + last.error();
            case CANCELLED -> no + "Pipeline " + last.pipeline() + " was cancelled.";
        };
    }

    private static String word(RunStatus status) {
        return status == RunStatus.FAILED ? "failed at " : "was refused at ";
    }

    private static Station.Mood mood(List<Station> stations) {
        for (Station.Mood mood : List.of(Station.Mood.BAD, Station.Mood.LIVE, Station.Mood.WARN)) {
            if (stations.stream().anyMatch(station -> station.mood() == mood)) {
                return mood;
            }
        }
        return stations.stream().anyMatch(station -> station.mood() == Station.Mood.OK)
                ? Station.Mood.OK
                : Station.Mood.IDLE;
    }
}
