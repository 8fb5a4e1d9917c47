package org.millwright.app.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mw backup DIR}: a copy of everything a server keeps, made while it goes on. */
@Command(
        name = "backup",
        description = "Write a verified copy of everything the running server keeps.",
        mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {
    @Mixin
    private Shared shared = new Shared();

    @Parameters(paramLabel = "DIR", description = "New or empty folder on the server's machine.")
    private Path dir = Path.of("");

    @Override
    public Integer call() {
        String folder =
                shared.around().resolve(dir).toAbsolutePath().normalize().toString();
        var written = shared.client().post("/api/1/backups", Json.object().put("folder", folder));
        shared.say("Restore it with: mw restore " + dir + " --data NEW");
        return shared.show(written, "folder", "entries", "files", "at=at:at");
    }
}
