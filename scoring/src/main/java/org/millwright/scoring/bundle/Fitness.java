package org.millwright.scoring.bundle;

import java.util.Locale;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Model;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Signature;

/** What a version must pass before it answers in the place of another, on the server and in applications alike. */
public final class Fitness {
    private Fitness() {}

    /**
     * Callers send what the version before takes: the next one may need nothing more and nothing of another kind.
     *
     * @throws Unfit with the column
     */
    public static void requireCompatible(Signature contract, Signature next) {
        for (Signature.Column column : next.inputs()) {
            int position = contract.position(column.name());
            if (position < 0 && column.required()) {
                throw new Unfit("it needs the column '" + column.name() + "', which callers do not send");
            }
            if (position >= 0) {
                DataType sent = contract.inputs().get(position).type();
                boolean same =
                        sent.isNumeric() == column.type().isNumeric() && (sent.isNumeric() || sent == column.type());
                if (!same) {
                    throw new Unfit("it takes the column '" + column.name() + "' as "
                            + column.type().text() + ", callers send " + sent.text());
                }
            }
        }
    }

    /**
     * Lets the model predict recorded rows.
     *
     * @param most rows to predict at most
     * @throws Unfit when there are none, or a prediction is not the recorded one
     */
    public static Agreement smokeTest(Bundle bundle, Model model, int most) {
        Probe probe = bundle.probe();
        int rows = Math.min(probe.inputs().rows(), most);
        if (rows == 0) {
            throw new Unfit("its bundle has no recorded rows to test it with");
        }
        Frame inputs = probe.inputs().slice(0, rows);
        Agreement agreement;
        try {
            agreement = new Probe(inputs, probe.expected().slice(0, rows))
                    .check(model, bundle.manifest().tolerance());
        } catch (InvalidInput | ModelFailure e) {
            throw new Unfit("its smoke test failed: " + e.getMessage());
        }
        if (!agreement.holds()) {
            Agreement.Cell first = agreement.examples().get(0);
            throw new Unfit(String.format(
                    Locale.ROOT,
                    "its smoke test failed: %d of %d recorded predictions differ by more than %s; row %d: recorded %s, got %s",
                    agreement.disagreements(),
                    agreement.rows(),
                    agreement.tolerance(),
                    first.row(),
                    first.expected(),
                    first.got()));
        }
        return agreement;
    }
}
