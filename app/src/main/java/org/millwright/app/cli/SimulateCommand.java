package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.millwright.app.simulation.Finding;
import org.millwright.app.simulation.Observed;
import org.millwright.app.simulation.Plan;
import org.millwright.app.simulation.PlanFile;
import org.millwright.app.simulation.Row;
import org.millwright.app.simulation.Simulated;
import org.millwright.app.simulation.SimulationJson;
import org.millwright.app.simulation.SimulationPage;
import org.millwright.kernel.Problem;
import org.millwright.project.ProjectFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw simulate}: a year in an hour. */
@Command(
        name = "simulate",
        description = "Replay months of labelled data with faults, and tell what the agreement would have caught.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A project's folder is simulated on a server of its own, a deployment where it",
            "is. Exits 6 when a fault was not caught. Faults, with FROM such as 2013-08 or",
            "2013-08-15, and after it ..TO where the fault ends:",
            "  drift:COLUMN:+2sd:FROM           numbers shift by deviations, or +5, *1.1",
            "  unit:COLUMN:*1.609:FROM          another unit, also such as *1.8+32",
            "  broken:COLUMN:null:FROM          or constant=VALUE, or missing-column",
            "  bias:COLUMN=VALUE:label+10:FROM  the outcome of a segment moves",
            "  concept:label*1.2:FROM           the outcome of all moves",
            "  labels-stop:FROM                 no outcomes arrive",
            "  duplicate:10%%:FROM               a share of the requests comes twice",
            "  late:2d:FROM                     requests come late",
            "",
            "Example: mw simulate flight-delays --from 2013-07 --to 2013-12 \\",
            "             --fault 'unit:temperature:*0.556:2013-08'"
        })
final class SimulateCommand implements Callable<Integer> {
    @Mixin
    private Shared shared = new Shared();

    @Parameters(
            paramLabel = "FOLDER|DEPLOYMENT",
            arity = "0..1",
            description = "A project's folder (default: this one), or with --data a deployment of a server.")
    private Optional<String> target = Optional.empty();

    @Option(names = "--plan", paramLabel = "FILE", description = "simulation.yaml with what these options say.")
    private Optional<Path> planFile = Optional.empty();

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description = "CSV or Parquet file of labelled rows; else the project's pipeline makes them.")
    private Optional<String> data = Optional.empty();

    @Option(names = "--from", paramLabel = "YYYY-MM", description = "First month that is replayed.")
    private Optional<String> from = Optional.empty();

    @Option(names = "--to", paramLabel = "YYYY-MM", description = "Last month that is replayed.")
    private Optional<String> to = Optional.empty();

    @Option(
            names = "--history",
            paramLabel = "YYYY-MM",
            description = "First month of the data that is there before; six months before --from by default.")
    private Optional<String> history = Optional.empty();

    @Option(names = "--label-delay", paramLabel = "14d", description = "When outcomes are known; at once by default.")
    private Optional<String> labelDelay = Optional.empty();

    @Option(names = "--fault", paramLabel = "FAULT", description = "What goes wrong; see below.")
    private List<String> faults = new ArrayList<>();

    @Option(
            names = "--step",
            paramLabel = "PERIOD",
            description = "day, week or month: how far time goes at once (default: week).")
    private Optional<String> step = Optional.empty();

    @Option(names = "--rows", paramLabel = "ROWS", description = "At most so many a month, a sample.")
    private Optional<String> rows = Optional.empty();

    @Option(names = "--seed", paramLabel = "NUMBER", description = "Of samples and duplicates (default: 7).")
    private Optional<String> seed = Optional.empty();

    @Option(
            names = "--training-data",
            paramLabel = "COLUMN=DATASET.COLUMN",
            description = "Where training finds an input or the label, so that faults reach it too.")
    private Map<String, String> trainingData = new LinkedHashMap<>();

    @Option(names = "--no-control", description = "Leave out the same replay without faults.")
    private boolean noControl;

    @Option(names = "--approve-as", paramLabel = "NAME", description = "Of a deployment: who approves releases.")
    private Optional<String> approveAs = Optional.empty();

    @Option(names = "--trust", paramLabel = "FILE", description = "Of a deployment: its server's keys/bundles.pem.pub.")
    private Optional<Path> trust = Optional.empty();

    @Option(names = "--yes", description = "Of a deployment: also when it has answered other requests.")
    private boolean yes;

    @Option(names = "--id", paramLabel = "COLUMN", description = "Of --data: names a prediction.")
    private Optional<String> id = Optional.empty();

    @Option(names = "--time", paramLabel = "COLUMN", description = "Of --data: the event time.")
    private Optional<String> time = Optional.empty();

    @Option(names = "--label", paramLabel = "COLUMN", description = "Of --data: the outcome.")
    private Optional<String> label = Optional.empty();

    @Option(names = "--unit", paramLabel = "TEXT", description = "Of the label, for the report.", defaultValue = "")
    private String unit = "";

    @Option(names = "--report", paramLabel = "FILE", description = "Write a page with plots as well.")
    private Optional<Path> report = Optional.empty();

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description = "Keep the servers' data there; mw serve --data shows it.")
    private Optional<Path> keep = Optional.empty();

    @Override
    public Integer call() {
        PlanFile given = given();
        data = given.data();
        Plan plan = given.plan();
        Optional<ProjectFolder> project = project();
        Simulated simulated = project.isPresent() ? rehearse(project.get(), plan) : replay(plan);
        report.ifPresent(file -> write(shared.around().resolve(file), simulated));
        return output(simulated);
    }

    /** The options, and behind them the file. */
    private PlanFile given() {
        var settings = new LinkedHashMap<String, String>();
        data.ifPresent(value -> settings.put("data", value));
        from.ifPresent(value -> settings.put("from", value));
        to.ifPresent(value -> settings.put("to", value));
        history.ifPresent(value -> settings.put("history", value));
        labelDelay.ifPresent(value -> settings.put("label-delay", value));
        step.ifPresent(value -> settings.put("step", value));
        rows.ifPresent(value -> settings.put("rows", value));
        seed.ifPresent(value -> settings.put("seed", value));
        var options = new PlanFile(settings, faults, trainingData, Map.of());
        return planFile.map(shared.around()::resolve)
                .map(path -> options.or(PlanFile.parse(path.getFileName().toString(), read(path))))
                .orElse(options);
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new Problem.NotFound(
                    (Files.exists(path) ? "Cannot read " : "No file ") + path,
                    "Name a plan that is there: --plan FILE.");
        }
    }

    /** The project of the folder that was named, or of this one; empty for a deployment. */
    private Optional<ProjectFolder> project() {
        Path folder = shared.around().resolve(Path.of(target.orElse("")));
        if (Files.isRegularFile(folder.resolve(ProjectFile.FILE))) {
            return Optional.of(new ProjectFolder(folder));
        }
        if (target.isEmpty() || data.isEmpty()) {
            throw new Problem.NotFound(
                    target.map(name -> "No project in " + folder + ", and no rows for a deployment " + name)
                            .orElse("No " + ProjectFile.FILE + " in " + folder),
                    "Name a project's folder, or a deployment and --data FILE.");
        }
        return Optional.empty();
    }

    private Simulated rehearse(ProjectFolder project, Plan plan) {
        Path base = keep.map(this::empty).orElseGet(SimulateCommand::scratch);
        try {
            boolean faulty = !plan.faults().isEmpty();
            shared.screen().line(faulty ? "The replay with the faults" : "The replay without faults");
            SimulatedRun ran = own(project, base.resolve("faults"), plan, faulty ? "faults" : "control");
            Optional<Observed> control = Optional.empty();
            if (faulty && !noControl) {
                shared.screen().line("The same without the faults, as the control");
                control = Optional.of(own(project, base.resolve("control"), plan.control(), "control")
                        .observed());
            }
            return simulated(ran, control, plan);
        } finally {
            if (keep.isEmpty()) {
                SimulatedServer.delete(base);
            } else {
                shared.say("Kept: mw serve --data " + base.resolve("faults").resolve("server"));
            }
        }
    }

    private Path empty(Path folder) {
        Path base = shared.around().resolve(folder);
        if (Files.exists(base.resolve("faults")) || Files.exists(base.resolve("control"))) {
            throw new Problem.Conflict(base + " holds a simulation already", "Give --keep another folder.");
        }
        return base;
    }

    private SimulatedRun own(ProjectFolder project, Path home, Plan plan, String title) {
        try (var server = new SimulatedServer(project, home, plan, shared.screen())) {
            var interrupted = Thread.ofPlatform().unstarted(server::close);
            Runtime.getRuntime().addShutdownHook(interrupted);
            SimulatedRun ran = own(server, plan, title);
            Runtime.getRuntime().removeShutdownHook(interrupted);
            return ran;
        }
    }

    private SimulatedRun own(SimulatedServer server, Plan plan, String title) {
        SimulatedRows source = data.isEmpty() ? server.rows() : server.rows(rowsOf(server.columns(), plan));
        Optional<HeldModel> held = SimulatedReplay.hold(
                server.client(), server.deployment(), Optional.of(server.key()), server.scratch(), shared.screen());
        var replay = new SimulatedReplay(
                plan,
                server.client(),
                server.deployment(),
                source,
                Optional.of(server.approval()),
                held,
                shared.screen(),
                title);
        return run(replay, server.deployment(), held, server::told);
    }

    /** A replay that has ended. */
    private record SimulatedRun(String deployment, Observed observed, java.util.function.LongUnaryOperator begun) {}

    private static SimulatedRun run(
            SimulatedReplay replay,
            String deployment,
            Optional<HeldModel> held,
            java.util.function.Supplier<List<String>> told) {
        try {
            Observed observed = replay.run();
            return new SimulatedRun(deployment, observed.with(told.get()), replay.begun());
        } finally {
            held.ifPresent(HeldModel::close);
        }
    }

    private SimulatedRows rowsOf(ReplayRows.Columns usual, Plan plan) {
        var columns =
                new ReplayRows.Columns(id.orElse(usual.id()), time.orElse(usual.time()), label.orElse(usual.label()));
        try (var files = new TableFiles()) {
            List<Row> all = SimulatedRows.read(files, shared.around().resolve(Path.of(data.orElseThrow())), columns);
            return SimulatedRows.ofFile(all, plan.rows(), plan.seed());
        }
    }

    /** A deployment where it is. */
    private Simulated replay(Plan plan) {
        String name = target.orElseThrow();
        Client client = shared.client();
        JsonNode deployment = client.get("/api/1/deployments/" + Client.part(name));
        requireUnused(client, name);
        var usual = new ReplayRows.Columns(id.orElse("id"), time.orElse("time"), label.orElse("label"));
        Optional<Client> approver = approveAs.map(who -> new Client(
                shared.server(),
                Optional.of(shared.tokens()
                        .find(shared.server(), who)
                        .orElseThrow(
                                () -> new Problem.Denied("No token of " + who + " is kept here", "mw user token")))));
        Path scratch = scratch();
        try {
            Optional<HeldModel> held =
                    SimulatedReplay.hold(client, name, trust.map(shared.around()::resolve), scratch, shared.screen());
            var replay = new SimulatedReplay(
                    plan, client, name, rowsOf(usual, plan), approver, held, shared.screen(), "replay");
            SimulatedRun run = run(replay, deployment.path("name").asText(), held, List::of);
            return simulated(run, Optional.empty(), plan);
        } finally {
            Scratch.delete(scratch);
        }
    }

    /** A simulation would mix with what really happened. */
    private void requireUnused(Client client, String name) {
        if (yes) {
            return;
        }
        try {
            JsonNode monitor = client.get("/api/1/deployments/" + Client.part(name) + "/monitor");
            if (!monitor.path("windows").isEmpty()) {
                throw new Problem.Conflict(
                        "Deployment " + name + " has answered requests, with which a simulation would mix",
                        "Simulate the project's folder instead, which starts a server of its own; or say --yes.");
            }
        } catch (Problem.NotFound e) {
            // it has answered nothing yet
        }
    }

    private Simulated simulated(SimulatedRun run, Optional<Observed> control, Plan plan) {
        List<Finding> findings = Finding.of(plan.faults(), run.observed(), control, run.begun());
        return new Simulated(
                run.deployment(),
                plan.from().toString(),
                plan.to().toString(),
                plan.delay(),
                unit,
                run.observed(),
                control,
                findings);
    }

    private static Path scratch() {
        try {
            return Files.createTempDirectory("mw-simulate");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(Path file, Simulated simulated) {
        try {
            Files.writeString(file, new SimulationPage(simulated).html());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        shared.say("The report is in " + file + "; any browser shows it.");
    }

    private int output(Simulated simulated) {
        JsonNode json = SimulationJson.of(simulated);
        if (!shared.isTable()) {
            shared.show(json, "deployment");
        } else {
            SimulationJson.sentences(simulated).forEach(shared::print);
            if (!simulated.findings().isEmpty()) {
                shared.print("");
                shared.list(
                        json.path("faults"),
                        "fault",
                        "caught",
                        "alert=alert.what",
                        "window=alert.window",
                        "delay=alert.delay",
                        "rows=alert.rows",
                        "noted=note.delay",
                        "at-risk=atRisk.delay");
            }
            shared.print("");
            shared.list(
                    json.path("windows"),
                    "window",
                    "n",
                    "production",
                    "never-retrained=held",
                    "limit",
                    "saved",
                    "low",
                    "high",
                    "events");
        }
        return simulated.isCaught() ? Exit.OK : Exit.REFUSED;
    }
}
