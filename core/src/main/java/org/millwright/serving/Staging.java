package org.millwright.serving;

import java.util.Locale;
import java.util.Optional;
import org.millwright.kernel.Problem;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Model;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Signature;
import org.millwright.scoring.bundle.Agreement;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.scoring.bundle.Probe;

/** What a bundle must pass before it is staged: its identity, the callers' contract, the smoke test. */
final class Staging {
    private final Bundles bundles;

    Staging(Bundles bundles) {
        this.bundles = bundles;
    }

    /** A loaded model and how its smoke test went. */
    record Outcome(Bundle bundle, Model model, Agreement smoke) {}

    /** Opens, checks and loads; throws {@link Problem.Refused} with the reason. The caller owns the model. */
    Outcome run(Target target, Optional<Signature> contract) {
        Bundle bundle = bundles.open(target.bundle());
        String made = bundle.manifest().model() + "/" + bundle.manifest().version();
        if (!made.equals(target.model() + "/" + target.version())) {
            throw refused(target, "its bundle was made for " + made);
        }
        contract.ifPresent(signature ->
                requireCompatible(target, signature, bundle.manifest().signature()));
        Model model = bundles.load(bundle);
        try {
            return new Outcome(bundle, model, smoke(target, bundle, model));
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static Agreement smoke(Target target, Bundle bundle, Model model) {
        Probe probe = bundle.probe();
        int rows = Math.min(probe.inputs().rows(), target.smokeRows());
        if (rows == 0) {
            throw refused(target, "its bundle has no recorded rows to test it with");
        }
        Frame inputs = probe.inputs().slice(0, rows);
        Agreement agreement;
        try {
            agreement = new Probe(inputs, probe.expected().slice(0, rows))
                    .check(model, bundle.manifest().tolerance());
        } catch (InvalidInput | ModelFailure e) {
            throw refused(target, "its smoke test failed: " + e.getMessage());
        }
        if (!agreement.holds()) {
            Agreement.Cell first = agreement.examples().getFirst();
            throw refused(
                    target,
                    String.format(
                            Locale.ROOT,
                            "its smoke test failed: %d of %d recorded predictions differ by more than %s; row %d: recorded %s,"
                                    + " got %s",
                            agreement.disagreements(),
                            agreement.rows(),
                            agreement.tolerance(),
                            first.row(),
                            first.expected(),
                            first.got()));
        }
        return agreement;
    }

    /** Callers send what production takes: a new version may need nothing more and nothing of another kind. */
    private static void requireCompatible(Target target, Signature contract, Signature signature) {
        for (Signature.Column column : signature.inputs()) {
            int position = contract.position(column.name());
            if (position < 0 && column.required()) {
                throw refused(
                        target,
                        "it needs the column '" + column.name()
                                + "', which callers of the deployment do not send; deploy it under another name");
            }
            if (position >= 0) {
                DataType sent = contract.inputs().get(position).type();
                boolean same =
                        sent.isNumeric() == column.type().isNumeric() && (sent.isNumeric() || sent == column.type());
                if (!same) {
                    throw refused(
                            target,
                            "it takes the column '" + column.name() + "' as "
                                    + column.type().text() + ", callers send " + sent.text());
                }
            }
        }
    }

    private static Problem.Refused refused(Target target, String why) {
        return new Problem.Refused(
                "Model " + target.model() + "/" + target.version() + " is not staged: " + why,
                "mw model show " + target.model());
    }
}
