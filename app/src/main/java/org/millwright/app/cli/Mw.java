package org.millwright.app.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mw}: the command of which all others are parts. */
@Command(
        name = "mw",
        description = "Millwright, the AI factory that a team runs itself.",
        mixinStandardHelpOptions = true,
        version = "millwright 0.1.0",
        synopsisSubcommandLabel = "COMMAND")
public final class Mw {
    /** Exit code of a command that goes on in the background of this process. */
    public static final int KEEP_RUNNING = -1;

    private static final Map<String, Class<?>> COMMANDS = commands();

    private Surroundings around;

    Mw(Surroundings around) {
        this.around = around;
    }

    private static Map<String, Class<?>> commands() {
        var commands = new LinkedHashMap<String, Class<?>>();
        commands.put("demo", Demo.class);
        commands.put("serve", Serve.class);
        commands.put("new", New.class);
        commands.put("user", UserCommand.class);
        commands.put("role", RoleCommand.class);
        commands.put("project", ProjectCommand.class);
        commands.put("agreement", AgreementCommand.class);
        commands.put("inbox", Inbox.class);
        commands.put("approve", Approve.class);
        commands.put("policy", PolicyCommand.class);
        commands.put("env", EnvCommand.class);
        commands.put("run", RunCommand.class);
        commands.put("push", PushCommand.class);
        commands.put("resume", Resume.class);
        commands.put("data", DataCommand.class);
        commands.put("model", ModelCommand.class);
        commands.put("deployment", DeploymentCommand.class);
        commands.put("rollback", Rollback.class);
        commands.put("kubernetes", KubernetesCommand.class);
        commands.put("certify", CertifyCommand.class);
        commands.put("sign", SignCommand.class);
        commands.put("verify", VerifyCommand.class);
        commands.put("key", KeyCommand.class);
        commands.put("reproduce", ReproduceCommand.class);
        commands.put("verify-reproducible", ReproduceCommand.Served.class);
        commands.put("revoke", RevokeCommand.class);
        commands.put("release", ReleaseCommand.class);
        commands.put("finding", FindingCommand.class);
        commands.put("holiday", HolidayCommand.class);
        commands.put("publish", Publish.class);
        commands.put("monitor", MonitorCommand.class);
        commands.put("alert", AlertCommand.class);
        commands.put("channel", ChannelCommand.class);
        commands.put("drift", DriftCommand.class);
        commands.put("evaluate", EvaluateCommand.class);
        commands.put("fairness", FairnessCommand.class);
        commands.put("replay", Replay.class);
        commands.put("simulate", SimulateCommand.class);
        commands.put("history", HistoryCommand.class);
        commands.put("state", StateCommand.class);
        commands.put("diff", DiffCommand.class);
        commands.put("ledger", LedgerCommand.class);
        commands.put("lineage", LineageCommand.class);
        commands.put("insight", InsightCommand.class);
        commands.put("maturity", MaturityCommand.class);
        commands.put("card", CardCommand.class);
        commands.put("evidence", EvidenceCommand.class);
        commands.put("backup", BackupCommand.class);
        commands.put("gc", CollectCommand.class);
        commands.put("import", ImportCommand.class);
        commands.put("restore", RestoreCommand.class);
        commands.put("doctor", Doctor.class);
        commands.put("rehearse", Rehearse.class);
        commands.put("generate-completion", GenerateCompletion.class);
        return commands;
    }

    /** Runs one command line and returns its exit code (see the table in the command-line reference). */
    public static int run(String... args) {
        return run(
                Surroundings.ofProcess(),
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                args);
    }

    /** Runs one in other surroundings than the process's own. */
    static int run(Surroundings around, PrintWriter out, PrintWriter err, String... args) {
        return commandLine(around, out, err, chosen(args)).execute(args);
    }

    /** With every command that there is. */
    static CommandLine commandLine(Surroundings around, PrintWriter out, PrintWriter err) {
        return commandLine(around, out, err, COMMANDS.keySet());
    }

    private static CommandLine commandLine(
            Surroundings around, PrintWriter out, PrintWriter err, Set<String> commands) {
        CommandLine line = new CommandLine(new Mw(around));
        commands.forEach(name -> line.addSubcommand(name, COMMANDS.get(name)));
        line.setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, command, parsed) -> report(e, command))
                .setParameterExceptionHandler((e, given) -> misused(e));
        if (!around.screen().isTerminal()) {
            line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        }
        Optional.ofNullable(line.getSubcommands().get("generate-completion"))
                .ifPresent(
                        completion -> completion.getCommandSpec().usageMessage().hidden(true));
        return line;
    }

    /**
     * The command that the arguments name, as making them all takes longer than most of them work; all when they name none,
     * for help and for guesses at a mistyped one.
     */
    private static Set<String> chosen(String... args) {
        int at = 0;
        while (at < args.length && args[at].startsWith("-C")) {
            at += args[at].equals("-C") ? 2 : 1;
        }
        boolean known = at < args.length && COMMANDS.containsKey(args[at]) && !args[at].equals("generate-completion");
        return known ? Set.of(args[at]) : COMMANDS.keySet();
    }

    @Option(names = "-C", paramLabel = "FOLDER", description = "Do as if started in this folder.")
    void in(Path folder) {
        around = around.in(folder);
    }

    Surroundings around() {
        return around;
    }

    private static int misused(CommandLine.ParameterException e) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("mw: " + e.getMessage());
        near(e).ifPresent(near -> err.println("Did you mean: " + near + "?"));
        err.println("    " + command.getCommandSpec().qualifiedName() + " --help tells what it takes.");
        return Exit.USAGE;
    }

    /** The command or option that was probably meant. */
    private static Optional<String> near(CommandLine.ParameterException e) {
        if (!(e instanceof CommandLine.UnmatchedArgumentException unmatched)) {
            return Optional.empty();
        }
        CommandLine parent = e.getCommandLine();
        String typed = unmatched.getUnmatched().stream().findFirst().orElse("");
        return typed.startsWith("-")
                ? Yaml.nearest(typed, parent.getCommandSpec().optionsMap().keySet())
                : Yaml.nearest(typed, parent.getSubcommands().keySet())
                        .map(name -> parent.getCommandSpec().qualifiedName() + " " + name);
    }

    private static int report(Exception e, CommandLine command) {
        var err = command.getErr();
        if (e instanceof Problem problem) {
            err.println("mw: " + problem.getMessage());
            if (!problem.next().isEmpty()) {
                err.println("    " + problem.next());
            }
            return Exit.of(problem);
        }
        err.println("mw: " + e);
        if (System.getenv("MW_DEBUG") != null) {
            e.printStackTrace(err);
        } else {
            err.println("    Set MW_DEBUG=1 to see where.");
        }
        return Exit.FAILED;
    }
}
