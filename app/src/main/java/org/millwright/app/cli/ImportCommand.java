package org.millwright.app.cli;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.millwright.kernel.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw import URL}: moves a team here from an MLflow server. */
@Command(
        name = "import",
        description = "Copy experiments, runs, models and files of an MLflow server, with their ids.",
        mixinStandardHelpOptions = true,
        footer = {"", "The other server is only read. Give the command again after a break: it goes on."})
final class ImportCommand implements Callable<Integer> {
    @Mixin
    private Shared shared = new Shared();

    @Parameters(paramLabel = "URL", description = "The MLflow server, such as http://mlflow.example:5000.")
    private String url = "";

    @Option(names = "--experiment", paramLabel = "NAME", description = "Only this experiment; may be given again.")
    private List<String> experiments = new ArrayList<>();

    @Option(
            names = "--user",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Its user, whose password is in MW_FROM_PASSWORD.")
    private String user = "";

    @Override
    public Integer call() {
        var from = new ForeignServer(
                address(), user, shared.around().variable("MW_FROM_PASSWORD").orElse(""));
        var copied = new Importer(from, shared.client(), shared.screen()).run(experiments);
        return shared.show(copied, "experiments", "runs", "loggedModels", "models", "versions", "files", "skipped");
    }

    private URI address() {
        try {
            URI uri = URI.create(url.endsWith("/") ? url : url + "/");
            if (uri.getHost() != null && uri.getScheme().matches("https?")) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new Problem.Invalid("'" + url + "' is no server (expected: a URL such as http://mlflow.example:5000)");
    }
}
