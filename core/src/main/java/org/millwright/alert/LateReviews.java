package org.millwright.alert;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.millwright.kernel.Ids;
import org.millwright.project.ProjectFile;
import org.millwright.project.ProjectReviews;
import org.millwright.project.Projects;
import org.millwright.serving.Deployment;

/** Raises an alert at what serves for a project whose review is late, and ends it when somebody looked. */
public final class LateReviews {
    private final Supplier<List<Deployment>> deployments;
    private final Projects projects;
    private final ProjectReviews reviews;
    private final Alerts alerts;
    private final Clock clock;
    private final Ids ids;

    public LateReviews(
            Supplier<List<Deployment>> deployments,
            Projects projects,
            ProjectReviews reviews,
            Alerts alerts,
            Clock clock,
            Ids ids) {
        this.deployments = deployments;
        this.projects = projects;
        this.reviews = reviews;
        this.alerts = alerts;
        this.clock = clock;
        this.ids = ids;
    }

    /** Looks at a project's deployments now, or at the project alone where nothing of it is in production. */
    public void look(String project) {
        Optional<ProjectReviews.Review> late = reviews.of(project).filter(ProjectReviews.Review::overdue);
        boolean serves = false;
        for (Deployment deployment : deployments.get()) {
            if (deployment.project().equals(project)) {
                serves |= deployment.production().isPresent();
                Subject serving = Subject.deployment(deployment.name());
                alerts.reviewLate(
                        serving,
                        late.flatMap(review -> deployment
                                .production()
                                .map(version -> alert(
                                        serving,
                                        new Alerts.Target(deployment.name(), project, deployment.model(), version),
                                        review))));
            }
        }
        Subject alone = Subject.project(project);
        alerts.reviewLate(
                alone,
                serves
                        ? Optional.empty()
                        : late.map(review -> alert(alone, new Alerts.Target("", project, "", ""), review)));
    }

    private Alert alert(Subject subject, Alerts.Target of, ProjectReviews.Review late) {
        String day = Instant.ofEpochMilli(late.due())
                .atOffset(ZoneOffset.UTC)
                .toLocalDate()
                .toString();
        return new Alert(
                ids.next(),
                subject,
                of.deployment(),
                of.project(),
                of.model(),
                of.version(),
                Clause.REVIEW,
                Alert.State.OPEN,
                WindowKind.DAY.at(late.due()),
                "days between reviews",
                late.every().toDays(),
                late.every().toDays(),
                0,
                "The review of project " + of.project() + " was due on " + day + ": "
                        + (of.version().isEmpty() ? "" : "it serves on; ")
                        + "look at it and say so: mw project review " + of.project() + " --note …",
                projects.file(of.project()).map(ProjectFile::owner).orElse(""),
                clock.millis(),
                Optional.empty(),
                Optional.empty(),
                false);
    }
}
