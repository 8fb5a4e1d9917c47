package org.millwright.app.cli;

import java.util.concurrent.Callable;
import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mw gc}: gives back the space of deleted artifacts now instead of within a day. */
@Command(
        name = "gc",
        description = "Give back the space of artifacts that were deleted or replaced.",
        mixinStandardHelpOptions = true,
        footer = {"", "A running server does this once a day. What evidence names is never collected."})
final class CollectCommand implements Callable<Integer> {
    @Mixin
    private Shared shared = new Shared();

    @Option(
            names = "--older-than",
            paramLabel = "HOURS",
            defaultValue = "24",
            description = "Only what came at least so many hours ago; default ${DEFAULT-VALUE}.")
    private int hours;

    @Override
    public Integer call() {
        return shared.show(
                shared.client().post("/api/1/artifacts/collect", Json.object().put("olderThanHours", hours)),
                "files",
                "bytes");
    }
}
