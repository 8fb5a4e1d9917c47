package org.millwright.web.ui;

import java.util.List;
import java.util.Optional;
import org.millwright.alert.Judgement;
import org.millwright.alert.Standing;
import org.millwright.alert.Window;
import org.millwright.monitor.Overviews;
import org.millwright.project.Agreement;
import org.millwright.project.AgreementVersion;

/**
 * What is agreed about a model, who accepted it, and how production stands with each clause.
 *
 * @param sentences the agreement as people say it
 */
public record Agreed(
        Optional<AgreementVersion> inForce,
        Optional<AgreementVersion> proposed,
        List<String> sentences,
        List<Row> rows) {

    /**
     * A deployment's standing with a clause.
     *
     * @param clause its key, as commands take it
     * @param name what people call it
     * @param tone style class of the verdict
     * @param since label of the first window in a row with this verdict; "" when there is none
     */
    public record Row(
            String deployment, String clause, String name, String verdict, String tone, String since, String note) {}

    static Agreed of(
            Optional<Agreement> agreement,
            Optional<AgreementVersion> inForce,
            Optional<AgreementVersion> proposed,
            List<Overviews.Promise> promises) {
        return new Agreed(
                inForce,
                proposed,
                agreement.map(Clauses::of).orElse(List.of()),
                promises.stream().map(Agreed::row).toList());
    }

    /** The same with the standing of one deployment only. */
    Agreed of(String deployment) {
        return new Agreed(
                inForce,
                proposed,
                sentences,
                rows.stream().filter(row -> row.deployment().equals(deployment)).toList());
    }

    private static Row row(Overviews.Promise promise) {
        Standing standing = promise.standing();
        return new Row(
                promise.deployment(),
                standing.clause().text(),
                ClauseName.of(standing.clause()),
                standing.verdict().text().replace('-', ' '),
                switch (standing.verdict()) {
                    case KEPT -> "ok";
                    case AT_RISK -> "warn";
                    case BROKEN -> "bad";
                    case INSUFFICIENT -> "idle";
                },
                standing.since().map(Window::label).orElse(""),
                standing.newest().map(Judgement::note).orElse("Not enough is known to say."));
    }
}
