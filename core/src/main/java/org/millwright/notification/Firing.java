package org.millwright.notification;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import org.millwright.alert.Alert;
import org.millwright.kernel.Json;

/**
 * Alerts as Alertmanager's API v2 takes them. It knows an alert by its labels, ends it at {@code endsAt}, and forgets all in
 * a restart: an open one is sent again and again, each time to end a little later.
 */
final class Firing {
    /** How often open alerts are sent again. */
    static final Duration AGAIN = Duration.ofMinutes(5);

    private static final Duration LASTS = AGAIN.multipliedBy(3);

    private Firing() {}

    static ArrayNode of(Message message, long now) {
        ArrayNode alerts = Json.array();
        if (message.isTrial()) {
            ObjectNode trial = alerts.addObject();
            trial.putObject("labels").put("alertname", "MillwrightTest").put("severity", "none");
            trial.putObject("annotations").put("summary", message.headline());
            return times(trial, now, now + Duration.ofMinutes(1).toMillis(), message.base(), alerts);
        }
        message.items().stream().map(Message.Item::alert).distinct().forEach(alert -> add(alerts, message, alert, now));
        return alerts;
    }

    private static void add(ArrayNode alerts, Message message, Alert alert, long now) {
        Message.Item item = message.items().stream()
                .filter(known -> known.alert().equals(alert))
                .findFirst()
                .orElseThrow();
        ObjectNode json = alerts.addObject();
        json.putObject("labels")
                .put("alertname", "Millwright" + capital(alert.clause().kind().text()))
                .put("severity", item.severity().text())
                .put("subject", alert.subject().ref())
                .put("project", alert.project())
                .put("deployment", alert.deployment())
                .put("model", alert.model())
                .put("version", alert.version())
                .put("clause", alert.clause().text())
                .put("alert_id", alert.id());
        json.putObject("annotations")
                .put("summary", item.what())
                .put("description", item.why())
                .put("investigate", alert.assignee())
                .put("runbook", item.next())
                .put(
                        alert.subject().isDeployment() ? "plots" : "page",
                        message.base()
                                + (alert.subject().isDeployment()
                                        ? alert.plots()
                                        : alert.subject().page()));
        long ends = alert.resolved().map(Alert.Decision::at).orElse(now + LASTS.toMillis());
        times(json, alert.raisedAt(), ends, message.page(item), alerts);
    }

    private static ArrayNode times(ObjectNode json, long from, long to, String url, ArrayNode alerts) {
        json.put("startsAt", Instant.ofEpochMilli(from).toString())
                .put("endsAt", Instant.ofEpochMilli(to).toString())
                .put("generatorURL", url);
        return alerts;
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
