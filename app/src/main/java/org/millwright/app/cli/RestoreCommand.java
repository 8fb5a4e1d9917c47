package org.millwright.app.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.millwright.app.Backup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw restore DIR --data NEW}: a new data folder from a backup that verifies. */
@Command(
        name = "restore",
        description = "Make a new data folder from a backup; refuses one that does not verify.",
        mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
    @Mixin
    private Shared shared = new Shared();

    @Parameters(paramLabel = "DIR", description = "A folder that mw backup wrote.")
    private Path dir = Path.of("");

    @Option(names = "--data", paramLabel = "NEW", required = true, description = "New or empty data folder.")
    private Path data = Path.of("");

    @Override
    public Integer call() {
        Path from = shared.around().resolve(dir).toAbsolutePath().normalize();
        Path to = shared.around().resolve(data).toAbsolutePath().normalize();
        var restored = Backup.restore(from, to, Clock.systemUTC());
        shared.say("Serve it with: mw serve --data " + data);
        return shared.show(restored, "folder", "files", "entries", "root");
    }
}
