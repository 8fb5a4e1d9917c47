package org.millwright.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mw inbox}: what waits for a decision of the caller. */
@Command(name = "inbox", description = "Show what waits for your decision.", mixinStandardHelpOptions = true)
final class InboxCommand implements Callable<Integer> {
    @Mixin
    private Remote remote = new Remote();

    @Override
    public Integer call() {
        remote.output()
                .list(
                        remote.client().get("inbox").path("items"),
                        "ref",
                        "project",
                        "requestedBy",
                        "requestedAt",
                        "dueAt",
                        "title");
        return Exit.OK;
    }
}
