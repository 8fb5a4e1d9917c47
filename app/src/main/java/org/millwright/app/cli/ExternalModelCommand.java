package org.millwright.app.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw model add-external} and {@code retire-external}: models of the inventory that are served elsewhere. */
final class ExternalModelCommand {
    private static final String[] FIELDS = {
        "name", "owner", "where=servedAt", "tier", "supplier", "purpose", "retired=at:retiredAt"
    };

    private ExternalModelCommand() {}

    @Command(
            name = "add-external",
            description =
                    "Add a model to the inventory that is bought or served elsewhere, or change what is said of it.",
            mixinStandardHelpOptions = true)
    static final class Add implements Callable<Integer> {
        @Mixin
        private Shared shared = new Shared();

        @Parameters(paramLabel = "NAME")
        private String name = "";

        @Option(names = "--owner", required = true, paramLabel = "USER", description = "Who answers for it.")
        private String owner = "";

        @Option(names = "--where", required = true, description = "Where it answers, in words or as an address.")
        private String where = "";

        @Option(names = "--purpose", required = true, description = "What it is used for.")
        private String purpose = "";

        @Option(names = "--tier", required = true, description = "Its risk: minimal, low, medium or high.")
        private String tier = "";

        @Option(names = "--supplier", description = "Who made it.")
        private Optional<String> supplier = Optional.empty();

        @Option(names = "--review", paramLabel = "DATE", description = "When it is to be looked at again.")
        private Optional<String> review = Optional.empty();

        @Override
        public Integer call() {
            var body = Json.object()
                    .put("name", name)
                    .put("owner", owner)
                    .put("where", where)
                    .put("purpose", purpose)
                    .put("tier", tier);
            supplier.ifPresent(text -> body.put("supplier", text));
            review.ifPresent(text -> body.put("review", text));
            return shared.show(shared.client().post("/api/1/external-models", body), FIELDS);
        }
    }

    @Command(
            name = "retire-external",
            description = "Take a model that is served elsewhere out of the inventory.",
            mixinStandardHelpOptions = true)
    static final class Retire implements Callable<Integer> {
        @Mixin
        private Shared shared = new Shared();

        @Parameters(paramLabel = "NAME")
        private String name = "";

        @Option(names = "--reason", required = true)
        private String reason = "";

        @Override
        public Integer call() {
            return shared.show(
                    shared.client()
                            .post(
                                    "/api/1/external-models/" + Client.part(name) + "/retire",
                                    Json.object().put("reason", reason)),
                    FIELDS);
        }
    }
}
