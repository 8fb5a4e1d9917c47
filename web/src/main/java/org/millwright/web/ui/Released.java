package org.millwright.web.ui;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.millwright.identity.Actor;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Versions;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;

/** Which model versions came out of runs, and which of them serve. */
public final class Released {
    private static final int TOGETHER = 200;

    private final Versions versions;
    private final Deployments deployments;

    public Released(Versions versions, Deployments deployments) {
        this.versions = versions;
        this.deployments = deployments;
    }

    /** A version of a model; {@code role} tells where it serves or its aliases, "" when neither. */
    public record Version(String model, long version, String role, boolean serves) {
        public String href() {
            return Links.of("model:" + model + "/" + version);
        }

        public String text() {
            return model + " " + version + (role.isEmpty() ? "" : " " + role);
        }
    }

    /** Versions that the actor may know of, by the run they came from; runs without one are left out. */
    Map<String, List<Version>> of(Actor by, List<String> runs) {
        var all = new HashMap<String, List<Version>>();
        var live = new HashMap<String, String>();
        for (int from = 0; from < runs.size(); from += TOGETHER) {
            List<String> some = runs.subList(from, Math.min(runs.size(), from + TOGETHER));
            String ids = some.stream().map(id -> "'" + id + "'").collect(Collectors.joining(", "));
            for (ModelVersion version : versions.search(by, "run_id IN (" + ids + ")", List.of(), 1_000, "")
                    .items()) {
                if (live.isEmpty()) {
                    deployments.list().forEach(deployment -> serving(deployment, live));
                    live.putIfAbsent("", "");
                }
                String serving = live.getOrDefault(version.name() + "/" + version.version(), "");
                String aliases =
                        version.aliases().stream().map(alias -> "@" + alias).collect(Collectors.joining(" "));
                version.runId()
                        .ifPresent(run -> all.computeIfAbsent(run, id -> new ArrayList<>())
                                .add(new Version(
                                        version.name(),
                                        version.version(),
                                        serving.isEmpty() ? aliases : serving,
                                        !serving.isEmpty())));
            }
        }
        return all;
    }

    private static void serving(Deployment deployment, Map<String, String> live) {
        deployment.production().ifPresent(version -> live.put(deployment.model() + "/" + version, "in production"));
        deployment.candidate().ifPresent(version -> live.putIfAbsent(deployment.model() + "/" + version, "staged"));
    }
}
