package org.millwright.web.ui;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.millwright.project.Agreement;
import org.millwright.project.Hours;
import org.millwright.project.Trigger;

/** An agreement in sentences. */
public final class Clauses {
    private Clauses() {}

    static List<String> of(Agreement agreement) {
        var clauses = new ArrayList<String>();
        agreement.performance().forEach(clause -> clauses.add(performance(agreement, clause)));
        agreement
                .drift()
                .ifPresent(clause -> clauses.add("A column has drifted when its " + clause.method()
                        + " against training is at least " + Text.number(clause.alert()) + " (noted from "
                        + Text.number(clause.warn()) + "); less than " + Text.percent(clause.columnsShare())
                        + " of the columns may drift in one " + agreement.window() + "."
                        + (clause.multivariate()
                                ? " All columns together hang together as in training: their reconstruction error is"
                                        + " between the limits of held-out rows."
                                : "")));
        agreement.drift().ifPresent(clause -> clauses.addAll(columns(clause)));
        agreement
                .fairness()
                .forEach(clause -> clauses.add("Between the groups by " + String.join(" × ", clause.by()) + ", "
                        + clause.measure() + " is " + limit(clause.limit()) + "; groups below " + clause.minRows()
                        + " rows do not count."));
        agreement.quality().ifPresent(clause -> clauses.add(quality(agreement, clause)));
        agreement.staleness().ifPresent(clause -> clauses.addAll(staleness(clause)));
        agreement.service().ifPresent(clause -> clauses.addAll(service(clause)));
        agreement.feeds().ifPresent(clause -> clauses.addAll(feeds(clause)));
        agreement
                .stop()
                .forEach(clause -> clauses.add("A version whose " + clause.metric() + " is not " + limit(clause.limit())
                        + " stops to answer, once " + Text.number((long) clause.minLabels())
                        + " outcomes of a " + agreement.window() + " are known."));
        agreement.retrain().ifPresent(clause -> clauses.addAll(retrain(agreement, clause)));
        Agreement.Investigate investigate = agreement.investigate();
        if (!investigate.who().isEmpty()) {
            clauses.add("Alerts go to " + investigate.who()
                    + investigate
                            .within()
                            .map(time -> ", who looks within " + span(time))
                            .orElse("") + ".");
        }
        return clauses;
    }

    /** What holds of single columns. */
    private static List<String> columns(Agreement.Drift drift) {
        var sentences = new ArrayList<String>();
        drift.columns()
                .forEach((column, limits) -> sentences.add("Column " + column + " has drifted when its "
                        + limits.method() + " is at least " + Text.number(limits.alert()) + " (noted from "
                        + Text.number(limits.warn()) + ")."));
        if (!drift.ignored().isEmpty()) {
            sentences.add("The drift of " + String.join(", ", drift.ignored()) + " is not looked at.");
        }
        return sentences;
    }

    private static String performance(Agreement agreement, Agreement.Performance clause) {
        String rows = clause.segment().entrySet().stream()
                .map(column -> column.getKey() + " " + column.getValue())
                .collect(Collectors.joining(" and "));
        return "In each " + agreement.window() + " with at least " + Text.number((long) clause.minLabels())
                + " known outcomes" + (rows.isEmpty() ? "" : " of " + rows) + ", " + clause.metric() + " is "
                + limit(clause.limit()) + ".";
    }

    private static String quality(Agreement agreement, Agreement.Quality clause) {
        return "In each " + agreement.window() + " and column, missing values rise by at most "
                + Text.percent(clause.missingRise()) + ", at most " + Text.percent(clause.unseen())
                + " are unseen in training, " + Text.percent(clause.typeErrors()) + " of another type and "
                + Text.percent(clause.outOfRange()) + " out of range; a column with one value in "
                + clause.stuckAfter() + " windows in a row is stuck."
                + clause.contract().stream()
                        .mapToObj(share -> " At most " + Text.percent(share)
                                + " of the rows break a rule of the data's contract, or the share that the rule names.")
                        .collect(Collectors.joining());
    }

    private static List<String> staleness(Agreement.Staleness clause) {
        var clauses = new ArrayList<String>();
        clause.model().ifPresent(age -> clauses.add("The model is at most " + span(age) + " old."));
        clause.data().ifPresent(age -> clauses.add("The data it learnt from are at most " + span(age) + " old."));
        clause.outsideTraining()
                .ifPresent(share -> clauses.add(
                        "At most " + Text.percent(share) + " of the rows lie outside of what training saw."));
        return clauses;
    }

    private static List<String> service(Agreement.Service clause) {
        var clauses = new ArrayList<String>();
        clause.p99().ifPresent(time -> clauses.add("99 of 100 requests are answered in " + span(time) + "."));
        clause.errors().ifPresent(share -> clauses.add("At most " + Text.percent(share) + " of the requests fail."));
        clause.saturation()
                .ifPresent(share ->
                        clauses.add("The requests keep at most " + Text.percent(share) + " of the processors busy."));
        clause.cost()
                .ifPresent(price -> clauses.add("A thousand predictions cost at most " + Text.number(price)
                        + " in the currency of the installation's rates."));
        return clauses;
    }

    private static List<String> feeds(Agreement.Feeds clause) {
        var clauses = new ArrayList<String>();
        clause.predictions().ifPresent(time -> clauses.add("No " + span(time) + " pass without a prediction."));
        clause.labels()
                .ifPresent(time -> clauses.add("Outcomes are known " + span(time) + " after the prediction's time."));
        return clauses;
    }

    private static List<String> retrain(Agreement agreement, Agreement.Retrain clause) {
        var clauses = new ArrayList<String>();
        clauses.add("Pipeline " + clause.pipeline() + " runs by itself on "
                + words(clause.when()) + ". A clause counts as broken when "
                + clause.broken() + " of the last " + clause.windows() + " " + agreement.window() + "s broke it, and"
                + " starts a run with " + Text.number(clause.minNewLabels()) + " new outcomes only.");
        clauses.add("It runs at most once in " + span(clause.coolDown()) + budget(clause.budget())
                + (clause.hours().isEmpty()
                        ? ""
                        : ", and starts "
                                + clause.hours().stream().map(Hours::text).collect(Collectors.joining(" or ")))
                + ". After " + clause.attempts() + " that did not help it waits for somebody to look.");
        return clauses;
    }

    /** A condition alone needs no brackets. */
    private static String words(Trigger when) {
        return when instanceof Trigger.Any any && any.of().size() == 1
                ? any.of().get(0).text()
                : when.text();
    }

    private static String budget(Optional<Agreement.Budget> budget) {
        return budget.map(found -> found.runs()
                                .map(runs -> ", " + runs + " times in " + span(found.per()))
                                .orElse("")
                        + found.minutes()
                                .map(minutes -> ", for " + minutes + " minutes in " + span(found.per()))
                                .orElse(""))
                .orElse("");
    }

    private static String limit(Agreement.Limit limit) {
        return limit.side().text() + " " + Text.number(limit.value());
    }

    private static String span(Duration time) {
        return time.toDays() > 0 ? time.toDays() + " days" : Text.duration(time.toMillis());
    }
}
