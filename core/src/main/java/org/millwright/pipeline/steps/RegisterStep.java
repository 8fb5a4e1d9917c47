package org.millwright.pipeline.steps;

import static org.millwright.pipeline.StepKind.need;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.Output;
import org.millwright.pipeline.OutputType;
import org.millwright.pipeline.StepContext;
import org.millwright.pipeline.StepKind;
import org.millwright.pipeline.StepRunner;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Models;
import org.millwright.registry.NewVersion;
import org.millwright.registry.Versions;

/**
 * Steps of kind {@code register}: the model becomes a version in the registry, with a signed bundle of everything that
 * speaks for it.
 */
public final class RegisterStep implements StepRunner {
    private static final StepKind KIND = new StepKind(
            "register",
            1,
            List.of(need("model", StepKind.Form.TEXT)),
            Map.of("version", OutputType.MODEL_VERSION),
            true,
            true);

    private final Models models;
    private final Versions versions;
    private final BundleMaker bundles;
    private final Python python;
    private final Clock clock;

    public RegisterStep(Models models, Versions versions, BundleMaker bundles, Python python, Clock clock) {
        this.models = models;
        this.versions = versions;
        this.bundles = bundles;
        this.python = python;
        this.clock = clock;
    }

    @Override
    public StepKind kind() {
        return KIND;
    }

    @Override
    public Result run(StepContext context) throws IOException {
        Evidence evidence = Evidence.of(context);
        String name = context.step().text("model");
        models.ensure(context.actor(), name, context.project().name());
        ModelVersion version = version(context, name, evidence);
        if (version.handOff().isEmpty()) {
            versions.attachHandOff(context.actor(), name, version.version(), handOff(evidence));
        }
        if (version.certificate().isEmpty()) {
            Path folder = context.folder().resolve("bundle");
            var bundle = bundles.make(context, version, evidence, python.environment(context), folder);
            if (version.bundle().isEmpty()) {
                versions.attachBundle(context.actor(), name, version.version(), bundle);
            }
            String certificate = bundles.certify(context, version, evidence, folder);
            versions.attachCertificate(context.actor(), name, version.version(), certificate);
        }
        version = versions.get(Actor.SYSTEM, name, version.version());
        return result(version, evidence);
    }

    /** The version that this run registered, now or in an attempt that was lost. */
    private ModelVersion version(StepContext context, String name, Evidence evidence) {
        String link = context.run().ref();
        return versions.all(Actor.SYSTEM, name).stream()
                .filter(version -> version.runLink().equals(Optional.of(link)))
                .findFirst()
                .orElseGet(() -> versions.add(
                        context.actor(),
                        name,
                        new NewVersion(
                                "models:/" + evidence.modelId(),
                                Optional.of(evidence.trackingRun()),
                                Optional.of(evidence.modelId()),
                                Optional.of(link),
                                Optional.empty(),
                                Map.of())));
    }

    private ModelVersion.HandOff handOff(Evidence evidence) {
        var report = evidence.handOff().info();
        var blocking = new ArrayList<String>();
        report.path("blocking").forEach(name -> blocking.add(name.asText()));
        return new ModelVersion.HandOff(
                report.path("agrees").asBoolean(),
                report.path("rows").asLong(),
                evidence.tolerance(),
                report.path("largest").asDouble(),
                evidence.handOff().digest(),
                clock.millis(),
                blocking);
    }

    private static Result result(ModelVersion version, Evidence evidence) {
        ModelVersion.BundleRef bundle = version.bundle()
                .orElseThrow(() -> new Problem.Invalid("Version " + version.subject() + " has no bundle"));
        ObjectNode info = Json.object()
                .put("model", version.name())
                .put("version", version.version())
                .put("bundle", bundle.digest())
                .put("archive", bundle.archive());
        info.put("evaluation", evidence.evaluation().digest());
        evidence.gate()
                .ifPresent(
                        gate -> info.put("gate", gate.info().path("judgement").asText()));
        var output = new Output("version", OutputType.MODEL_VERSION, bundle.digest(), info);
        return new Result(
                List.of(output),
                version.subject() + ", bundle " + bundle.digest().substring(0, 12));
    }
}
