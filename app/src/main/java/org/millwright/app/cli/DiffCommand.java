package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.millwright.history.Moments;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw diff}: what changed about an asset between two moments. */
@Command(
        name = "diff",
        description = "What changed about an asset between two moments.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: mw diff model:flight-delays --from 2026-02-01 --to 2026-03-01T12:00Z"})
final class DiffCommand implements Callable<Integer> {
    @Mixin
    private Shared shared = new Shared();

    @Parameters(paramLabel = "REF", description = "Such as model:NAME, deployment:NAME, project:NAME.")
    private String ref = "";

    @Option(names = "--from", paramLabel = "TIME", required = true, description = "Such as 2026-03-01T12:00Z.")
    private String from = "";

    @Option(names = "--to", paramLabel = "TIME", description = "Now by default.")
    private Optional<String> to = Optional.empty();

    @Override
    public Integer call() {
        Moments.parse(from);
        to.ifPresent(Moments::parse);
        JsonNode diff = shared.client()
                .get("/api/1/diff/" + Client.part(ref) + "?from=" + Client.part(from)
                        + to.map(time -> "&to=" + Client.part(time)).orElse(""));
        if (shared.isTable()) {
            shared.print("Before: " + diff.path("fromSentence").asText());
            shared.print("After:  " + diff.path("toSentence").asText());
            shared.print("");
        }
        return shared.list(
                diff.path("changes"),
                "about=ref",
                "fact=name",
                "before=before.value",
                "after=after.value",
                "entry=after.index",
                "by=after.by");
    }
}
