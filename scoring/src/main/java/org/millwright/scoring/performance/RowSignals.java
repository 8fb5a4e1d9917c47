package org.millwright.scoring.performance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.millwright.scoring.Frame;
import org.millwright.scoring.drift.Reconstruction;
import org.millwright.scoring.profile.ContractChecks;
import org.millwright.scoring.profile.Envelope;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;
import org.millwright.scoring.profile.RowFindings;

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

    /** Counts rows in their window's profile; of rows in parts {@link #look} does so once. */
    public void update(Profile window, Frame inputs, IntFunction<double[]> outputs) {
        look(inputs, outputs).addTo(window, null);
    }

    /**
     * Finds what rows tell.
     *
     * @param outputs what the model answered as its output of that place, from 0; NaN for what is no number
     */
    public RowFindings look(Frame inputs, IntFunction<double[]> outputs) {
        List<RowFindings> all = new ArrayList<>();
        all.add(envelope.look(inputs));
        estimator.ifPresent(known -> all.add(known.look(inputs, outputs)));
        reconstruction.ifPresent(known -> all.add(known.look(inputs)));
        contract.ifPresent(known -> all.add(known.look(inputs)));
        return RowFindings.of(all);
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
