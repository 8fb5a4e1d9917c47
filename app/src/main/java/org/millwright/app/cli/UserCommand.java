package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw user}: people and machine users, their roles and tokens. */
@Command(
        name = "user",
        description = "People and machine users: add, list, grant, revoke, token, link, unlink, forget.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class UserCommand {
    private static final String[] COLUMNS = {"name", "kind", "roles", "person", "created=at:createdAt"};

    @Command(
            name = "add",
            description = "Add someone and keep their first token here.",
            mixinStandardHelpOptions = true)
    int add(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--role", split = ",", description = "Role in the whole installation.") @Nullable
                    List<String> roles,
            @Option(names = "--display", description = "Full name.") Optional<String> display,
            @Option(names = "--machine", description = "A program, not a person.") boolean machine,
            @Option(names = "--owner", description = "Who answers for a program; you by default.")
                    Optional<String> owner) {
        Client client = shared.client();
        var body = Json.object()
                .put("name", name)
                .put("display", display.orElse(""))
                .put("kind", machine ? "machine" : "person");
        body.set("roles", Json.tree(roles == null ? List.of() : roles));
        owner.ifPresent(person -> body.put("owner", person));
        JsonNode user = client.post("/api/1/users", body);
        issue(shared, client, name);
        return shared.show(user, COLUMNS);
    }

    @Command(name = "list", description = "Who is known.", mixinStandardHelpOptions = true)
    int list(@Mixin Shared shared) {
        return shared.list(shared.client().get("/api/1/users").path("users"), COLUMNS);
    }

    @Command(name = "grant", description = "Give a role.", mixinStandardHelpOptions = true)
    int grant(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "ROLE") String role,
            @Option(names = "--project", description = "In this project only.") Optional<String> project) {
        var body = Json.object().put("role", role);
        project.ifPresent(where -> body.put("project", where));
        return shared.show(shared.client().post("/api/1/users/" + Client.part(name) + "/roles", body), COLUMNS);
    }

    @Command(name = "revoke", description = "Take a role away.", mixinStandardHelpOptions = true)
    int revoke(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "ROLE") String role) {
        return shared.show(
                shared.client().delete("/api/1/users/" + Client.part(name) + "/roles/" + Client.part(role)), COLUMNS);
    }

    @Command(
            name = "link",
            description = "Say that an account belongs to a person who has another.",
            mixinStandardHelpOptions = true)
    int link(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--person", description = "The person's other account.", required = true) String person) {
        return person(shared, name, Json.object().put("person", person));
    }

    @Command(name = "unlink", description = "Take a link of accounts back.", mixinStandardHelpOptions = true)
    int unlink(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--reason", description = "Why these are two people.", required = true) String reason) {
        return person(shared, name, Json.object().put("reason", reason));
    }

    private static int person(Shared shared, String name, JsonNode body) {
        return shared.show(shared.client().post("/api/1/users/" + Client.part(name) + "/person", body), COLUMNS);
    }

    @Command(
            name = "token",
            description = "Make a new token and keep it here, or end one.",
            mixinStandardHelpOptions = true)
    int token(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--revoke",
                            paramLabel = "ID",
                            description = "End this one, such as one that leaked: what is between mw_ and the next _.")
                    Optional<String> revoke) {
        if (revoke.isPresent()) {
            String path = "/api/1/users/" + Client.part(name) + "/tokens/" + Client.part(revoke.get());
            return shared.show(shared.client().delete(path), "revoked");
        }
        shared.print(issue(shared, shared.client(), name));
        return Exit.OK;
    }

    @Command(
            name = "forget",
            description = "Remove someone and erase the texts beside the ledger that name them; its proofs stay whole.",
            mixinStandardHelpOptions = true)
    int forget(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME", description = "A user's name, or any name or address in texts.")
                    String name) {
        JsonNode forgotten = shared.client().post("/api/1/users/" + Client.part(name) + "/erasure", Json.object());
        return shared.show(forgotten, "name", "texts");
    }

    private static String issue(Shared shared, Client client, String name) {
        String token = client.post("/api/1/users/" + Client.part(name) + "/tokens", Json.object())
                .path("token")
                .asText();
        var file = shared.tokens().keep(shared.server(), name, token);
        shared.say("The token of " + name + " is kept in " + file + ": act by it with --as " + name);
        return token;
    }
}
