package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mw history}: everything that the ledger tells about one asset. */
@Command(
        name = "history",
        description = "The whole story of an asset, from the ledger.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: mw history model:flight-delays/1"})
final class HistoryCommand implements Callable<Integer> {
    @Mixin
    private Shared shared = new Shared();

    @Parameters(
            paramLabel = "REF",
            description = "Such as project:NAME, model:NAME/VERSION, dataset:NAME@PERIOD, run:ID, deployment:NAME.")
    private String ref = "";

    @Override
    public Integer call() {
        JsonNode entries =
                shared.client().get("/api/1/ledger?subject=" + Client.part(ref)).path("entries");
        if (!shared.isTable()) {
            return shared.list(entries, "index", "at=at:at", "who=actor", "authenticated", "action", "subjects");
        }
        entries.forEach(entry -> Story.of(entry).forEach(shared::print));
        return Exit.OK;
    }
}
