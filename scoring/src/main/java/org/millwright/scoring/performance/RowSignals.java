package org.millwright.scoring.performance;

import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.millwright.scoring.Frame;
import org.millwright.scoring.drift.Reconstruction;
import org.millwright.scoring.profile.ContractChecks;
import org.millwright.scoring.profile.Envelope;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;

/**
 * What rows of production tell beside their columns: whether they lie outside of training, which rules of data contracts they
 * break, how well the model probably does on them, and whether their columns hang together as they did. Kept in the window's
 * profile, so that it merges as profiles do.
 */
public final class RowSignals {
    private final Envelope envelope;
    private final Optional<Estimator> estimator;
    private final Optional<Reconstruction> reconstruction;
    private final Optional<ContractChecks> contract;

    private RowSignals(Reference reference) {
        this.envelope = Envelope.of(reference.inputs());
        this.estimator = Estimator.of(reference);
        this.reconstruction = Reconstruction.of(reference);
        this.contract = ContractChecks.of(reference);
    }

    public static RowSignals of(Reference reference) {
        return new RowSignals(reference);
    }

    /**
     * Counts rows in their window's profile.
     *
     * @param outputs what the model answered as its output of that place, from 0; NaN for what is no number
     */
    public void update(Profile window, Frame inputs, IntFunction<double[]> outputs) {
        envelope.update(window, inputs);
        estimator.ifPresent(known -> known.update(window, inputs, outputs));
        reconstruction.ifPresent(known -> known.update(window, inputs));
        contract.ifPresent(known -> known.update(window, inputs));
    }

    /** Whether a window's profile may have a derived column of this name. */
    public boolean knows(String column) {
        return Stream.of(
                        Envelope.DERIVED.stream(),
                        estimator.stream().flatMap(known -> known.columns().stream()),
                        reconstruction.stream().map(known -> Reconstruction.COLUMN),
                        contract.stream().flatMap(known -> ContractChecks.DERIVED.stream()))
                .flatMap(names -> names)
                .anyMatch(name -> Profile.derivedName(name).equals(column));
    }

    public Optional<Estimator> estimator() {
        return estimator;
    }

    public Optional<Reconstruction> reconstruction() {
        return reconstruction;
    }

    /** The rules of data contracts that rows are held against; empty when there are none. */
    public Optional<ContractChecks> contract() {
        return contract;
    }
}
