package org.millwright.serving;

import java.util.Optional;
import org.millwright.kernel.Problem;
import org.millwright.scoring.Model;
import org.millwright.scoring.Signature;
import org.millwright.scoring.bundle.Agreement;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.scoring.bundle.Fitness;
import org.millwright.scoring.bundle.Unfit;

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
        try {
            contract.ifPresent(signature ->
                    Fitness.requireCompatible(signature, bundle.manifest().signature()));
        } catch (Unfit e) {
            throw refused(target, e.getMessage() + "; deploy it under another name");
        }
        Model model = bundles.load(bundle);
        try {
            return new Outcome(bundle, model, Fitness.smokeTest(bundle, model, target.smokeRows()));
        } catch (RuntimeException e) {
            model.close();
            throw e instanceof Unfit ? refused(target, String.valueOf(e.getMessage())) : e;
        }
    }

    private static Problem.Refused refused(Target target, String why) {
        return new Problem.Refused(
                "Model " + target.model() + "/" + target.version() + " is not staged: " + why,
                "mw model show " + target.model());
    }
}
