package org.millwright.drift;

import java.util.Optional;
import org.millwright.alert.Alerts;
import org.millwright.alert.Verdict;
import org.millwright.scoring.drift.Reconstruction;
import org.millwright.scoring.drift.ReconstructionError;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;

/**
 * Whether all columns of a window together are as in training: how well its rows are made again from the principal components of
 * the training rows.
 *
 * @param verdict KEPT as in training, BROKEN when not, INSUFFICIENT when there is too little to say so
 * @param error empty when there is none
 * @param rows that it rests on
 * @param note in one sentence
 */
public record MultivariateDrift(Verdict verdict, Optional<ReconstructionError> error, long rows, String note) {
    /** What is measured. */
    public static final String METHOD = "reconstruction-error";

    /**
     * Of a window.
     *
     * @param learned empty when the version learned nothing
     * @param window empty when it has no profile
     */
    public static MultivariateDrift of(
            Reference reference, Optional<Reconstruction> learned, Optional<Profile> window) {
        if (learned.isEmpty()) {
            return insufficient(
                    Optional.empty(),
                    0,
                    Reconstruction.obstacle(reference.inputs())
                            .map(why -> "all columns together are not looked at: " + why)
                            .orElse("the version was registered before all columns together were looked at"));
        }
        Optional<ReconstructionError> error = window.flatMap(learned.get()::measure);
        long rows = error.map(ReconstructionError::rows).orElse(0L);
        if (rows < Drifted.MIN_ROWS) {
            return insufficient(error, rows, "only " + rows + " rows (needed: " + Drifted.MIN_ROWS + ")");
        }
        return judged(error.orElseThrow());
    }

    private static MultivariateDrift judged(ReconstructionError error) {
        String value = "reconstruction error " + Alerts.figure(error.value());
        if (!error.hasLimits()) {
            return insufficient(
                    Optional.of(error),
                    error.rows(),
                    value + "; its limits are unknown, as there were fewer than 500 held-out rows");
        }
        String limits = ", of held-out rows " + Alerts.figure(error.least()) + " to " + Alerts.figure(error.most());
        String together = error.value() > error.usual()
                ? ": the columns do not hang together as in training"
                : ": the columns hang together more closely than in training";
        return new MultivariateDrift(
                error.isDrift() ? Verdict.BROKEN : Verdict.KEPT,
                Optional.of(error),
                error.rows(),
                value + limits + (error.isDrift() ? together : ""));
    }

    private static MultivariateDrift insufficient(Optional<ReconstructionError> error, long rows, String note) {
        return new MultivariateDrift(Verdict.INSUFFICIENT, error, rows, note);
    }

    /** The verdict in a word. */
    public String word() {
        return switch (verdict) {
            case KEPT, AT_RISK -> "normal";
            case BROKEN -> "drifted";
            case INSUFFICIENT -> "insufficient";
        };
    }

    /** The limit on the side of the value; NaN when unknown. */
    public double limit() {
        return error.map(known -> known.value() < known.usual() ? known.least() : known.most())
                .orElse(Double.NaN);
    }
}
