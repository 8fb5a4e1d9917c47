package org.millwright.web.ui;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.kernel.Problem;
import org.millwright.monitor.Overviews;
import org.millwright.monitor.Overviews.Overview;
import org.millwright.monitor.Overviews.Period;
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

    /** @param window whose columns are shown; the newest with enough rows when there is none of that label */
    Optional<Whole> whole(Actor by, String deployment, String window) {
        return overview(by, deployment).map(overview -> {
            SignalWatch known = SignalWatch.of(overview, signals.of(by, deployment));
            return new Whole(watch(by, overview, window, Estimates.of(known)), known);
        });
    }

    Optional<Watch> of(Actor by, String deployment) {
        return overview(by, deployment).map(overview -> watch(by, overview, "", Estimates.NONE));
    }

    private Optional<Overview> overview(Actor by, String deployment) {
        try {
            return Optional.of(overviews.of(by, deployment));
        } catch (Problem.NotFound e) {
            return Optional.empty();
        }
    }

    private Watch watch(Actor by, Overview overview, String window, Estimates estimates) {
        var telling = Watch.telling(overview.windows());
        Optional<Period> shown = telling.stream()
                .filter(period -> period.state().window().label().equals(window))
                .findFirst()
                .or(() -> telling.isEmpty() ? Optional.empty() : Optional.of(telling.getLast()));
        String deployment = overview.deployment().deployment();
        return Watch.of(
                overview,
                retrainings.of(by, deployment),
                shown,
                shown.map(period -> overviews.distributions(
                                by, deployment, period.state().window().label(), ""))
                        .orElse(List.of()),
                estimates);
    }
}
