package org.millwright.app.cli;

import org.millwright.kernel.Problem;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code mw}: the command of which all others are parts. */
@Command(
        name = "mw",
        description = "Millwright, the AI factory that a team runs itself.",
        mixinStandardHelpOptions = true,
        version = "millwright 0.1.0",
        subcommands = {
            Serve.class,
            NewCommand.class,
            UserCommand.class,
            ProjectCommand.class,
            ApproveCommand.class,
            InboxCommand.class,
            EnvCommand.class,
            RunCommand.class,
            ResumeCommand.class,
            LedgerCommand.class
        })
public final class Mw {
    /** Exit code of a command that goes on in the background of this process. */
    public static final int KEEP_RUNNING = -1;

    /** Runs one command line and returns its exit code (see the table in the command-line reference). */
    public static int run(String... args) {
        return commandLine().execute(args);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Mw())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, command, parsed) -> report(e, command));
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
