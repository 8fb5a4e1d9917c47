package org.millwright.monitor;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.millwright.scoring.performance.RowSignals;
import org.millwright.scoring.profile.Reference;

/** The training profiles of model versions, read once and kept. */
public final class References {
    private static final int KEPT = 32;

    private final BiFunction<String, String, Optional<Reference>> source;
    private final Map<String, Optional<Reference>> known = new ConcurrentHashMap<>();
    private final Map<String, Optional<RowSignals>> signals = new ConcurrentHashMap<>();

    /** @param source finds the profile of a deployment's version; empty when it was registered without one */
    public References(BiFunction<String, String, Optional<Reference>> source) {
        this.source = source;
    }

    public Optional<Reference> of(String deployment, String version) {
        String key = deployment + "/" + version;
        Optional<Reference> found = known.get(key);
        if (found == null) {
            found = source.apply(deployment, version);
            if (known.size() >= KEPT) {
                known.clear();
            }
            known.put(key, found);
        }
        return found;
    }

    /** What a version's rows tell beside their columns; empty when it was registered without a profile. */
    public Optional<RowSignals> signals(String deployment, String version) {
        String key = deployment + "/" + version;
        Optional<RowSignals> found = signals.get(key);
        if (found == null) {
            found = of(deployment, version).map(RowSignals::of);
            if (signals.size() >= KEPT) {
                signals.clear();
            }
            signals.put(key, found);
        }
        return found;
    }
}
