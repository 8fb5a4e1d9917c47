package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.millwright.app.Settings;
import org.millwright.engines.process.StepProcess;
import org.millwright.engines.python.PythonTools;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mw doctor}: whether this machine has what a server needs, and how to mend what it lacks. */
@Command(
        name = "doctor",
        description =
                "Check this machine: programs, disk, port, data folder, clock, limits; and channels, where a server runs.",
        mixinStandardHelpOptions = true)
final class Doctor implements Callable<Integer> {
    @Mixin
    private Shared shared = new Shared();

    @Option(names = "--data", description = "The data folder to check.", defaultValue = "${sys:user.home}/.millwright")
    private Path data = Path.of(".millwright");

    @Option(names = "--port", description = "The port to check.", defaultValue = "" + Settings.DEFAULT_PORT)
    private int port;

    @Option(names = "--fix", description = "Fetch uv now, which the first environment would fetch.")
    private boolean fix;

    @Override
    public Integer call() throws Exception {
        Path work = Files.createTempDirectory("millwright-doctor");
        try {
            var tools =
                    new PythonTools(Settings.sharedFolder().resolve("tools"), new StepProcess(work, Clock.systemUTC()));
            if (fix) {
                shared.say("uv is at " + tools.fetchUv());
            }
            var findings = new ArrayList<>(
                    new Examination(shared.around(), tools).of(shared.around().resolve(data), port));
            channels().ifPresent(findings::add);
            ArrayNode rows = Json.array();
            findings.forEach(finding -> rows.add(Json.tree(finding)));
            shared.list(rows, "check", "state", "found", "fix");
            return findings.stream().anyMatch(finding -> finding.state().equals(Examination.FAIL))
                    ? Exit.FAILED
                    : Exit.OK;
        } finally {
            Scratch.delete(work);
        }
    }

    /** Whether alerts reach people; nothing to say unless a server answers that has channels. */
    private Optional<Examination.Finding> channels() {
        JsonNode channels;
        try {
            channels = shared.client().get("/api/1/channels").path("channels");
        } catch (Problem e) {
            return Optional.empty();
        }
        if (channels.isEmpty()) {
            return Optional.empty();
        }
        var failing = new ArrayList<String>();
        channels.forEach(channel -> {
            if (channel.path("state").asText().equals("failing")) {
                failing.add(channel.path("name").asText());
            }
        });
        return Optional.of(
                failing.isEmpty()
                        ? new Examination.Finding("channels", Examination.OK, channels.size() + ", none fails", "")
                        : new Examination.Finding(
                                "channels",
                                Examination.WARN,
                                "failing: " + String.join(", ", failing),
                                "mw channel test " + failing.getFirst() + " says why; then mw channel retry "
                                        + failing.getFirst()));
    }
}
