package org.millwright.app.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.millwright.kernel.Problem;
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
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            Demo.class,
            Serve.class,
            New.class,
            UserCommand.class,
            ProjectCommand.class,
            Inbox.class,
            Approve.class,
            EnvCommand.class,
            RunCommand.class,
            Resume.class,
            DataCommand.class,
            ModelCommand.class,
            DeploymentCommand.class,
            Rollback.class,
            ReleaseCommand.class,
            MonitorCommand.class,
            AlertCommand.class,
            Replay.class,
            HistoryCommand.class,
            LedgerCommand.class,
            BackupCommand.class,
            CollectCommand.class,
            ImportCommand.class,
            RestoreCommand.class,
            Doctor.class,
            Rehearse.class,
            GenerateCompletion.class
        })
public final class Mw {
    /** Exit code of a command that goes on in the background of this process. */
    public static final int KEEP_RUNNING = -1;

    private Surroundings around;

    Mw(Surroundings around) {
        this.around = around;
    }

    /** Runs one command line and returns its exit code (see the table in the command-line reference). */
    public static int run(String... args) {
        return commandLine(
                        Surroundings.ofProcess(),
                        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                        new PrintWriter(System.err, true, StandardCharsets.UTF_8))
                .execute(args);
    }

    /** A command line in other surroundings than the process's own. */
    static CommandLine commandLine(Surroundings around, PrintWriter out, PrintWriter err) {
        CommandLine line = new CommandLine(new Mw(around))
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, command, parsed) -> report(e, command))
                .setParameterExceptionHandler((e, args) -> misused(e));
        if (!around.screen().isTerminal()) {
            line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        }
        Objects.requireNonNull(line.getSubcommands().get("generate-completion"))
                .getCommandSpec()
                .usageMessage()
                .hidden(true);
        return line;
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
        CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
        err.println("    " + command.getCommandSpec().qualifiedName() + " --help tells what it takes.");
        return Exit.USAGE;
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
