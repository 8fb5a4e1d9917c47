package org.millwright.app.cli;

import io.helidon.webclient.http1.Http1Client;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.millwright.app.Millwright;
import org.millwright.app.Settings;
import org.millwright.dataset.Acquisition;
import org.millwright.dataset.Contract;
import org.millwright.dataset.ContractTable;
import org.millwright.dataset.Origin;
import org.millwright.identity.Actor;
import org.millwright.scoring.onnx.OnnxModel;
import picocli.CommandLine.Command;

/**
 * {@code mw rehearse}: what a server does when it starts and in its first line, as far as that needs no Python, for a JVM
 * that records its start-up cache.
 */
@Command(name = "rehearse", hidden = true, description = "Start, work and stop once, for the start-up cache.")
final class Rehearse implements Callable<Integer> {
    private static final List<String> PAGES = List.of(
            "health",
            "",
            "ledger",
            "api/1/projects",
            "static/mw.css",
            "projects/flight-delays",
            "datasets",
            "experiments",
            "models",
            "api/2.0/mlflow/experiments/search?max_results=10");
    private static final List<String> SET_UP = List.of(
            "user add ana --role data-scientist",
            "user add ben --role approver",
            "user add mia --role ml-engineer",
            "new flight-delays");
    private static final List<String> WORK = List.of(
            "project request --as ana",
            "inbox --as ben",
            "approve project:flight-delays --as ben --reason 'A rehearsal'",
            "agreement propose --as ana",
            "agreement accept --as mia",
            "data list flights",
            "run replay --month 2013-01 --as ana",
            "run replay --month 2013-01 --as ana",
            "run list",
            "run show",
            "run explain --step features",
            "deployment list",
            "alert list",
            "history project:flight-delays -o table",
            "ledger verify",
            "ledger export ../exported");
    /** What comes later in a line: here it finds nothing, but its code is loaded. */
    private static final List<String> LATER = List.of(
            "env show",
            "model show flight-delays/1",
            "deployment show flight-delays",
            "monitor show flight-delays",
            "history model:flight-delays/1 -o table",
            "replay --deployment flight-delays");

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path data = Files.createTempDirectory("millwright-rehearsal");
        try (Millwright millwright =
                Millwright.start(Settings.embedded(data.resolve("server"), 0), Clock.systemUTC())) {
            String server = "http://127.0.0.1:" + millwright.port() + "/";
            work(millwright, server, data);
            return visit(server);
        } finally {
            Scratch.delete(data);
        }
    }

    /** Types the commands of a line without Python; what fails, such as for lack of git, is told and left out. */
    private static void work(Millwright millwright, String server, Path folder) throws IOException {
        var screen = new Screen(new PrintWriter(Writer.nullWriter()), false, false);
        var environment = Map.of(
                "MW_SERVER", server, "MW_CONFIG", folder.resolve("config").toString(), "MW_OUTPUT", "json");
        var shell = new DemoShell(screen, environment, folder);
        SET_UP.forEach(line -> type(shell, line));
        Path project = folder.resolve("flight-delays");
        if (!Files.exists(project)) {
            return;
        }
        shell.cd(project);
        for (String dataset : List.of("flights", "weather", "planes")) {
            acquire(millwright, folder, project, dataset);
        }
        WORK.forEach(line -> type(shell, line));
        LATER.forEach(shell::quiet);
        score(server);
    }

    /** A request that a replay would send, to a deployment that is not there; and what models are run by. */
    private static void score(String server) {
        Http1Client client = new Client(URI.create(server), Optional.of("rehearsal")).quick(1);
        try (var answer = client.post("/v2/models/flight-delays/infer").submit("{}")) {
            answer.as(String.class);
        }
        OnnxModel.prepare();
    }

    private static void type(DemoShell shell, String line) {
        DemoShell.Result result = shell.quiet(line);
        if (!result.ok()) {
            System.err.println("mw " + line + " ended with " + result.exit() + ": " + result.err());
        }
    }

    /** Takes a few rows in, first against the contract, which they break by being few, then as they are. */
    private static void acquire(Millwright millwright, Path folder, Path project, String dataset) throws IOException {
        Path file = folder.resolve(dataset + ".csv");
        try (var rows = Rehearse.class.getResourceAsStream("rehearsal/" + dataset + ".csv")) {
            Files.copy(Objects.requireNonNull(rows), file);
        }
        ContractTable contract = Contract.parse("contract.yaml", Files.readString(project.resolve("contract.yaml")))
                .table(dataset);
        String period = dataset.equals("planes") ? "all" : "2013-01";
        for (Optional<ContractTable> promise : List.of(Optional.of(contract), Optional.<ContractTable>empty())) {
            var origin = new Origin(dataset + ".csv", Optional.empty());
            millwright
                    .datasets()
                    .acquire(Actor.LOCAL, new Acquisition("flight-delays", dataset, period, file, promise, origin));
        }
    }

    private static int visit(String server) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (String page : PAGES) {
                HttpRequest request = HttpRequest.newBuilder(URI.create(server + page))
                        .header("Accept", "text/html, application/json")
                        .build();
                int status = http.send(request, BodyHandlers.discarding()).statusCode();
                if (status >= 500) {
                    throw new IOException(request.uri() + " answered " + status);
                }
            }
        }
        return Exit.OK;
    }
}
