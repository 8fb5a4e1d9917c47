package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Stations 1 to 4: project, environment, data, contract. */
final class DemoSetUp {
    static final String PROJECT = "flight-delays";
    static final String TEMPLATE = "tabular-regression";

    private DemoSetUp() {}

    static List<DemoStation> stations() {
        return List.of(
                new DemoStation(1, "Project set-up and approval", DemoSetUp::project),
                new DemoStation(2, "Environment", DemoSetUp::environment),
                new DemoStation(3, "Acquire, in batches: January to June", DemoSetUp::acquire),
                new DemoStation(4, "Validate: a damaged June stays outside", DemoSetUp::validate));
    }

    private static String project(DemoShell shell) {
        user(shell, "ana --role data-scientist");
        user(shell, "ben --role approver");
        user(shell, "mia --role ml-engineer");
        user(shell, "departures-board --machine --role app-developer");
        Path folder = shell.folder().resolve(PROJECT);
        if (!Files.exists(folder)) {
            shell.expect(Exit.OK, "new " + PROJECT + " --template " + TEMPLATE);
        }
        shell.cd(folder);
        JsonNode project = shell.ok("project request --as ana");
        boolean first = project.path("state").asText().equals("proposed");
        if (first) {
            var early = shell.expect(Exit.CONFLICT, "run acquire --from 2013-01 --to 2013-01 --as ana");
            shell.screen().line("     " + early.error());
            var own = shell.expect(Exit.FORBIDDEN, "approve project:" + PROJECT + " --as ana");
            shell.screen().line("     " + own.error());
        }
        if (!project.path("waiting").asBoolean()) {
            return agree(shell) + "; the project is approved since an earlier run of the demo";
        }
        shell.expect(Exit.OK, "inbox --as ben");
        shell.ok("approve project:" + PROJECT + " --as ben --reason 'Public data, advice only: low risk'");
        return "ana asked, ben approved; before that nothing could run, and ana could not approve herself; "
                + agree(shell);
    }

    /** What the model owes its users is a matter between who builds it and who runs it. */
    private static String agree(DemoShell shell) {
        JsonNode proposed = shell.ok("agreement propose --as ana");
        if (proposed.path("state").asText().equals("in-force")) {
            return "ana and mia agreed on the model earlier";
        }
        shell.expect(Exit.OK, "agreement accept --as mia");
        return "ana proposed what the model owes its users, mia accepted";
    }

    /** Adds a user, or makes a new token of one who is there. */
    private static void user(DemoShell shell, String who) {
        String name = who.substring(0, who.indexOf(' '));
        DemoShell.Result added = shell.mw("user add " + who);
        if (!added.ok()) {
            shell.screen().line("     " + added.error());
            shell.expect(Exit.OK, "user token " + name);
        }
    }

    private static String environment(DemoShell shell) {
        boolean known = shell.quiet("env show").ok();
        JsonNode built = shell.ok("env build --as ana");
        return built.path("packages").asText() + " packages locked by hash, Python "
                + built.path("python").asText() + " on "
                + built.path("platform").asText() + ", "
                + Texts.brief(built.path("id").asText()) + (known ? " (was there)" : "");
    }

    private static String acquire(DemoShell shell) {
        shell.run("run acquire --from 2013-01 --to 2013-06 --as ana");
        JsonNode months = shell.ok("data list flights");
        long rows = 0;
        long accepted = 0;
        for (JsonNode month : months) {
            boolean counts = month.path("state").asText().equals("accepted")
                    && month.path("period").asText().compareTo("2013-06") <= 0;
            rows += counts ? month.path("rows").asLong() : 0;
            accepted += counts ? 1 : 0;
        }
        return Texts.count(rows) + " flights in " + accepted + " immutable months";
    }

    private static String validate(DemoShell shell) {
        JsonNode run = shell.run(Exit.REFUSED, "run drill --month 2013-06 --as ana");
        String why = "";
        for (JsonNode step : run.path("steps")) {
            if (step.path("status").asText().equals("refused")) {
                why = step.path("error").asText().lines().findFirst().orElse("");
            }
        }
        for (JsonNode month : shell.look("data list flights")) {
            if (month.path("state").asText().equals("quarantined")) {
                return "the line stopped (exit 6): " + why;
            }
        }
        throw new DemoFailed("no month of flights is in quarantine");
    }
}
