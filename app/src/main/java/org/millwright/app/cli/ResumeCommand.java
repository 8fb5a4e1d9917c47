package org.millwright.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw resume}: goes on with a run where it stopped. */
@Command(
        name = "resume",
        description = "Go on with a run that failed, was refused or cancelled.",
        mixinStandardHelpOptions = true)
final class ResumeCommand implements Callable<Integer> {
    @Mixin
    private Remote remote = new Remote();

    @Parameters(paramLabel = "RUN")
    private String id = "";

    @Option(names = "--from", paramLabel = "STEP", description = "Run this step and what follows again.")
    private @Nullable String from;

    @Option(names = "--watch", description = "Show progress until the run ends.")
    private boolean watch;

    @Override
    public Integer call() {
        Client client = remote.client();
        ObjectNode body = Json.object();
        if (from != null) {
            body.put("from", from);
        }
        var run = client.post("runs/" + Client.enc(id) + "/resume", body);
        if (watch) {
            return RunCommand.watch(remote, client, Client.enc(id));
        }
        remote.output().one(run, "id");
        return Exit.OK;
    }
}
