package org.millwright.app.cli;

import java.util.concurrent.Callable;
import org.millwright.kernel.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw approve}: grants or refuses what someone else asked for. */
@Command(
        name = "approve",
        description = "Grant or refuse what waits in the inbox.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: mw approve project:flight-delays --as ben"})
final class Approve implements Callable<Integer> {
    @Mixin
    private Shared shared = new Shared();

    @Parameters(paramLabel = "REF", description = "As mw inbox lists it.")
    private String ref = "";

    @Option(names = "--refuse", description = "Refuse instead; needs a reason.")
    private boolean refuse;

    @Option(names = "--reason", description = "Why.")
    private String reason = "";

    @Override
    public Integer call() {
        if (refuse && reason.isBlank()) {
            throw new Problem.Invalid("A refusal needs a reason", "mw approve " + ref + " --refuse --reason '…'");
        }
        return Decisions.decide(shared, ref, !refuse, reason);
    }
}
