package org.millwright.alert;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.millwright.egress.UrlPart;
import org.millwright.project.Project;
import org.millwright.serving.Deployment;

/**
 * A broken clause that someone has to look after. Times are milliseconds since the epoch.
 *
 * @param subject what it is about
 * @param deployment where it is felt; "" when nowhere, and so for project and model
 * @param version of the model that broke it; "" when none serves yet
 * @param window that made it an alert
 * @param n rows or labels that the value rests on
 * @param assignee user name of the person who is to investigate
 * @param quiet a note for those who look, of which nobody is notified: inputs moved, and no loss was measured or estimated
 */
public record Alert(
        String id,
        Subject subject,
        String deployment,
        String project,
        String model,
        String version,
        Clause clause,
        State state,
        Window window,
        String method,
        double measured,
        double threshold,
        long n,
        String message,
        String assignee,
        long raisedAt,
        Optional<Decision> acknowledged,
        Optional<Decision> resolved,
        boolean quiet) {

    /** Where an alert stands. */
    public enum State {
        OPEN,
        ACKNOWLEDGED,
        RESOLVED;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Who did it, when and why. */
    public record Decision(String by, long at, String note) {}

    public boolean isOpen() {
        return state != State.RESOLVED;
    }

    public String ref() {
        return "alert:" + id;
    }

    /** What the ledger tells of it at. */
    public List<String> subjects() {
        return Stream.of(
                        ref(),
                        subject.ref(),
                        deployment.isEmpty() ? "" : Deployment.ref(deployment),
                        model.isEmpty() ? "" : modelRef(),
                        project.isEmpty() ? "" : Project.ref(project))
                .filter(ref -> !ref.isEmpty())
                .distinct()
                .toList();
    }

    /** Path of the page with the plot that explains it; what has none is explained by its own page. */
    public String plots() {
        return clause.kind().isMeasured()
                ? "/deployments/" + deployment + "?window=" + UrlPart.of(window.label()) + "#" + clause.place()
                : "/alerts/" + id;
    }

    public String modelRef() {
        return Subject.model(model, version).ref();
    }

    /** One that is told as a sentence, of which nothing is measured. */
    static Alert said(
            String id,
            Subject subject,
            Alerts.Target of,
            Clause clause,
            String method,
            double stage,
            String message,
            String assignee,
            long now) {
        return new Alert(
                id,
                subject,
                of.deployment(),
                of.project(),
                of.model(),
                of.version(),
                clause,
                State.OPEN,
                WindowKind.DAY.at(now),
                method,
                stage,
                stage,
                0,
                message,
                assignee,
                now,
                Optional.empty(),
                Optional.empty(),
                false);
    }
}
