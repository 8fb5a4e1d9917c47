package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mw inbox}: what waits for this user's decision. */
@Command(name = "inbox", description = "What waits for your decision.", mixinStandardHelpOptions = true)
final class Inbox implements Callable<Integer> {
    @Mixin
    private Shared shared = new Shared();

    @Override
    public Integer call() {
        JsonNode items = shared.client().get("/api/1/inbox").path("items");
        if (items.isEmpty()) {
            shared.say("Nothing waits for you.");
        }
        return shared.list(
                items,
                "ref",
                "project",
                "title",
                "by=requestedBy",
                "requested=at:requestedAt",
                "due=at:dueAt",
                "missing");
    }
}
