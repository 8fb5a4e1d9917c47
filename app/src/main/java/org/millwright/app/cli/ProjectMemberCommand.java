package org.millwright.app.cli;

import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mw project member}: who is what in a project, beside what its file says. */
@Command(
        name = "member",
        description = "People of a project: list, add, remove.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class ProjectMemberCommand {
    @Command(name = "list", description = "Who is what in a project.", mixinStandardHelpOptions = true)
    int list(@Mixin Shared shared, @Parameters(paramLabel = "PROJECT") String project) {
        return shared.list(shared.client().get(members(project)).path("members"), "name", "role");
    }

    @Command(name = "add", description = "Give a role in a project.", mixinStandardHelpOptions = true)
    int add(
            @Mixin Shared shared,
            @Parameters(paramLabel = "PROJECT") String project,
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "ROLE") String role) {
        var body = Json.object().put("user", name).put("role", role);
        return shared.list(shared.client().post(members(project), body).path("members"), "name", "role");
    }

    @Command(name = "remove", description = "Take a role in a project away.", mixinStandardHelpOptions = true)
    int remove(
            @Mixin Shared shared,
            @Parameters(paramLabel = "PROJECT") String project,
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "ROLE") String role) {
        String path = members(project) + "/" + Client.part(name) + "/" + Client.part(role);
        return shared.list(shared.client().delete(path).path("members"), "name", "role");
    }

    private static String members(String project) {
        return ProjectCommand.PROJECTS + Client.part(project) + "/members";
    }
}
