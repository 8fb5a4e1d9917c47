package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw model}: registered models and their versions. */
@Command(
        name = "model",
        description = "Registered models and their versions: list, show, adopt, revoke.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class ModelCommand {
    @Command(name = "list", description = "All models.", mixinStandardHelpOptions = true)
    int list(@Mixin Shared shared) {
        return shared.list(
                shared.client().get("/api/1/models").path("models"),
                "name",
                "project",
                "latest",
                "aliases",
                "updated=at:updatedAt");
    }

    @Command(
            name = "revoke",
            description = "Revoke a version's certificate: what serves it stops, nothing deploys it again.",
            mixinStandardHelpOptions = true)
    int revoke(
            @Mixin Shared shared,
            @Parameters(paramLabel = "MODEL/VERSION") String name,
            @Option(names = "--reason", required = true) String reason) {
        Ref ref = Ref.of(name);
        if (ref.version().isEmpty()) {
            throw new Problem.Invalid("Which version of " + name + "?", "mw model revoke " + name + "/1 --reason …");
        }
        return shared.show(
                shared.client()
                        .post(
                                "/api/1/models/" + Client.part(ref.name()) + "/versions/" + Client.part(ref.version())
                                        + "/revoke",
                                Json.object().put("reason", reason)),
                "subject",
                "revoked=revocation.reason",
                "at=at:revocation.at");
    }

    @Command(name = "show", description = "A model's versions, or one version.", mixinStandardHelpOptions = true)
    int show(@Mixin Shared shared, @Parameters(paramLabel = "MODEL[/VERSION]") String name) {
        Ref ref = Ref.of(name);
        if (!ref.version().isEmpty()) {
            JsonNode version = shared.client()
                    .get("/api/1/models/" + Client.part(ref.name()) + "/versions/" + Client.part(ref.version()));
            return shared.show(
                    version,
                    "ref",
                    "state",
                    "aliases",
                    "by=madeBy",
                    "created=at:createdAt",
                    "run=runId",
                    "bundle=bundle.digest",
                    "hand-off=handOff.agreed",
                    "compared=handOff.rows",
                    "difference=handOff.difference",
                    "tolerance=handOff.tolerance",
                    "certificate");
        }
        JsonNode model = shared.client().get("/api/1/models/" + Client.part(ref.name()));
        if (!shared.isTable()) {
            return shared.show(model, "name", "project", "aliases");
        }
        return shared.list(
                model.path("versions"),
                "ref",
                "state",
                "aliases",
                "by=madeBy",
                "created=at:createdAt",
                "hand-off=handOff.agreed",
                "difference=handOff.difference");
    }

    @Command(
            name = "adopt",
            description = "Let a project govern a model that nobody governs.",
            mixinStandardHelpOptions = true)
    int adopt(
            @Mixin Shared shared,
            @Parameters(paramLabel = "MODEL") String name,
            @Option(names = "--project", required = true, description = "The project.") String project) {
        JsonNode model = shared.client()
                .post(
                        "/api/1/models/" + Client.part(Ref.of(name).name()) + "/project",
                        Json.object().put("project", project));
        return shared.show(model, "name", "project", "aliases");
    }

    /** {@code model:NAME/VERSION}, {@code NAME/VERSION} or {@code NAME}; the version is "" when none was given. */
    record Ref(String name, String version) {
        static Ref of(String text) {
            String bare = text.startsWith("model:") ? text.substring(6) : text;
            int slash = bare.indexOf('/');
            return slash < 0 ? new Ref(bare, "") : new Ref(bare.substring(0, slash), bare.substring(slash + 1));
        }

        /** The reference when it names a version. */
        static Ref ofVersion(String text) {
            Ref ref = of(text);
            if (ref.version().isEmpty()) {
                throw new Problem.Invalid(
                        "'" + text + "' names no version (expected: MODEL/VERSION)", "mw model show " + ref.name());
            }
            return ref;
        }
    }
}
