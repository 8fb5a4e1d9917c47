package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mw data}: datasets and their versions. */
@Command(
        name = "data",
        description = "Datasets and their versions: list, show.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class DataCommand {
    @Command(name = "list", description = "All datasets, or the versions of one.", mixinStandardHelpOptions = true)
    int list(@Mixin Shared shared, @Parameters(paramLabel = "DATASET", arity = "0..1") Optional<String> dataset) {
        String query = dataset.map(name -> "?name=" + Client.part(name)).orElse("");
        return shared.list(
                shared.client().get("/api/1/datasets" + query).path("versions"),
                "ref",
                "state",
                "rows",
                "bytes",
                "by=createdBy",
                "created=at:createdAt");
    }

    @Command(
            name = "show",
            description = "One version: where it came from, what is in it, what it breaks.",
            mixinStandardHelpOptions = true)
    int show(
            @Mixin Shared shared,
            @Parameters(paramLabel = "DATASET@PERIOD[/NUMBER]", description = "Such as flights@2013-06.") String ref) {
        String bare = ref.startsWith("dataset:") ? ref.substring("dataset:".length()) : ref;
        JsonNode version = shared.client().get("/api/1/datasets/" + Client.part(bare));
        int exit = shared.show(
                version,
                "ref",
                "state",
                "rows",
                "bytes",
                "sha256",
                "contract",
                "file=origin.file",
                "run=origin.run",
                "by=createdBy",
                "created=at:createdAt");
        if (shared.isTable()) {
            print(shared, version);
        }
        return exit;
    }

    private static void print(Shared shared, JsonNode version) {
        for (JsonNode result : version.path("report").path("results")) {
            if (result.path("outcome").asText().equals("FAILED")) {
                shared.print("");
                shared.print("BROKEN   " + result.path("rule").asText() + ": "
                        + result.path("measured").asText() + " ("
                        + result.path("required").asText() + ")");
                for (JsonNode sample : result.path("samples")) {
                    shared.print("         row " + sample.path("row").asText() + "  "
                            + Screen.fit(sample.path("values").toString(), 100));
                }
            }
        }
        shared.print("");
        shared.list(
                version.path("profile").path("columns"),
                "column=name",
                "type",
                "missing",
                "distinct",
                "min",
                "max",
                "mean=numbers.mean");
    }
}
