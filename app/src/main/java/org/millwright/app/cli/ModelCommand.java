package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.scoring.ConstraintsJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw model}: registered models and their versions. */
@Command(
        name = "model",
        description =
                "Registered models and their versions: list, show, edges, narrow, certify, adopt, revoke, add-external.",
        mixinStandardHelpOptions = true,
        subcommands = {ExternalModelCommand.Add.class, ExternalModelCommand.Retire.class},
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
            return shared.show(
                    withWords(shared, version(shared, ref)),
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
                    "edge-rows=edges.rows",
                    "blocking=edges.blocking",
                    "narrowed=narrowed",
                    "proposed=proposed",
                    "certificate",
                    "valid-until=at:validUntil",
                    "comes-from-revoked=origins",
                    "reproduced=reproduced.verdict",
                    "reproduced-at=at:reproduced.endedAt",
                    "reproduced-by=reproduced.by",
                    "reproduced-why=reproduced.reason",
                    "reproduction");
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

    private static JsonNode version(Shared shared, Ref ref) {
        return shared.client().get(path(ref));
    }

    private static String path(Ref ref) {
        return "/api/1/models/" + Client.part(ref.name()) + "/versions/" + Client.part(ref.version());
    }

    /** In a table, the narrower signatures in words. */
    private static JsonNode withWords(Shared shared, JsonNode version) {
        if (!shared.isTable()) {
            return version;
        }
        ObjectNode words = version.deepCopy();
        StreamSupport.stream(version.path("revokedOrigins").spliterator(), false)
                .map(origin -> origin.path("subject").asText() + ": "
                        + origin.path("reason").asText())
                .reduce((all, next) -> all + "; " + next)
                .ifPresent(origins -> words.put("origins", origins));
        if (!version.path("edges").isObject()) {
            return words;
        }
        JsonNode edges = version.path("edges");
        put(words, "proposed", edges.path("proposal").path("columns"));
        put(words, "narrowed", edges.path("narrowed"));
        return words;
    }

    private static void put(ObjectNode words, String name, JsonNode columns) {
        words.put(
                name,
                ConstraintsJson.readAll(columns).entrySet().stream()
                        .map(column -> column.getKey() + " " + column.getValue().text())
                        .collect(Collectors.joining("; ")));
    }

    @Command(
            name = "edges",
            description = "What a version answers at the limits of its inputs, beside the original in Python.",
            mixinStandardHelpOptions = true)
    int edges(
            @Mixin Shared shared,
            @Parameters(paramLabel = "MODEL/VERSION") String name,
            @Option(names = "--class", description = "List the rows of this class.") Optional<String> kind) {
        JsonNode edges = version(shared, Ref.ofVersion(name)).path("edges");
        if (kind.isEmpty()) {
            return shared.list(
                    edges.path("classes"),
                    "class",
                    "rows",
                    "agree",
                    "both refuse=bothRefuse",
                    "differ",
                    "only Python refuses=onlyPythonRefuses",
                    "only Java refuses=onlyJavaRefuses",
                    "not admitted=notAdmitted",
                    "rate",
                    "blocks");
        }
        for (JsonNode found : edges.path("classes")) {
            if (found.path("class").asText().equals(kind.get())) {
                return shared.list(found.path("examples"), "row", "outcome", "blocks", "expected", "got");
            }
        }
        throw new Problem.NotFound("No edge rows of class '" + kind.get() + "'", "mw model edges " + name);
    }

    @Command(
            name = "narrow",
            description = "Accept the narrower signature that the hand-off check proposed: what differs is refused.",
            mixinStandardHelpOptions = true)
    int narrow(
            @Mixin Shared shared,
            @Parameters(paramLabel = "MODEL/VERSION") String name,
            @Option(names = "--dry-run", description = "Say what is proposed; change nothing.") boolean dryRun,
            @Option(names = "--reason", description = "Why, for the ledger.") Optional<String> reason) {
        Ref ref = Ref.ofVersion(name);
        JsonNode version = dryRun
                ? version(shared, ref)
                : shared.client().post(path(ref) + "/narrow", Json.object().put("reason", reason.orElse("")));
        return shared.show(
                withWords(shared, version), "ref", "state", "blocking=edges.blocking", "proposed", "narrowed");
    }

    @Command(
            name = "certify",
            description = "Check a certified version again and renew its certificate.",
            mixinStandardHelpOptions = true)
    int certify(
            @Mixin Shared shared,
            @Parameters(paramLabel = "MODEL/VERSION") String name,
            @Option(names = "--no-reproduce", description = "Do not make it again for that, although nobody has.")
                    boolean no) {
        JsonNode version = shared.client()
                .post(path(Ref.ofVersion(name)) + "/certify", Json.object().put("reproduce", !no));
        return shared.show(
                version,
                "ref",
                "state",
                "certificate",
                "valid-until=at:validUntil",
                "reproduced=reproduced.verdict",
                "reproduction");
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
