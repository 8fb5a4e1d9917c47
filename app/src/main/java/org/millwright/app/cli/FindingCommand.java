package org.millwright.app.cli;

import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw finding}: what validators hold against models. */
@Command(
        name = "finding",
        description = "Findings against models: add, list, close, waive.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class FindingCommand {
    private static final String[] FIELDS = {
        "id", "model", "version", "severity", "blocking", "state", "text", "owner", "due=through:dueAt", "by=filedBy"
    };

    @Command(name = "add", description = "File a finding; not about one's own model.", mixinStandardHelpOptions = true)
    int add(
            @Mixin Shared shared,
            @Parameters(paramLabel = "MODEL[/VERSION]") String model,
            @Option(names = "--severity", required = true, description = "low, medium, high or critical.")
                    String severity,
            @Option(names = "--text", required = true, description = "What is wrong.") String text,
            @Option(names = "--owner", paramLabel = "NAME", required = true, description = "Who mends it.")
                    String owner,
            @Option(names = "--due", paramLabel = "DATE", required = true) String due,
            @Option(
                            names = "--blocking",
                            negatable = true,
                            description = "Whether releases wait for it; high and critical do by themselves.")
                    Optional<Boolean> blocking) {
        int slash = model.lastIndexOf('/');
        var body = Json.object()
                .put("model", slash < 0 ? model : model.substring(0, slash))
                .put("severity", severity)
                .put("text", text)
                .put("owner", owner)
                .put("due", due);
        if (slash >= 0) {
            body.put("version", number(model.substring(slash + 1)));
        }
        blocking.ifPresent(blocks -> body.put("blocking", blocks));
        return shared.show(shared.client().post("/api/1/findings", body), FIELDS);
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new Problem.Invalid("'" + text + "' is no version (expected: a number)", "mw model list");
        }
    }

    @Command(name = "list", description = "Findings, the newest first.", mixinStandardHelpOptions = true)
    int list(
            @Mixin Shared shared,
            @Option(names = "--model", paramLabel = "NAME") Optional<String> model,
            @Option(names = "--open", description = "Those that are not closed, nor waived now.") boolean open) {
        String query = "?" + (open ? "state=open&" : "")
                + model.map(name -> "model=" + Client.part(name)).orElse("");
        return shared.list(shared.client().get("/api/1/findings" + query).path("findings"), FIELDS);
    }

    @Command(name = "close", description = "Say that it is mended.", mixinStandardHelpOptions = true)
    int close(
            @Mixin Shared shared,
            @Parameters(paramLabel = "FINDING") String id,
            @Option(names = "--reason", required = true) String reason) {
        return shared.show(
                shared.client()
                        .post(
                                "/api/1/findings/" + Client.part(id) + "/close",
                                Json.object().put("reason", reason)),
                FIELDS);
    }

    @Command(
            name = "waive",
            description = "Let releases pass although it is open, for at most 90 days.",
            mixinStandardHelpOptions = true)
    int waive(
            @Mixin Shared shared,
            @Parameters(paramLabel = "FINDING") String id,
            @Option(names = "--until", paramLabel = "DATE", required = true) String until,
            @Option(names = "--reason", required = true) String reason) {
        return shared.show(
                shared.client()
                        .post(
                                "/api/1/findings/" + Client.part(id) + "/waive",
                                Json.object().put("until", until).put("reason", reason)),
                FIELDS);
    }
}
