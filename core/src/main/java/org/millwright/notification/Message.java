package org.millwright.notification;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.millwright.alert.Alert;
import org.millwright.alert.Clause;
import org.millwright.alert.Subject;

/**
 * What a channel is told: changes of alerts about one subject, in the order in which they came.
 *
 * @param id of the delivery: the same with every try, so that a receiver knows a repetition
 * @param subject empty in a trial, which has no items, and where alerts about several are told again
 * @param base URL of the pages
 * @param at when it was made, in milliseconds since the epoch
 */
record Message(String id, String channel, Optional<Subject> subject, List<Item> items, String base, long at) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int LONGEST = 600;

    Message {
        items = List.copyOf(items);
    }

    /** A change of an alert; {@code by} is the name of who acknowledged or resolved it, "" for the others. */
    record Item(Alert alert, Notice.Event event, String by, String note) {
        /** What happened, in two or three words. */
        String happened() {
            Clause.Kind kind = alert.clause().kind();
            String what =
                    kind == Clause.Kind.DECISION ? kind.text() : alert.clause().text();
            return what + " alert "
                    + switch (event) {
                        case RAISED -> "raised";
                        case ESCALATED -> "not acknowledged";
                        case ACKNOWLEDGED -> "acknowledged by " + by;
                        case RESOLVED -> "resolved";
                    };
        }

        /** The sentence of the alert. */
        String what() {
            return cut(alert.message());
        }

        /** The figures that it rests on, and what became of it. */
        String why() {
            String figures = alert.clause().kind().isMeasured()
                    ? alert.method() + " was " + figure(alert.measured()) + ", the limit is "
                            + figure(alert.threshold()) + ", n = " + alert.n() + ". "
                    : "";
            return figures + "Raised " + time(alert.raisedAt()) + outcome();
        }

        private String outcome() {
            return switch (event) {
                case RAISED -> alert.assignee().isEmpty() ? "." : ", for " + alert.assignee() + ".";
                case ESCALATED -> ", and nobody has acknowledged it since.";
                case ACKNOWLEDGED -> ". " + by + " looks after it" + (note.isBlank() ? "." : ": " + cut(note));
                case RESOLVED -> ". Resolved by " + by + (note.isBlank() ? "." : ": " + cut(note));
            };
        }

        /** The command to go on with. */
        String next() {
            return event.first() && alert.state() == Alert.State.OPEN
                    ? "mw alert ack " + alert.id()
                    : "mw alert show " + alert.id();
        }

        Severity severity() {
            return Severity.of(alert);
        }
    }

    /** Whether it only tries the channel. */
    boolean isTrial() {
        return items.isEmpty();
    }

    /** The message in a line. */
    String headline() {
        if (isTrial()) {
            return "Test of channel " + channel + ": nothing is wrong";
        }
        String what = items.size() == 1
                ? items.getFirst().happened()
                : items.size() + " changes of " + distinct() + (distinct() == 1 ? " alert" : " alerts");
        return subject.map(Subject::label).orElse(channel) + ": " + what;
    }

    private long distinct() {
        return items.stream().map(item -> item.alert().id()).distinct().count();
    }

    /** The page that explains an alert. */
    String page(Item item) {
        return base + "/alerts/" + item.alert().id();
    }

    /** The plots that explain an alert. */
    String plots(Item item) {
        return base + item.alert().plots();
    }

    /** The page that it is about: the plots of its deployment, another subject, or what waits for a decision. */
    String place() {
        return base
                + (isDecision()
                        ? "/inbox"
                        : subject.map(about -> about.page() + part(about)).orElse("/alerts"));
    }

    /** The part of a deployment's page that all of it is about, if there is one. */
    private String part(Subject about) {
        List<String> parts = items.stream()
                .map(item -> item.alert().clause())
                .map(clause -> clause.kind().isMeasured() ? "#" + clause.place() : "")
                .distinct()
                .toList();
        return about.isDeployment() && parts.size() == 1 ? parts.getFirst() : "";
    }

    /** What that page is called. */
    String placeName() {
        if (isDecision()) {
            return "Inbox";
        }
        return subject.map(about -> about.isDeployment() ? "Plots" : "Page").orElse("Alerts");
    }

    /** That page in words. */
    String placeText() {
        return placeName() + subject.map(about -> " of " + about.label()).orElse("");
    }

    private boolean isDecision() {
        return !isTrial()
                && items.stream().allMatch(item -> item.alert().clause().kind() == Clause.Kind.DECISION);
    }

    /** The greatest severity in it. */
    Severity severity() {
        return items.stream().map(Item::severity).max(Severity::compareTo).orElse(Severity.WARNING);
    }

    /** The message as plain text. */
    String text() {
        var lines = new ArrayList<String>();
        lines.add(headline());
        for (Item item : items) {
            lines.add("");
            lines.add("[" + item.severity().text() + "] " + item.happened());
            lines.add(item.what());
            lines.add(item.why());
            lines.add("Next: " + item.next());
            lines.add(page(item));
        }
        if (!isTrial()) {
            lines.add("");
            lines.add(placeName() + ": " + place());
        }
        return String.join("\n", lines) + "\n";
    }

    static String time(long millis) {
        return TIME.format(Instant.ofEpochMilli(millis)) + " UTC";
    }

    private static String cut(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }

    /** A figure as people read it: four significant digits. */
    static String figure(double value) {
        if (!Double.isFinite(value)) {
            return "unknown";
        }
        String text = String.format(Locale.ROOT, "%.4g", value);
        return text.contains("e")
                ? text
                : text.replaceFirst("(\\.\\d*?)0+$", "$1").replaceFirst("\\.$", "");
    }
}
