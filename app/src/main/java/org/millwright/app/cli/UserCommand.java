package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw user}: people and machine users of a server. */
@Command(name = "user", description = "Add users, give roles and tokens.", mixinStandardHelpOptions = true)
final class UserCommand {

    @Command(name = "add", description = "Add a person or a machine user.", mixinStandardHelpOptions = true)
    int add(
            @Mixin Remote own,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--display", paramLabel = "TEXT", defaultValue = "") String display,
            @Option(names = "--role", paramLabel = "ROLE") @Nullable List<String> roles,
            @Option(names = "--machine", description = "A program, not a person.") boolean machine,
            @Option(names = "--token", description = "Also save a token for --as.") boolean token) {
        ObjectNode body =
                Json.object().put("name", name).put("display", display).put("kind", machine ? "machine" : "person");
        body.set("roles", Json.tree(roles == null ? new ArrayList<String>() : roles));
        JsonNode user = own.client().post("users", body);
        if (token) {
            saveToken(own, name, 90);
        }
        own.output().one(user, "name");
        return Exit.OK;
    }

    @Command(name = "list", description = "Show all users.", mixinStandardHelpOptions = true)
    int list(@Mixin Remote own) {
        own.output().list(own.client().get("users").path("users"), "name", "display", "kind", "roles", "createdAt");
        return Exit.OK;
    }

    @Command(name = "grant", description = "Give a user a role.", mixinStandardHelpOptions = true)
    int grant(
            @Mixin Remote own,
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "ROLE") String role,
            @Option(names = "--project", paramLabel = "NAME") @Nullable String project) {
        ObjectNode body = Json.object().put("role", role);
        if (project != null) {
            body.put("project", project);
        }
        own.output().one(own.client().post("users/" + Client.enc(name) + "/roles", body), "name");
        return Exit.OK;
    }

    @Command(name = "token", description = "Make a token and save it for --as.", mixinStandardHelpOptions = true)
    int token(
            @Mixin Remote own,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--days", defaultValue = "90") int days,
            @Option(names = "--print", description = "Print the token instead of saving it.") boolean print) {
        if (print) {
            own.output().line(issue(own, name, days));
        } else {
            saveToken(own, name, days);
        }
        return Exit.OK;
    }

    private static void saveToken(Remote remote, String name, int days) {
        remote.err().println("Token saved in " + remote.save(name, issue(remote, name, days)));
    }

    private static String issue(Remote remote, String name, int days) {
        return remote.client()
                .post("users/" + Client.enc(name) + "/tokens", Json.object().put("days", days))
                .path("token")
                .asText();
    }
}
