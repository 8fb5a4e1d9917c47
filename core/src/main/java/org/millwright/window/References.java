package org.millwright.window;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.millwright.identity.Actor;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Versions;
import org.millwright.scoring.performance.RowSignals;
import org.millwright.scoring.profile.Reference;
import org.millwright.serving.Bundles;
import org.millwright.serving.DeployedVersion;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;

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

    /** Those in the bundles of deployed versions, and of versions that answer in applications only. */
    public static References of(Deployments deployments, Bundles bundles, Versions versions) {
        return new References((deployment, version) -> deployments.versions(deployment).stream()
                .filter(found -> found.version().equals(version))
                .findFirst()
                .map(DeployedVersion::bundle)
                .or(() -> registered(deployments, versions, deployment, version))
                .flatMap(archive -> bundles.open(archive).reference()));
    }

    private static Optional<String> registered(
            Deployments deployments, Versions versions, String deployment, String version) {
        String model = deployments.find(deployment).map(Deployment::model).orElse(deployment);
        return versions.find(Actor.SYSTEM, model, Long.parseLong(version))
                .flatMap(ModelVersion::bundle)
                .map(ModelVersion.BundleRef::archive);
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
