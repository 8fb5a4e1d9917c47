package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.millwright.kernel.Json;
import org.millwright.project.ProjectFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw env}: the Python environments of projects. */
@Command(name = "env", description = "Lock, build and show Python environments.", mixinStandardHelpOptions = true)
final class EnvCommand {
    @Command(
            name = "lock",
            description = "Resolve the project's requirements to exact versions with hashes.",
            mixinStandardHelpOptions = true)
    int lock(@Mixin Remote remote, @Option(names = "-C", paramLabel = "DIR", defaultValue = ".") Path dir) {
        var folder = new ProjectFolder(dir);
        ProjectFile.EnvironmentSpec spec =
                ProjectFile.parse(folder.projectFile()).environment();
        JsonNode lock = remote.client()
                .post(
                        "projects/" + Client.enc(folder.name()) + "/locks",
                        Json.object()
                                .put("requirements", folder.text(spec.requirements()))
                                .put("python", spec.python()));
        folder.write(spec.lock(), lock.path("lock").asText());
        remote.err()
                .println("Wrote " + spec.lock() + ": " + lock.path("packages").asInt() + " packages");
        remote.output().line(lock.path("sha256").asText());
        return Exit.OK;
    }

    @Command(
            name = "build",
            description = "Build the environment of the project's lock file.",
            mixinStandardHelpOptions = true)
    int build(@Mixin Remote remote, @Option(names = "-C", paramLabel = "DIR", defaultValue = ".") Path dir) {
        var folder = new ProjectFolder(dir);
        ProjectFile.EnvironmentSpec spec =
                ProjectFile.parse(folder.projectFile()).environment();
        JsonNode built = remote.client()
                .post(
                        "projects/" + Client.enc(folder.name()) + "/environments",
                        Json.object().put("lock", folder.text(spec.lock())).put("python", spec.python()));
        remote.output().one(built, "id");
        return Exit.OK;
    }

    @Command(name = "list", description = "Show all environments.", mixinStandardHelpOptions = true)
    int list(@Mixin Remote remote) {
        remote.output()
                .list(
                        remote.client().get("environments").path("environments"),
                        "id",
                        "state",
                        "python",
                        "platform",
                        "packages",
                        "usedAt");
        return Exit.OK;
    }

    @Command(name = "show", description = "Show what is in an environment.", mixinStandardHelpOptions = true)
    int show(@Mixin Remote remote, @Parameters(paramLabel = "ID") String id) {
        JsonNode environment = remote.client().get("environments/" + Client.enc(id));
        Output output = remote.output();
        output.one(environment, "id");
        if (output.isTable()) {
            environment
                    .path("description")
                    .path("packages")
                    .properties()
                    .forEach(item -> output.line(
                            "  " + item.getKey() + " " + item.getValue().asText()));
            environment.path("description").path("packages").forEach(item -> {
                if (item.isObject()) {
                    output.line("  " + item.path("name").asText() + " "
                            + item.path("version").asText());
                }
            });
        }
        return Exit.OK;
    }
}
