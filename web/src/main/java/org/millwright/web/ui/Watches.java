package org.millwright.web.ui;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.kernel.Problem;
import org.millwright.monitor.Distribution;
import org.millwright.monitor.Overviews;
import org.millwright.monitor.Overviews.Overview;
import org.millwright.monitor.Signals;
import org.millwright.project.Agreement;
import org.millwright.project.Agreements;
import org.millwright.project.Projects;
import org.millwright.retraining.Retrainings;

/** What pages show of monitoring; nothing for a deployment that has answered nothing yet. */
public final class Watches {
    private final Overviews overviews;
    private final Retrainings retrainings;
    private final Signals signals;
    private final Projects projects;
    private final Agreements agreements;

    public Watches(
            Overviews overviews, Retrainings retrainings, Signals signals, Projects projects, Agreements agreements) {
        this.overviews = overviews;
        this.retrainings = retrainings;
        this.signals = signals;
        this.projects = projects;
        this.agreements = agreements;
    }

    /** What is agreed about a project's model. */
    Agreed agreed(Actor by, String project, String model) {
        return Agreed.of(
                projects.agreement(project),
                agreements.inForce(project),
                agreements.proposed(project),
                overviews.promises(by, model));
    }

    /** Time in which 99 of 100 requests must be answered, where that is agreed. */
    Optional<Duration> slowest(String project) {
        return projects.agreement(project).flatMap(Agreement::service).flatMap(Agreement.Service::p99);
    }

    /** How a deployment does, by outcomes and without. */
    record Whole(Watch watch, SignalWatch signals) {}

    Optional<Whole> whole(Actor by, String deployment) {
        return overview(by, deployment).map(overview -> {
            SignalWatch known = SignalWatch.of(overview, signals.of(by, deployment));
            return new Whole(watch(by, overview, Estimates.of(known)), known);
        });
    }

    Optional<Watch> of(Actor by, String deployment) {
        return overview(by, deployment).map(overview -> watch(by, overview, Estimates.NONE));
    }

    private Optional<Overview> overview(Actor by, String deployment) {
        try {
            return Optional.of(overviews.of(by, deployment));
        } catch (Problem.NotFound e) {
            return Optional.empty();
        }
    }

    private Watch watch(Actor by, Overview overview, Estimates estimates) {
        var telling = Watch.telling(overview.windows());
        List<Distribution> shapes = telling.isEmpty()
                ? List.of()
                : overviews.distributions(
                        by,
                        overview.deployment().deployment(),
                        telling.getLast().state().window().label(),
                        "");
        return Watch.of(overview, retrainings.of(by, overview.deployment().deployment()), shapes, estimates);
    }
}
