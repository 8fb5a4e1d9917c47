package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;

/** Station 13: what the ledger tells and proves. */
final class DemoPast {
    private static final int SHOWN = 14;

    private DemoPast() {}

    static List<DemoStation> stations() {
        return List.of(new DemoStation(13, "Ask about the past", DemoPast::ask));
    }

    private static String ask(DemoShell shell) {
        String ref = "model:" + DemoSetUp.PROJECT + "/1";
        DemoShell.Result story = shell.expect(Exit.OK, "history " + ref + " -o table");
        List<String> lines =
                story.out().lines().filter(line -> !line.startsWith(" ")).toList();
        lines.stream().limit(SHOWN).forEach(line -> shell.screen().line("     " + line));
        if (lines.size() > SHOWN) {
            shell.screen().line("     … and " + (lines.size() - SHOWN) + " more");
        }
        JsonNode verified = shell.ok("ledger verify");
        Path folder = shell.folder()
                .resolveSibling("ledger-" + verified.path("entries").asText());
        Scratch.delete(folder);
        JsonNode exported = shell.ok("ledger export " + folder);
        return lines.size() + " events of version 1; "
                + Texts.count(verified.path("entries").asLong())
                + " ledger entries verified, " + exported.path("checkpoints").asText()
                + " signed checkpoints exported with proofs";
    }
}
