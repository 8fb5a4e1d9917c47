package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw key}: the keys that sign a server's bundles and certificates. */
@Command(
        name = "key",
        description = "The keys that sign bundles and certificates: list, show, rotate, revoke.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class KeyCommand {
    private static final String[] FIELDS = {
        "hint", "state", "since=at:createdAt", "retired=at:retiredAt", "untrusted-from=at:untrustedFrom", "reason"
    };

    @Command(name = "list", description = "All keys of the server, oldest first.", mixinStandardHelpOptions = true)
    int list(@Mixin Shared shared) {
        return shared.list(keys(shared), FIELDS);
    }

    @Command(
            name = "show",
            description = "Print a public key as PEM, to verify with; the one that signs now by default.",
            mixinStandardHelpOptions = true)
    int show(@Mixin Shared shared, @Parameters(paramLabel = "HINT", arity = "0..1") Optional<String> hint) {
        for (JsonNode key : keys(shared)) {
            boolean wanted = hint.map(begin -> key.path("hint").asText().startsWith(begin))
                    .orElseGet(() -> key.path("state").asText().equals("current"));
            if (wanted) {
                shared.print(key.path("pem").asText().stripTrailing());
                return Exit.OK;
            }
        }
        throw new Problem.NotFound("No key " + hint.orElse("signs"), "mw key list");
    }

    @Command(
            name = "rotate",
            description = "Let a new key sign from now on; what the old one signed stays trusted.",
            mixinStandardHelpOptions = true)
    int rotate(@Mixin Shared shared, @Option(names = "--reason", required = true) String reason) {
        return shared.show(
                shared.client().post("/api/1/keys/rotate", Json.object().put("reason", reason)), FIELDS);
    }

    @Command(
            name = "revoke",
            description = "End trust in a key: certificates that it signed from a time on count no more.",
            mixinStandardHelpOptions = true)
    int revoke(
            @Mixin Shared shared,
            @Parameters(paramLabel = "HINT", description = "At least 8 digits of it.") String hint,
            @Option(
                            names = "--from",
                            paramLabel = "TIME",
                            description = "Such as 2026-03-01T12:00:00Z; now by default.")
                    Optional<String> from,
            @Option(names = "--reason", required = true) String reason) {
        ObjectNode body = Json.object().put("reason", reason);
        from.ifPresent(time -> body.put("from", time));
        return shared.show(shared.client().post("/api/1/keys/" + Client.part(hint) + "/revoke", body), FIELDS);
    }

    private static JsonNode keys(Shared shared) {
        return shared.client().get("/api/1/keys").path("keys");
    }
}
