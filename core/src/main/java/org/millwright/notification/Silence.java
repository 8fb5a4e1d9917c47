package org.millwright.notification;

import java.util.Optional;
import org.millwright.alert.Alert;

/**
 * A time in which some alerts are raised and shown, but not sent. Times are milliseconds since the epoch.
 *
 * @param project its alerts only, and so for deployment and clause; what is absent leaves nothing out
 * @param ended who ended it early, and when
 */
public record Silence(
        String id,
        Optional<String> project,
        Optional<String> deployment,
        Optional<String> clause,
        String reason,
        long createdAt,
        String createdBy,
        long endsAt,
        Optional<Alert.Decision> ended) {

    /** When it is over: by itself or because somebody ended it. */
    public long until() {
        return ended.map(Alert.Decision::at).orElse(endsAt);
    }

    public boolean isActive(long now) {
        return now >= createdAt && now < until();
    }

    /** What it is about, in words. */
    public String scope() {
        String about = deployment
                .map(name -> "deployment " + name)
                .or(() -> project.map(name -> "project " + name))
                .orElse("all projects");
        return clause.map(text -> text + " of " + about).orElse(about);
    }

    public boolean covers(Alert alert) {
        return project.filter(name -> !name.equals(alert.project())).isEmpty()
                && deployment.filter(name -> !name.equals(alert.deployment())).isEmpty()
                && clause.filter(text -> !text.equals(alert.clause().kind().text()))
                        .isEmpty();
    }

    public String ref() {
        return "silence:" + id;
    }
}
