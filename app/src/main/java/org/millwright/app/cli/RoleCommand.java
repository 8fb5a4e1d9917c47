package org.millwright.app.cli;

import java.util.List;
import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw role}: what people can be, and what that lets them do. */
@Command(
        name = "role",
        description = "Roles and their permissions: list, add, remove.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class RoleCommand {
    private static final String[] COLUMNS = {"name", "permissions", "description"};

    @Command(name = "list", description = "All roles.", mixinStandardHelpOptions = true)
    int list(@Mixin Shared shared) {
        return shared.list(shared.client().get("/api/1/roles").path("roles"), COLUMNS);
    }

    @Command(name = "add", description = "Add a role made of permissions.", mixinStandardHelpOptions = true)
    int add(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--permissions",
                            split = ",",
                            required = true,
                            description = "Such as read,score; mw role list shows them.")
                    List<String> permissions,
            @Option(names = "--description", description = "What it is for.", defaultValue = "") String description) {
        var body = Json.object().put("name", name).put("description", description);
        body.set("permissions", Json.tree(permissions));
        return shared.show(shared.client().post("/api/1/roles", body), COLUMNS);
    }

    @Command(name = "remove", description = "Remove a role that nobody has.", mixinStandardHelpOptions = true)
    int remove(@Mixin Shared shared, @Parameters(paramLabel = "NAME") String name) {
        return shared.show(shared.client().delete("/api/1/roles/" + Client.part(name)), "name", "removed");
    }
}
