package org.millwright.web.ui;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the form of a request asks for beside the intake; fields are named as the keys of {@code millwright.yaml}. */
final class RequestFields {
    static final Map<String, Asked> ALL = new LinkedHashMap<>();

    /**
     * A field and its words.
     *
     * @param needed whether nothing can be asked without it
     * @param longest characters that it takes
     */
    public record Asked(String label, String help, boolean needed, int longest) {}

    static {
        need("name", "Name", "1 to 63 of a-z, 0-9 and -, a letter first: flight-delays", 63);
        need("purpose", "Purpose", "In one sentence: what the model is for, and for whom", 1000);
        may(
                "users-affected.who",
                "People whom its answers reach",
                "Passengers and gate staff who read the estimate",
                300);
        may("users-affected.number", "About how many", "Whole number; empty when nobody knows", 12);
        need("owner", "Owner", "User who answers for the project; the owner decides nothing about it", 100);
        may("business-owner", "Business owner", "User who answers for its value and its risk", 100);
        may("expected-value.amount", "Expected value", "Above 0", 20);
        may("expected-value.currency", "Currency", "Three letters", 3);
        may("expected-value.per", "Per", "", 20);
        may("expected-value.because", "Because", "What the amount rests on", 500);
        may("budget.compute-seconds", "Compute budget a month, in seconds", "Empty: no limit", 12);
        may("review-every", "Review every", "1d to 1096d; empty: 90d at tier high, 180d at medium, else 365d", 10);
        may("risk-tier", "Risk tier", "A higher one than the answers mean is anybody's right", 10);
        need("model.task", "What it predicts", "", 20);
        need("model.label", "Label", "Column that is predicted: arr_delay", 200);
        may("model.name", "Model's name", "Empty: the project's name", 63);
        may("model.positive", "Positive class", "Of two classes, the one that is looked for", 200);
        may("model.id", "Identity of a row", "Column by which an outcome finds its prediction: flight_id", 200);
        may("model.time", "Time of prediction", "Column with the time (UTC) at which it is asked: event_time", 200);
        may("environment.python", "Python", "Major.minor; empty: 3.11", 10);
        may("environment.requirements", "Packages wanted", "File of the folder; empty: requirements.in", 200);
        may("environment.lock", "Packages pinned", "File of the folder; empty: requirements.lock", 200);
        may("environment.threads", "Threads", "Of numeric libraries; empty: 2", 4);
        may(
                "handoff.tolerance",
                "Hand-off tolerance",
                "Largest difference of Java and Python, in the label's unit; empty: 0.001",
                20);
        may("release.smoke-rows", "Smoke rows", "Recorded rows that staging must score as in training; empty: 100", 8);
        may("release.canary.traffic", "Canary's traffic", "Per cent of the requests; empty: 25", 4);
        may("release.canary.min-requests", "Canary's requests", "How many it must have answered; empty: 200", 10);
        may("template", "Template", "The one that the folder began as; empty: none", 100);
    }

    private RequestFields() {}

    private static void need(String name, String label, String help, int longest) {
        ALL.put(name, new Asked(label, help, true, longest));
    }

    private static void may(String name, String label, String help, int longest) {
        ALL.put(name, new Asked(label, help, false, longest));
    }

    /** The words of a field, also of one in a row of people or data. */
    static Asked of(String name) {
        Asked asked = ALL.get(name);
        if (asked != null) {
            return asked;
        }
        int row = row(name) + 1;
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "name" -> new Asked("Dataset " + row, "1 to 63 of a-z, 0-9 and -", row == 1, 63);
            case "classification" -> new Asked("Classification of dataset " + row, "", false, 20);
            case "source" ->
                new Asked("Source of dataset " + row, "Where it comes from, under which licence", false, 500);
            case "person" -> new Asked("Person " + row, "User", row == 1, 100);
            case "role" -> new Asked("Role of person " + row, "", false, 31);
            default -> new Asked(name, "", false, 500);
        };
    }

    /** The row that a field stands in, from 0. */
    static int row(String name) {
        int open = name.indexOf('[');
        int close = name.indexOf(']');
        return open < 0 || close < open + 2 ? 0 : Integer.parseInt(name.substring(open + 1, close));
    }
}
