package org.millwright.web.ui;

import org.millwright.alert.Subject;
import org.millwright.egress.UrlPart;
import org.millwright.tracking.Run;

/** The page of an asset reference such as {@code model:flight-delays/1}. */
public final class Links {
    private Links() {}

    /** The asset's own page, or what the ledger tells about it. */
    public static String of(String reference) {
        int part = reference.indexOf('#');
        if (part >= 0) {
            return of(reference.substring(0, part)) + reference.substring(part);
        }
        int colon = reference.indexOf(':');
        String kind = colon < 0 ? "" : reference.substring(0, colon);
        String name = reference.substring(colon + 1);
        return switch (kind) {
            case "run" -> "/runs/" + segment(name);
            case "experiment" -> "/experiments/" + segment(name);
            case "environment" -> "/environments/" + segment(name);
            case "dataset" -> (name.contains("@") ? "/data/" : "/data?dataset=") + segment(name);
            case "gate" -> "/gates/" + segment(name);
            case "alert" -> "/alerts/" + segment(name);
            case "channel", "silence" -> "/channels";
            case "deployment", "project", "policy", "model" -> new Subject(reference).page();
            default -> "/ledger?about=" + segment(reference);
        };
    }

    /** The page of a run that an MLflow client logged. */
    public static String run(Run run) {
        return "/experiments/" + segment(run.experimentId()) + "/runs/" + segment(run.id());
    }

    /** The curve of one of its metrics, large. */
    public static String compare(Run run, String metric) {
        return "/experiments/" + segment(run.experimentId()) + "/compare?run=" + segment(run.id()) + "&metric="
                + segment(metric) + "#curves";
    }

    /** The text as a part of a path or a query. */
    public static String segment(String text) {
        return UrlPart.of(text);
    }
}
