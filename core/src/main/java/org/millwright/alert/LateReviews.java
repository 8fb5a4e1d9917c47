package org.millwright.alert;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.millwright.kernel.Ids;
import org.millwright.project.ProjectFile;
import org.millwright.project.ProjectReviews;
import org.millwright.project.Projects;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;

/** Raises an alert at what serves for a project whose review is late, and ends it when somebody looked. */
public final class LateReviews {
    private final Deployments deployments;
    private final Projects projects;
    private final ProjectReviews reviews;
    private final Alerts alerts;
    private final Clock clock;
    private final Ids ids;

    public LateReviews(
            Deployments deployments, Projects projects, ProjectReviews reviews, Alerts alerts, Clock clock, Ids ids) {
        this.deployments = deployments;
        this.projects = projects;
        this.reviews = reviews;
        this.alerts = alerts;
        this.clock = clock;
        this.ids = ids;
    }

    /** Looks at a project's deployments now. */
    public void look(String project) {
        Optional<ProjectReviews.Review> late = reviews.of(project).filter(ProjectReviews.Review::overdue);
        for (Deployment deployment : deployments.list()) {
            if (deployment.project().equals(project)) {
                alerts.reviewLate(
                        deployment.name(),
                        late.flatMap(
                                review -> deployment.production().map(version -> alert(deployment, version, review))));
            }
        }
    }

    private Alert alert(Deployment deployment, String version, ProjectReviews.Review late) {
        String day = Instant.ofEpochMilli(late.due())
                .atOffset(ZoneOffset.UTC)
                .toLocalDate()
                .toString();
        return new Alert(
                ids.next(),
                deployment.name(),
                deployment.project(),
                deployment.model(),
                version,
                Clause.REVIEW,
                Alert.State.OPEN,
                WindowKind.DAY.at(late.due()),
                "days between reviews",
                late.every().toDays(),
                late.every().toDays(),
                0,
                "The review of project " + deployment.project() + " was due on " + day
                        + ": it serves on; look at it and say so: mw project review " + deployment.project()
                        + " --note …",
                projects.file(deployment.project()).map(ProjectFile::owner).orElse(""),
                clock.millis(),
                Optional.empty(),
                Optional.empty(),
                false);
    }
}
