package org.millwright.serving;

import org.millwright.scoring.Model;
import org.millwright.scoring.bundle.Bundle;

/** Makes a model of a verified bundle: {@code Bundle::load} in this process, {@link WorkerModels} beside it where it must. */
public interface ModelLoader {
    /** Throws {@link org.millwright.scoring.ModelFailure} when the bundle's runtime is unknown or refuses the model. */
    Model load(Bundle bundle);
}
