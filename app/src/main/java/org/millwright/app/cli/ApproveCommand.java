package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw approve}: decides about something in the inbox. */
@Command(name = "approve", description = "Approve or refuse what mw inbox shows.", mixinStandardHelpOptions = true)
final class ApproveCommand implements Callable<Integer> {
    @Mixin
    private Remote remote = new Remote();

    @Parameters(paramLabel = "REF", description = "Such as project:NAME or release:ID.")
    private String ref = "";

    @Option(names = "--refuse", description = "Refuse instead; needs a reason.")
    private boolean refuse;

    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "")
    private String reason = "";

    @Override
    public Integer call() {
        return decide(remote, ref, !refuse, reason);
    }

    static int decide(Remote remote, String ref, boolean granted, String reason) {
        var body = Json.object().put("ref", ref).put("granted", granted).put("reason", reason);
        JsonNode decided = remote.client().post("decisions", body);
        remote.output().one(decided, "subject");
        return Exit.OK;
    }
}
