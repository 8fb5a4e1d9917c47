package org.millwright.app.cli;

import java.util.concurrent.Callable;
import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw rollback}: takes the last step of a deployment back. */
@Command(
        name = "rollback",
        description = "Take a staged version or a canary back, else return to the previous version.",
        mixinStandardHelpOptions = true)
final class Rollback implements Callable<Integer> {
    @Mixin
    private Shared shared = new Shared();

    @Parameters(paramLabel = "DEPLOYMENT")
    private String deployment = "";

    @Option(names = "--reason", description = "Why.", required = true)
    private String reason = "";

    @Override
    public Integer call() {
        return shared.show(
                shared.client()
                        .post(
                                DeploymentCommand.path(deployment, "/rollback"),
                                Json.object().put("reason", reason)),
                DeploymentCommand.FIELDS);
    }
}
