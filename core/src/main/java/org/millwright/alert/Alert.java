package org.millwright.alert;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.millwright.project.Project;

/**
 * A broken clause that someone has to look after. Times are milliseconds since the epoch.
 *
 * @param version of the model that broke it; "" when none serves yet
 * @param window that made it an alert
 * @param n rows or labels that the value rests on
 * @param assignee user name of the person who is to investigate
 * @param quiet a note for those who look, of which nobody is notified: inputs moved, and no loss was measured or estimated
 */
public record Alert(
        String id,
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

    /** What the ledger tells of it at; what concerns no project has no deployment either. */
    public List<String> subjects() {
        return project.isEmpty()
                ? List.of(ref())
                : List.of(ref(), "deployment:" + deployment, modelRef(), Project.ref(project));
    }

    /** Path of the page with the plot that explains it; what has none is explained by its own page. */
    public String plots() {
        return clause.kind().isMeasured()
                ? "/deployments/" + deployment + "?window=" + encoded(window.label()) + "#" + clause.place()
                : "/alerts/" + id;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public String modelRef() {
        return "model:" + model + (version.isEmpty() ? "" : "/" + version);
    }
}
