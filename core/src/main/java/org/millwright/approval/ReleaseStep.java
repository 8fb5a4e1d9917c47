package org.millwright.approval;

import static org.millwright.pipeline.StepKind.may;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.Output;
import org.millwright.pipeline.OutputType;
import org.millwright.pipeline.StepContext;
import org.millwright.pipeline.StepKind;
import org.millwright.pipeline.StepRunner;

/** Steps of kind {@code release}: ask people to let the version that was just registered into production. */
public final class ReleaseStep implements StepRunner {
    private static final StepKind KIND = new StepKind(
            "release",
            1,
            List.of(may("deployment", StepKind.Form.TEXT)),
            Map.of("release", OutputType.RELEASE),
            false,
            false);

    private final Releases releases;

    public ReleaseStep(Releases releases) {
        this.releases = releases;
    }

    @Override
    public StepKind kind() {
        return KIND;
    }

    @Override
    public Result run(StepContext context) {
        JsonNode version = context.nearest(OutputType.MODEL_VERSION)
                .orElseThrow(
                        () -> new Problem.Invalid("No step before registers a model", "Add a step of kind register."))
                .info();
        Release release = releases.request(
                context.actor(),
                version.path("model").asText(),
                version.path("version").asLong(),
                context.step().text("deployment"),
                shown(context, version));
        var output = new Output(
                "release",
                OutputType.RELEASE,
                Json.digest(List.of(release.model(), release.version(), release.deployment())),
                Json.object()
                        .put("id", release.id())
                        .put("state", release.state().name()));
        return new Result(
                List.of(output),
                release.state() == Release.State.REQUESTED
                        ? release.ref() + " waits for an approver: mw approve " + release.ref()
                        : release.ref() + " is " + release.state().name().toLowerCase(java.util.Locale.ROOT));
    }

    private static ObjectNode shown(StepContext context, JsonNode version) {
        ObjectNode shown = Json.object()
                .put("run", context.run().id())
                .put("commit", context.source().commit())
                .put("gate", version.path("gate").asText())
                .put("riskTier", context.project().riskTier().text());
        context.nearest("evaluation").ifPresent(evaluation -> {
            shown.set("metrics", evaluation.info().path("metrics"));
            shown.set("champion", evaluation.info().path("champion"));
            shown.put("evaluation", evaluation.digest());
        });
        return shown;
    }
}
