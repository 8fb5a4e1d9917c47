package org.millwright.web.ui;

import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Problem;
import org.millwright.monitor.Distribution;
import org.millwright.monitor.Overviews;
import org.millwright.project.Agreements;
import org.millwright.project.Projects;

/** What pages show of monitoring; nothing for a deployment that has answered nothing yet. */
public final class Watches {
    private final Overviews overviews;
    private final Projects projects;
    private final Agreements agreements;

    public Watches(Overviews overviews, Projects projects, Agreements agreements) {
        this.overviews = overviews;
        this.projects = projects;
        this.agreements = agreements;
    }

    /** What is agreed about a project's model. */
    Agreed agreed(String project, String model) {
        return Agreed.of(
                projects.agreement(project),
                agreements.inForce(project),
                agreements.proposed(project),
                overviews.promises(model));
    }

    Optional<Watch> of(String deployment) {
        try {
            var overview = overviews.of(deployment);
            var telling = Watch.telling(overview.windows());
            List<Distribution> shapes = telling.isEmpty()
                    ? List.of()
                    : overviews.distributions(
                            deployment, telling.getLast().state().window().label(), "");
            return Optional.of(Watch.of(overview, shapes));
        } catch (Problem.NotFound e) {
            return Optional.empty();
        }
    }
}
