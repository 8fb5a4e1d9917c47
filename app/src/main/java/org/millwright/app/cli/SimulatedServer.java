package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.millwright.app.Millwright;
import org.millwright.app.Settings;
import org.millwright.app.simulation.Plan;
import org.millwright.app.simulation.Row;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;
import org.millwright.project.Agreement;
import org.millwright.project.ProjectFile;

/** A server of the simulation's own with a copy of a project, brought to its first release by published commands. */
final class SimulatedServer implements AutoCloseable {
    private static final String APPROVER = "approver";
    private static final String ENGINEER = "ml-engineer";

    private final Path home;
    private final Plan plan;
    private final Screen screen;
    private final Millwright millwright;
    private final URI url;
    private final DemoShell shell;
    private final DemoShell silent;
    private final Path scratch;
    private final ReplayRows.Columns columns;
    private final String deployment;
    private final String owner;
    private final String approver;
    private final String engineer;
    private final boolean agrees;
    private final SimulatedFaults faults;

    /** @param home folder for everything; must not be there yet or be empty */
    SimulatedServer(ProjectFolder project, Path home, Plan plan, Screen screen) {
        this.home = home;
        this.plan = plan;
        this.screen = screen;
        this.scratch = folder(home.resolve("scratch"));
        Path copy = folder(home.resolve("project"));
        copy(project, copy);
        Yaml.Value file = project.file();
        Yaml.Value model = file.get("model")
                .orElseThrow(() -> new Problem.Invalid(ProjectFile.FILE + " has no model", "A simulation needs one."));
        this.deployment = model.text("name", file.text("name"));
        this.columns = new ReplayRows.Columns(model.text("id"), model.text("time"), model.text("label"));
        file.finish();
        Map<String, Set<String>> members = members(file);
        this.owner = file.text("owner");
        this.approver = members.entrySet().stream()
                .filter(member ->
                        member.getValue().contains(APPROVER) && !member.getKey().equals(owner))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("simulated-approver");
        this.engineer = members.entrySet().stream()
                .filter(member ->
                        member.getValue().contains(ENGINEER) && !member.getKey().equals(owner))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("simulated-engineer");
        this.agrees = Files.exists(copy.resolve(Agreement.FILE));
        members.computeIfAbsent(engineer, name -> new LinkedHashSet<>()).add(ENGINEER);
        members.computeIfAbsent(owner, name -> new LinkedHashSet<>()).add("data-scientist");
        members.computeIfAbsent(approver, name -> new LinkedHashSet<>()).add(APPROVER);
        this.faults = new SimulatedFaults(copy, plan, columns);
        this.millwright = Millwright.start(Settings.embedded(home.resolve("server"), 0), Clock.systemUTC());
        this.url = URI.create("http://127.0.0.1:" + millwright.port() + "/");
        var environment = Map.of(
                "MW_SERVER", url.toString(), "MW_CONFIG", home.resolve("config").toString(), "MW_OUTPUT", "json");
        this.shell = new DemoShell(screen.inside("  "), environment, copy);
        this.silent = new DemoShell(new Screen(new PrintWriter(Writer.nullWriter()), false, false), environment, copy);
        begin(members);
    }

    private static Path folder(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(ProjectFolder project, Path target) {
        try {
            for (String name : project.files()) {
                Path file = target.resolve(name);
                Files.createDirectories(file.getParent());
                Files.copy(project.path().resolve(name), file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Set<String>> members(Yaml.Value file) {
        var members = new LinkedHashMap<String, Set<String>>();
        file.get("members")
                .ifPresent(map -> map.fields()
                        .forEach((name, roles) -> members.put(
                                name,
                                new LinkedHashSet<>(roles.items().stream()
                                        .map(Yaml.Value::asText)
                                        .toList()))));
        return members;
    }

    /** People, project, environment, the data of before, the first model. */
    private void begin(Map<String, Set<String>> members) {
        try {
            members.forEach(
                    (name, roles) -> silent.expect(Exit.OK, "user add " + name + " --role " + String.join(",", roles)));
            silent.ok("project request --as " + owner);
            silent.ok("approve project:"
                    + silent.look("project show").path("name").asText() + " --as " + approver
                    + " --reason 'A simulation'");
            if (agrees) {
                silent.ok("agreement propose --as " + owner);
                silent.ok("agreement accept --as " + engineer);
            }
            silent.ok("env build --as " + owner);
            YearMonth before = plan.from().minusMonths(1);
            shell.run("run " + plan.pipelines().acquire() + " --from " + plan.history() + " --to " + before + " --as "
                    + owner);
            shell.run("run " + plan.pipelines().train() + " --through " + before + " --as " + owner);
        } catch (DemoFailed e) {
            millwright.close();
            throw new Problem.Refused(
                    String.valueOf(e.getMessage()),
                    "The project has to come as far as its first release: try its pipelines by hand first.");
        }
        var reactions = new SimulatedReactions(client(), project(), deployment, Optional.of(approval()), what -> {});
        reactions.settle();
        if (SimulatedReactions.deployment(client(), deployment).isEmpty()) {
            millwright.close();
            throw new Problem.Refused(
                    "Deployment " + deployment + " did not come up: " + String.join("; ", reactions.problems()),
                    "Does pipeline " + plan.pipelines().train() + " end in a release?");
        }
    }

    private String project() {
        return silent.look("project show").path("name").asText();
    }

    Client client() {
        return new Client(url, Optional.empty());
    }

    /** Who approves. */
    Client approval() {
        Surroundings around = new Surroundings(
                home, Map.of("MW_CONFIG", home.resolve("config").toString()), screen);
        return new Client(url, Tokens.of(around).find(url, approver));
    }

    String deployment() {
        return deployment;
    }

    /** The public half of the key that signs bundles. */
    Path key() {
        return home.resolve("server").resolve("keys").resolve("bundles.pem.pub");
    }

    Path scratch() {
        return scratch;
    }

    ReplayRows.Columns columns() {
        return columns;
    }

    /** Months as they arrive: acquired, then made into rows by the project's own pipeline. */
    SimulatedRows rows() {
        return new SimulatedRows() {
            @Override
            public List<Row> of(YearMonth month) {
                acquire(month);
                String rows =
                        plan.rows().isPresent() ? " -p rows=" + plan.rows().getAsInt() : "";
                JsonNode run = run(plan.pipelines().replay() + " --month " + month + rows);
                Path file = scratch.resolve(month + ".parquet");
                Runs.table(
                        client(), client().get("/api/1/runs/" + run.path("id").asText()), file);
                try (var files = new TableFiles()) {
                    return SimulatedRows.read(files, file, columns);
                }
            }

            @Override
            public void follow(YearMonth month) {
                faults.follow(month, silent, owner);
            }
        };
    }

    /** Rows of a file, with the project's data beside them. */
    SimulatedRows rows(SimulatedRows file) {
        return new SimulatedRows() {
            @Override
            public List<Row> of(YearMonth month) {
                acquire(month);
                return file.of(month);
            }

            @Override
            public void follow(YearMonth month) {
                faults.follow(month, silent, owner);
            }
        };
    }

    /** What became of faults in the data that is trained on, in words. */
    List<String> told() {
        return faults.told();
    }

    private void acquire(YearMonth month) {
        run(plan.pipelines().acquire() + " --from " + month + " --to " + month);
    }

    private JsonNode run(String line) {
        try {
            return silent.run("run " + line + " --as " + owner);
        } catch (DemoFailed e) {
            throw new Problem.Refused(String.valueOf(e.getMessage()), "Try it by hand in the project's folder.");
        }
    }

    @Override
    public void close() {
        millwright.close();
    }

    /** Removes a folder in which environments are read-only. */
    static void delete(Path home) {
        if (!Files.exists(home)) {
            return;
        }
        try (Stream<Path> all = Files.walk(home)) {
            all.filter(Files::isDirectory).forEach(folder -> folder.toFile().setWritable(true));
        } catch (IOException | UncheckedIOException e) {
            // what is left, the system's own cleaning of temporary files takes
        }
        Scratch.delete(home);
    }
}
