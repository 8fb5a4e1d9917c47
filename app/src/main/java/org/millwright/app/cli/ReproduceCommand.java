package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw reproduce}: makes a model version again from what was recorded, and says what came out. */
@Command(
        name = "reproduce",
        description = "Make a model version again from what was recorded, and compare: environment, code, data, steps.",
        mixinStandardHelpOptions = true)
final class ReproduceCommand implements Callable<Integer> {
    private static final int TURN = 5_000;

    @Mixin
    private Shared shared = new Shared();

    @Parameters(paramLabel = "MODEL/VERSION")
    private String version = "";

    @Option(names = "--no-wait", description = "Ask for it and return; mw model show tells the verdict.")
    private boolean noWait;

    @Option(names = "--list", description = "Show earlier reproductions instead.")
    private boolean list;

    @Option(names = "--cancel", description = "Stop the one that waits or runs.")
    private boolean cancel;

    @Override
    public Integer call() {
        ModelCommand.Ref ref = ModelCommand.Ref.ofVersion(version);
        Client client = shared.client();
        String path = "/api/1/models/" + Client.part(ref.name()) + "/versions/" + Client.part(ref.version())
                + "/reproductions";
        if (list) {
            return shared.list(
                    client.get(path).path("reproductions"),
                    "at=at:askedAt",
                    "by",
                    "for=occasion",
                    "state",
                    "verdict",
                    "cause",
                    "reason");
        }
        if (cancel) {
            return cancel(client, path);
        }
        JsonNode asked = client.post(path, Json.object());
        if (noWait) {
            return shared.show(asked, "id", "subject", "state");
        }
        return finish(shared, client, asked.path("id").asText());
    }

    private int cancel(Client client, String path) {
        for (JsonNode found : client.get(path).path("reproductions")) {
            if (found.path("state").asText().matches("waiting|running")) {
                JsonNode ended = client.post(
                        "/api/1/reproductions/" + Client.part(found.path("id").asText()) + "/cancel", Json.object());
                return shared.show(ended, "id", "subject", "state");
            }
        }
        shared.say("Nothing waits or runs.");
        return Exit.OK;
    }

    /** Waits for the end, shows how far it is, prints the verdict; the exit code says the same. */
    static int finish(Shared shared, Client client, String id) {
        String path = "/api/1/reproductions/" + Client.part(id);
        JsonNode found = client.get(path);
        String told = "";
        while (found.path("state").asText().matches("waiting|running")) {
            String text = found.path("progress").path("text").asText("waiting for its turn");
            if (!text.equals(told)) {
                shared.screen().line("  " + shared.screen().busy("●") + " " + text);
                told = text;
            }
            found = client.get(path + "?wait=" + TURN);
        }
        shared.show(
                found,
                "subject",
                "state",
                "verdict",
                "cause",
                "reason",
                "by",
                "at=at:endedAt",
                "environment=comparison.environment.rebuilt",
                "artifact=comparison.artifact.again",
                "recorded=comparison.artifact.recorded",
                "rows=comparison.predictions.rows",
                "differ=comparison.predictions.differ",
                "largest=comparison.predictions.largest",
                "report");
        if (!found.path("state").asText().equals("done")) {
            return Exit.FAILED;
        }
        return found.path("reproduces").asBoolean() ? Exit.OK : Exit.REFUSED;
    }

    /** {@code mw verify-reproducible}: the same of everything in production. */
    @Command(
            name = "verify-reproducible",
            description = "Make every version in production again, one after the other.",
            mixinStandardHelpOptions = true)
    static final class Served implements Callable<Integer> {
        @Mixin
        private Shared shared = new Shared();

        @Option(names = "--no-wait", description = "Ask for it and return.")
        private boolean noWait;

        @Override
        public Integer call() {
            Client client = shared.client();
            JsonNode asked = client.post("/api/1/reproductions", Json.object()).path("reproductions");
            if (asked.isEmpty()) {
                shared.say("Nothing is in production.");
            }
            var ended = Json.array();
            int exit = Exit.OK;
            for (JsonNode one : asked) {
                JsonNode found = noWait ? one : await(client, one.path("id").asText());
                ended.add(found);
                boolean good = noWait || found.path("reproduces").asBoolean();
                exit = good ? exit : Exit.REFUSED;
            }
            shared.list(ended, "subject", "state", "verdict", "cause", "reason");
            return exit;
        }

        private JsonNode await(Client client, String id) {
            String path = "/api/1/reproductions/" + Client.part(id);
            JsonNode found = client.get(path);
            shared.screen()
                    .line("  " + shared.screen().busy("●") + " "
                            + found.path("subject").asText());
            while (found.path("state").asText().matches("waiting|running")) {
                found = client.get(path + "?wait=" + TURN);
            }
            return found;
        }
    }
}
