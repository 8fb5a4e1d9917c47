package org.millwright.monitor;

import java.util.List;
import java.util.Optional;
import org.millwright.outcome.Answers;
import org.millwright.outcome.OutcomeStore;
import org.millwright.outcome.PredictedRows;
import org.millwright.outcome.Task;
import org.millwright.project.RolloutPlan;
import org.millwright.scoring.profile.Mean;
import org.millwright.scoring.profile.TwoSamples;
import org.millwright.verdict.Measures;
import org.millwright.window.Watched;

/** A figure of two versions that predict classes, by what came of their predictions. */
final class ClassFigures {
    private final Measures measures;
    private final OutcomeStore predictions;
    private final Watched watched;
    private final RolloutPlan.Measure measure;

    ClassFigures(Measures measures, OutcomeStore predictions, Watched watched, RolloutPlan.Measure measure) {
        this.measures = measures;
        this.predictions = predictions;
        this.watched = watched;
        this.measure = measure;
    }

    /** Both figures, and whether they differ. */
    record Two(Mean own, Mean other, TwoSamples.Welch test) {}

    /** Over all that either predicted; empty while either has too few outcomes. */
    Optional<Two> apart(String candidate, String production, long since) {
        Mean own = mean(candidate, since);
        Mean other = mean(production, since);
        return own.n() < 2 || other.n() < 2
                ? Optional.empty()
                : Optional.of(new Two(own, other, TwoSamples.welch(own, other)));
    }

    private Mean mean(String version, long since) {
        PredictedRows rows = predictions.labelledSince(watched.deployment(), version, since);
        Answers answers = measures.answers(watched, version, rows);
        var mean = new Mean();
        for (int i = 0; i < rows.size(); i++) {
            double figure = figure(answers, i);
            if (!Double.isNaN(figure)) {
                mean.add(figure);
            }
        }
        return mean;
    }

    /** Row by row, over what both predicted; empty while there is too little. */
    Optional<Two> both(String candidate, String production, long since) {
        List<PredictedRows> rows = predictions.bothSince(watched.deployment(), candidate, production, since);
        Answers first = measures.answers(watched, candidate, rows.getFirst());
        Answers second = measures.answers(watched, production, rows.getLast());
        var own = new Mean();
        var other = new Mean();
        var differences = new Mean();
        for (int i = 0; i < rows.getFirst().size(); i++) {
            double ours = figure(first, i);
            double theirs = figure(second, i);
            if (!Double.isNaN(ours - theirs)) {
                own.add(ours);
                other.add(theirs);
                differences.add(ours - theirs);
            }
        }
        return differences.n() < 2
                ? Optional.empty()
                : Optional.of(new Two(own, other, TwoSamples.paired(differences)));
    }

    private double figure(Answers answers, int row) {
        if (!answers.isUsable(row)) {
            return Double.NaN;
        }
        return switch (measure) {
            case LOG_LOSS -> answers.logLoss(row);
            case OUTCOME -> answers.task() == Task.BINARY ? answers.truth()[row] : Double.NaN;
            default -> answers.error(row);
        };
    }
}
