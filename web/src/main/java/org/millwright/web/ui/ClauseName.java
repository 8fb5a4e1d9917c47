package org.millwright.web.ui;

import org.millwright.alert.Clause;

/** What people call a clause of an agreement; its key, such as {@code quality:type-errors}, is what commands take. */
public final class ClauseName {
    private ClauseName() {}

    public static String of(Clause clause) {
        String key = clause.text();
        int colon = key.indexOf(':');
        String rest = colon < 0 ? "" : key.substring(colon + 1);
        return switch (clause.kind()) {
            case PERFORMANCE -> rest.isEmpty() ? "performance" : rest.replaceFirst(":", " of ");
            case ESTIMATE -> "estimated " + rest;
            case DRIFT -> rest.isEmpty() ? key : "drift of all columns together";
            case QUALITY ->
                switch (rest) {
                    case "missing" -> "missing values";
                    case "unseen" -> "unseen categories";
                    case "type-errors" -> "values of another type";
                    case "out-of-range" -> "values out of range";
                    case "stuck" -> "stuck columns";
                    case "contract" -> "the data's contract";
                    default -> "quality: " + rest.replace('-', ' ');
                };
            case ROLLOUT -> "roll-out";
            default -> rest.isEmpty() ? key : key.substring(0, colon) + ": " + rest.replaceFirst(":", " of ");
        };
    }
}
