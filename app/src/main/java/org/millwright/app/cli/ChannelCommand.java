package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw channel}: where alerts are sent. */
@Command(
        name = "channel",
        description = "Where alerts are sent: add, list, test, remove, deliveries, retry.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class ChannelCommand {
    private static final String[] COLUMNS = {"name", "kind", "project", "target", "after", "quiet", "state", "error"};

    /** Where it leads; secrets may come by environment variables instead, as arguments are seen by others. */
    static final class Where {
        @Option(
                names = "--url",
                description = "Of a webhook, Slack, Teams, or an Alertmanager's base; else MW_CHANNEL_URL.")
        private Optional<String> url = Optional.empty();

        @Option(names = "--secret", description = "Signs what a webhook gets; one is made when it is left out.")
        private Optional<String> secret = Optional.empty();

        @Option(names = "--token", description = "Bearer token for an Alertmanager.")
        private Optional<String> token = Optional.empty();

        @Option(names = "--smtp", paramLabel = "HOST:PORT", description = "The mail server.")
        private Optional<String> smtp = Optional.empty();

        @Option(names = "--tls", description = "starttls (default), implicit or none.")
        private Optional<String> tls = Optional.empty();

        @Option(names = "--user", description = "At the mail server; the password comes by MW_CHANNEL_PASSWORD.")
        private Optional<String> user = Optional.empty();

        @Option(names = "--from", paramLabel = "ADDRESS")
        private Optional<String> from = Optional.empty();

        @Option(names = "--to", paramLabel = "ADDRESS", split = ",")
        private List<String> to = List.of();

        void into(ObjectNode body, Surroundings around) {
            url.or(() -> around.variable("MW_CHANNEL_URL")).ifPresent(text -> body.put("url", text));
            secret.ifPresent(text -> body.put("secret", text));
            token.ifPresent(text -> body.put("token", text));
            smtp.ifPresent(text -> body.put("smtp", text));
            tls.ifPresent(text -> body.put("tls", text));
            user.ifPresent(text -> body.put("user", text));
            user.flatMap(any -> around.variable("MW_CHANNEL_PASSWORD")).ifPresent(text -> body.put("password", text));
            from.ifPresent(text -> body.put("from", text));
            if (!to.isEmpty()) {
                body.set("to", Json.tree(to));
            }
        }
    }

    /** Which alerts it is told of, and when. */
    static final class Rule {
        @Option(names = "--project", description = "Of this project only; for its members. Else for operators.")
        private Optional<String> project = Optional.empty();

        @Option(names = "--deployment", split = ",", description = "Of these only.")
        private List<String> deployments = List.of();

        @Option(names = "--clause", split = ",", description = "About these only, such as performance.")
        private List<String> clauses = List.of();

        @Option(names = "--severity", description = "At least this: warning or critical.")
        private Optional<String> severity = Optional.empty();

        @Option(names = "--owner", split = ",", description = "For these users to investigate only.")
        private List<String> owners = List.of();

        @Option(
                names = "--after",
                paramLabel = "TIME",
                description = "Only when nobody acknowledged it for so long, such as 30m.")
        private Optional<String> after = Optional.empty();

        @Option(
                names = "--quiet",
                paramLabel = "HOURS",
                description = "Not in these hours, such as '22:00-07:00 Europe/Berlin'.")
        private Optional<String> quiet = Optional.empty();

        void into(ObjectNode body) {
            project.ifPresent(name -> body.put("project", name));
            body.set("deployments", Json.tree(deployments));
            body.set("clauses", Json.tree(clauses));
            severity.ifPresent(text -> body.put("severity", text));
            body.set("owners", Json.tree(owners));
            after.ifPresent(text -> body.put("after", text));
            quiet.ifPresent(text -> body.put("quiet", text));
        }
    }

    @Command(name = "add", description = "Send alerts there.", mixinStandardHelpOptions = true)
    int add(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--kind", required = true, description = "webhook, email, slack, teams or alertmanager.")
                    String kind,
            @Mixin Where where,
            @Mixin Rule rule) {
        ObjectNode body = Json.object().put("name", name).put("kind", kind);
        where.into(body, shared.around());
        rule.into(body);
        JsonNode channel = shared.client().post("/api/1/channels", body);
        if (channel.has("secret")) {
            shared.say("Its receiver verifies with this secret, which is shown this once: "
                    + channel.path("secret").asText());
        }
        shared.say("Try it: mw channel test " + name);
        return shared.show(channel, COLUMNS);
    }

    @Command(name = "list", description = "Channels by name.", mixinStandardHelpOptions = true)
    int list(@Mixin Shared shared) {
        return shared.list(shared.client().get("/api/1/channels").path("channels"), COLUMNS);
    }

    @Command(name = "test", description = "Send a message that says it is a test.", mixinStandardHelpOptions = true)
    int test(@Mixin Shared shared, @Parameters(paramLabel = "NAME") String name) {
        JsonNode trial = shared.client().post(path(name, "/test"), Json.object());
        shared.show(trial, "channel", "success", "said");
        return trial.path("success").asBoolean() ? Exit.OK : Exit.FAILED;
    }

    @Command(name = "remove", description = "Send nothing there any more.", mixinStandardHelpOptions = true)
    int remove(@Mixin Shared shared, @Parameters(paramLabel = "NAME") String name) {
        shared.client().send("DELETE", path(name, ""), Json.object());
        shared.say("Channel " + name + " is gone.");
        return Exit.OK;
    }

    @Command(name = "deliveries", description = "What was sent, the newest first.", mixinStandardHelpOptions = true)
    int deliveries(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME", arity = "0..1") @Nullable String name,
            @Option(names = "--failed", description = "Given up only.") boolean failed,
            @Option(names = "--limit", defaultValue = "50") int limit) {
        if (limit < 1 || limit > 1_000) {
            throw new Problem.Invalid("--limit: " + limit + " (expected: 1 to 1000)");
        }
        String query = "?limit=" + limit
                + (failed ? "&state=failed" : "")
                + (name == null ? "" : "&channel=" + Client.part(name));
        return shared.list(
                shared.client().get("/api/1/deliveries" + query).path("deliveries"),
                "id",
                "channel",
                "subject",
                "state",
                "tries",
                "created=at:createdAt",
                "settled=at:settledAt",
                "error");
    }

    @Command(name = "retry", description = "Send what was given up again.", mixinStandardHelpOptions = true)
    int retry(@Mixin Shared shared, @Parameters(paramLabel = "NAME") String name) {
        return shared.show(shared.client().post(path(name, "/retry"), Json.object()), "channel", "retried");
    }

    private static String path(String name, String verb) {
        return "/api/1/channels/" + Client.part(name) + verb;
    }
}
