package org.millwright.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw resume}: goes on with a run where it stopped. */
@Command(
        name = "resume",
        description = "Go on with a run that failed, was refused or cancelled; the newest by default.",
        mixinStandardHelpOptions = true)
final class Resume implements Callable<Integer> {
    @Mixin
    private Shared shared = new Shared();

    @Parameters(paramLabel = "RUN", arity = "0..1")
    private Optional<String> id = Optional.empty();

    @Option(names = "--from", paramLabel = "STEP", description = "Run this step and what follows again.")
    private Optional<String> from = Optional.empty();

    @Option(names = "--watch", description = "Show the steps' log lines as well.")
    private boolean watch;

    @Override
    public Integer call() {
        Client client = shared.client();
        String run = Runs.id(client, id);
        ObjectNode body = Json.object();
        from.ifPresent(step -> body.put("from", step));
        client.post("/api/1/runs/" + run + "/resume", body);
        return Runs.finish(shared, client, run, watch);
    }
}
