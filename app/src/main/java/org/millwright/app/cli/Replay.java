package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw replay}: sends recorded rows as live requests, then the outcomes that became known later. */
@Command(
        name = "replay",
        description = "Send recorded rows to a deployment as live requests, then their outcomes.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: mw run replay --month 2013-08 && mw replay --deployment flight-delays"})
final class Replay implements Callable<Integer> {
    @Mixin
    private Shared shared = new Shared();

    @Parameters(
            paramLabel = "RUN|FILE",
            arity = "0..1",
            description = "A run that made a table, or a Parquet file; the newest run by default.")
    private Optional<String> source = Optional.empty();

    @Option(names = "--deployment", description = "Where to send them; the project's model by default.")
    private Optional<String> deployment = Optional.empty();

    @Option(names = "--id", paramLabel = "COLUMN", description = "Column that names a prediction.")
    private Optional<String> id = Optional.empty();

    @Option(names = "--time", paramLabel = "COLUMN", description = "Column with the time of prediction.")
    private Optional<String> time = Optional.empty();

    @Option(names = "--label", paramLabel = "COLUMN", description = "Column with the outcome.")
    private Optional<String> label = Optional.empty();

    @Option(names = "--connections", description = "Requests at the same time.", defaultValue = "8")
    private int connections = 8;

    @Option(names = "--rows", description = "At most so many.", defaultValue = "1000000")
    private int rows = 1_000_000;

    @Option(names = "--without-labels", description = "Send no outcomes.")
    private boolean withoutLabels;

    @Option(
            names = "--through",
            paramLabel = "YYYY-MM",
            description = "Say that nothing older than this month's end will follow; the run's month by default.")
    private Optional<YearMonth> through = Optional.empty();

    @Override
    public Integer call() {
        if (connections < 1 || connections > 256) {
            throw new Problem.Invalid("--connections: " + connections + " (expected: 1 to 256)");
        }
        Client client = shared.client();
        Path scratch = scratch();
        try {
            Path file = file(client, scratch);
            ReplayRows.Columns columns = columns();
            String target = deployment.orElseGet(() -> model().text("name"));
            JsonNode signature = client.get("/v2/models/" + Client.part(target));
            var recorded = ReplayRows.read(file, signature, columns, rows, scratch);
            var sender = new ReplaySender(client, shared.screen(), target, connections);
            ReplaySender.Sent sent = sender.send(recorded);
            int labels = withoutLabels ? 0 : sender.label(recorded);
            through.ifPresent(month ->
                    sender.watermark(month.plusMonths(1).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC)));
            shared.show(
                    Json.object()
                            .put("deployment", target)
                            .put("requests", sent.requests())
                            .put("failed", sent.failed())
                            .put("rate", Math.round(sent.perSecond()) + " a second")
                            .put("p50", sent.p50())
                            .put("p99", sent.p99())
                            .put("versions", sent.versions().toString())
                            .put("labels", labels),
                    "deployment",
                    "requests",
                    "failed",
                    "rate",
                    "p50",
                    "p99",
                    "versions",
                    "labels");
            if (sent.failed() > 0) {
                shared.say("The first failure: " + sent.firstFailure());
                return Exit.FAILED;
            }
            return Exit.OK;
        } finally {
            Scratch.delete(scratch);
        }
    }

    private static Path scratch() {
        try {
            return Files.createTempDirectory("mw-replay");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file itself, or the table that a run made. */
    private Path file(Client client, Path scratch) {
        Optional<Path> given =
                source.map(Path::of).map(shared.around()::resolve).filter(Files::isRegularFile);
        if (given.isPresent()) {
            return given.get();
        }
        String run = Runs.id(client, source);
        JsonNode found = client.get("/api/1/runs/" + run);
        if (through.isEmpty() && found.path("parameters").has("month")) {
            through = Optional.of(
                    YearMonth.parse(found.path("parameters").path("month").asText()));
        }
        Path file = scratch.resolve("rows.parquet");
        Runs.table(client, found, file);
        return file;
    }

    private Yaml.Value model() {
        return ProjectFolder.find(shared.around())
                .file()
                .get("model")
                .orElseThrow(() -> new Problem.Invalid("millwright.yaml has no model", "Give --deployment."));
    }

    private ReplayRows.Columns columns() {
        return new ReplayRows.Columns(
                id.orElseGet(() -> model().text("id")),
                time.orElseGet(() -> model().text("time")),
                label.orElseGet(() -> model().text("label")));
    }
}
