package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw holiday}: days on which nobody of the organisation works. */
@Command(
        name = "holiday",
        description = "Days that count for no deadline: add, list, remove.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class HolidayCommand {
    private static final String[] FIELDS = {"day", "name", "by"};

    @Command(
            name = "add",
            description = "Deadlines of requests to come leave the day out.",
            mixinStandardHelpOptions = true)
    int add(
            @Mixin Shared shared,
            @Parameters(paramLabel = "DAY", description = "Such as 2026-12-24.") String day,
            @Option(names = "--name", required = true, description = "What it is called.") String name) {
        var body = Json.object().put("day", day).put("name", name);
        return shared.show(shared.client().post("/api/1/holidays", body), FIELDS);
    }

    @Command(name = "list", description = "Holidays, the earliest first.", mixinStandardHelpOptions = true)
    int list(@Mixin Shared shared) {
        return shared.list(shared.client().get("/api/1/holidays").path("holidays"), FIELDS);
    }

    @Command(name = "remove", description = "Let the day count again.", mixinStandardHelpOptions = true)
    int remove(@Mixin Shared shared, @Parameters(paramLabel = "DAY") String day) {
        JsonNode removed = shared.client().delete("/api/1/holidays/" + Client.part(day));
        return shared.show(removed, "removed");
    }
}
