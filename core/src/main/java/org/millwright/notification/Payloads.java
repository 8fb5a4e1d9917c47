package org.millwright.notification;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.millwright.alert.Alert;
import org.millwright.alert.Subject;
import org.millwright.kernel.Json;

/** A message in the form of each receiver. */
final class Payloads {
    /** Most items that are spelled out; Slack takes at most 50 blocks, Teams 28 KB. */
    private static final int SHOWN = 15;

    private static final int SLACK_HEADER = 150;
    private static final int SLACK_TEXT = 3_000;

    private Payloads() {}

    /** What a webhook gets: everything of each alert, for programs. */
    static ObjectNode webhook(Message message) {
        ObjectNode json = Json.object()
                .put("type", message.isTrial() ? "millwright.test" : "millwright.alerts")
                .put("id", message.id())
                .put("timestamp", instant(message.at()))
                .put("channel", message.channel())
                .put("text", message.headline());
        if (!message.isTrial()) {
            json.put("subject", message.subject().map(Subject::ref).orElse(""))
                    .put("deployment", message.items().getFirst().alert().deployment())
                    .put("severity", message.severity().text());
        }
        ArrayNode alerts = json.putArray("alerts");
        message.items().forEach(item -> alerts.add(item(message, item)));
        return json;
    }

    private static ObjectNode item(Message message, Message.Item item) {
        Alert alert = item.alert();
        return Json.object()
                .put("id", alert.id())
                .put("event", item.event().text())
                .put("state", alert.state().text())
                .put("severity", item.severity().text())
                .put("subject", alert.subject().ref())
                .put("project", alert.project())
                .put("model", alert.model())
                .put("version", alert.version())
                .put("clause", alert.clause().text())
                .put("method", alert.method())
                .put("value", Double.isFinite(alert.measured()) ? alert.measured() : null)
                .put("threshold", alert.threshold())
                .put("n", alert.n())
                .put("window", alert.window().label())
                .put("message", item.what())
                .put("explanation", item.why())
                .put("investigate", alert.assignee())
                .put("raisedAt", instant(alert.raisedAt()))
                .put("next", item.next())
                .put("url", message.page(item))
                .put("plots", message.plots(item));
    }

    /** Slack's incoming webhooks; {@code text} is what notifications and older receivers show. */
    static ObjectNode slack(Message message) {
        ObjectNode json = Json.object().put("text", escaped(message.headline()));
        ArrayNode blocks = json.putArray("blocks");
        ObjectNode header = blocks.addObject().put("type", "header");
        header.putObject("text").put("type", "plain_text").put("text", cut(message.headline(), SLACK_HEADER));
        for (Message.Item item : message.items().stream().limit(SHOWN).toList()) {
            section(
                    blocks,
                    "*" + escaped(item.severity().text()) + "* · <" + message.page(item) + "|"
                            + escaped(item.happened()) + ">\n" + escaped(item.what()) + "\n" + escaped(item.why())
                            + "\n`" + item.next() + "`");
        }
        if (message.items().size() > SHOWN) {
            section(
                    blocks,
                    "and " + (message.items().size() - SHOWN) + " more: <" + message.base() + "/alerts|alerts>");
        }
        if (!message.isTrial()) {
            ObjectNode context = blocks.addObject().put("type", "context");
            context.putArray("elements")
                    .addObject()
                    .put("type", "mrkdwn")
                    .put("text", "<" + message.place() + "|" + escaped(message.placeText()) + ">");
        }
        return json;
    }

    private static void section(ArrayNode blocks, String text) {
        ObjectNode section = blocks.addObject().put("type", "section");
        section.putObject("text").put("type", "mrkdwn").put("text", cut(text, SLACK_TEXT));
    }

    /** An Adaptive Card in the envelope that workflows of Teams take. */
    static ObjectNode teams(Message message) {
        ObjectNode json = Json.object().put("type", "message");
        ObjectNode attachment = json.putArray("attachments").addObject();
        attachment.put("contentType", "application/vnd.microsoft.card.adaptive").putNull("contentUrl");
        ObjectNode card = attachment.putObject("content");
        card.put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
                .put("type", "AdaptiveCard")
                .put("version", "1.4");
        ArrayNode body = card.putArray("body");
        block(body, message.headline()).put("size", "Large").put("weight", "Bolder");
        for (Message.Item item : message.items().stream().limit(SHOWN).toList()) {
            block(body, item.severity().text() + ": " + item.happened())
                    .put("weight", "Bolder")
                    .put("separator", true)
                    .put("color", color(item));
            block(body, item.what());
            block(body, item.why()).put("isSubtle", true);
            block(body, item.next()).put("fontType", "Monospace");
        }
        if (!message.isTrial()) {
            ArrayNode actions = card.putArray("actions");
            action(actions, "Open the alert", message.page(message.items().getLast()));
            action(actions, message.placeName(), message.place());
        }
        return json;
    }

    private static String color(Message.Item item) {
        return switch (item.event()) {
            case RESOLVED -> "Good";
            case ACKNOWLEDGED -> "Accent";
            case RAISED, ESCALATED -> item.severity() == Severity.CRITICAL ? "Attention" : "Warning";
        };
    }

    private static ObjectNode block(ArrayNode body, String text) {
        return body.addObject().put("type", "TextBlock").put("text", text).put("wrap", true);
    }

    private static void action(ArrayNode actions, String title, String url) {
        actions.addObject().put("type", "Action.OpenUrl").put("title", title).put("url", url);
    }

    /** Body of a mail for readers that show HTML. */
    static String html(Message message) {
        var html = new StringBuilder("<!doctype html><html><body style=\"font:14px/20px sans-serif\"><h2>"
                + escaped(message.headline()) + "</h2>");
        for (Message.Item item : message.items()) {
            html.append("<p><b>")
                    .append(escaped(item.severity().text() + ": " + item.happened()))
                    .append("</b><br>")
                    .append(escaped(item.what()))
                    .append("<br>")
                    .append(escaped(item.why()))
                    .append("<br><code>")
                    .append(escaped(item.next()))
                    .append("</code> · <a href=\"")
                    .append(escaped(message.page(item)))
                    .append("\">the alert</a></p>");
        }
        if (!message.isTrial()) {
            html.append("<p><a href=\"").append(escaped(message.place())).append("\">");
            html.append(escaped(message.placeText())).append("</a></p>");
        }
        return html.append("</body></html>").toString();
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String cut(String text, int most) {
        return text.length() > most ? text.substring(0, most - 1) + "…" : text;
    }

    private static String instant(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
