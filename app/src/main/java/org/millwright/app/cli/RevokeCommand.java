package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw revoke}: takes an asset back, and with it everything that came from it. */
@Command(
        name = "revoke",
        description = "Take an asset back for good: no model that came from it is released or deployed anew.",
        mixinStandardHelpOptions = true)
final class RevokeCommand implements Callable<Integer> {
    @Mixin
    private Shared shared = new Shared();

    @Parameters(
            paramLabel = "REF",
            description = "dataset:NAME@PERIOD/NUMBER, model:NAME/VERSION, run:ID, environment:ID, source:ID or"
                    + " artifact:SHA256.")
    private String ref = "";

    @Option(names = "--reason", required = true, description = "Why, for the ledger and for those it concerns.")
    private String reason = "";

    @Override
    public Integer call() {
        JsonNode revoked = shared.client()
                .post("/api/1/revocations", Json.object().put("ref", ref).put("reason", reason));
        int models = revoked.path("models").size();
        shared.say(
                models == 0
                        ? "No model comes from it."
                        : models == 1 ? "One model version comes from it." : models + " model versions come from it.");
        return shared.show(revoked, "subject", "reason", "by", "at=at:at", "models");
    }
}
