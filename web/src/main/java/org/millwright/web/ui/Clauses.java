package org.millwright.web.ui;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.millwright.project.Agreement;

/** An agreement in sentences. */
public final class Clauses {
    private Clauses() {}

    static List<String> of(Agreement agreement) {
        var clauses = new ArrayList<String>();
        agreement
                .performance()
                .ifPresent(clause -> clauses.add("In each " + agreement.window() + " with at least "
                        + Text.number((long) clause.minLabels()) + " known outcomes, " + clause.metric()
                        + " is at least " + Text.number(clause.atLeast()) + "."));
        agreement
                .drift()
                .ifPresent(clause -> clauses.add("A column has drifted when its " + clause.method()
                        + " against training is at least " + Text.number(clause.alert()) + " (noted from "
                        + Text.number(clause.warn()) + "); less than " + Text.percent(clause.columnsShare())
                        + " of the columns may drift in one " + agreement.window() + "."));
        agreement
                .retrain()
                .ifPresent(clause -> clauses.add("When " + String.join(" or ", clause.on()) + " breaks in "
                        + clause.broken() + " of the last " + clause.windows() + " " + agreement.window()
                        + "s, pipeline " + clause.pipeline() + " runs by itself: at most once in "
                        + span(clause.coolDown()) + ", and only with " + Text.number(clause.minNewLabels())
                        + " new outcomes."));
        if (!agreement.investigate().isEmpty()) {
            clauses.add("Alerts go to " + agreement.investigate() + ".");
        }
        return clauses;
    }

    private static String span(Duration time) {
        return time.toDays() > 0 ? time.toDays() + " days" : Text.duration(time.toMillis());
    }
}
