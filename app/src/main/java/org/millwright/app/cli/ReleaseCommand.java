package org.millwright.app.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw release}: asks for a model version to be brought into production. */
@Command(
        name = "release",
        description = "Ask to bring a model version into production; or list what was asked for.",
        mixinStandardHelpOptions = true,
        customSynopsis = {"mw release MODEL/VERSION [--deployment NAME] [OPTIONS]", "mw release list [OPTIONS]"})
final class ReleaseCommand implements Callable<Integer> {
    private static final String[] FIELDS = {
        "ref", "model", "version", "deployment", "state", "note", "by=requestedBy", "requested=at:requestedAt"
    };

    @Mixin
    private Shared shared = new Shared();

    @Parameters(paramLabel = "MODEL/VERSION", arity = "0..1")
    private Optional<String> version = Optional.empty();

    @Option(names = "--deployment", description = "Where to; named like the model by default.")
    private Optional<String> deployment = Optional.empty();

    @Override
    public Integer call() {
        ModelCommand.Ref ref = ModelCommand.Ref.ofVersion(version.orElseThrow(
                () -> new Problem.Invalid("Which version? (expected: MODEL/VERSION)", "mw model list")));
        var body = Json.object().put("model", ref.name()).put("version", number(ref.version()));
        deployment.ifPresent(name -> body.put("deployment", name));
        return shared.show(shared.client().post("/api/1/releases", body), FIELDS);
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new Problem.Invalid("'" + text + "' is no version (expected: a number)", "mw model list");
        }
    }

    @Command(name = "list", description = "Releases, the newest first.", mixinStandardHelpOptions = true)
    int list(@Mixin Shared options) {
        return options.list(options.client().get("/api/1/releases").path("releases"), FIELDS);
    }
}
