package org.millwright.app.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.millwright.kernel.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mw new}: writes a project folder from a template, as the first commit of a git repository. */
@Command(
        name = "new",
        description = "Write a new project's folder from a template.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: mw new flight-delays --template tabular-regression"})
final class New implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "Name of the project and of its folder.")
    private String name = "";

    @Option(names = "--template", description = "One of: tabular-regression.", defaultValue = "tabular-regression")
    private String template = "";

    @Option(names = "--folder", description = "Folder to write; NAME unless given.")
    private java.util.Optional<Path> folder = java.util.Optional.empty();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A variable of the template.")
    private Map<String, String> variables = new LinkedHashMap<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Surroundings around = ((Mw) spec.root().userObject()).around();
        var values = new LinkedHashMap<>(variables);
        values.put("name", name);
        Path target = around.resolve(folder.orElse(Path.of(name)));
        int files = Template.load(template).write(target, values);
        commit(target);
        around.screen().hint(files + " files are in " + target + ", as the first commit of a git repository.");
        around.screen().hint("Next: cd " + target.getFileName() + " && mw project request");
        spec.commandLine().getOut().println(target);
        return Exit.OK;
    }

    private static void commit(Path target) {
        git(target, "init", "--quiet", "--initial-branch=main");
        git(target, "add", "--all");
        boolean known = Git.run(target, "config", "user.email").ok();
        if (known) {
            git(target, "commit", "--quiet", "--message", "Start from Millwright's template");
        } else {
            git(
                    target,
                    "-c",
                    "user.name=" + System.getProperty("user.name", "millwright"),
                    "-c",
                    "user.email=" + System.getProperty("user.name", "millwright") + "@localhost",
                    "commit",
                    "--quiet",
                    "--message",
                    "Start from Millwright's template");
        }
    }

    private static void git(Path target, String... arguments) {
        Git.Result result = Git.run(target, arguments);
        if (!result.ok()) {
            throw new Problem.Unavailable(
                    result.exit() < 0
                            ? "git is not installed"
                            : "git " + arguments[0] + " failed in " + target + ": "
                                    + result.out().strip(),
                    "The files are written. Install git, then: git init && git add --all && git commit");
        }
    }
}
