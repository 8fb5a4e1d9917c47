package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.project.ProjectFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mw env}: the Python environments that steps run in. */
@Command(
        name = "env",
        description = "Python environments: lock, build, show, list.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class EnvCommand {
    private static final String[] FIELDS = {
        "id", "state", "python", "platform", "packages", "lock", "failure", "created=at:createdAt", "used=at:usedAt"
    };

    @Command(
            name = "lock",
            description = "Resolve this project's requirements to exact versions with hashes.",
            mixinStandardHelpOptions = true)
    int lock(@Mixin Shared shared) throws IOException {
        ProjectFolder folder = ProjectFolder.find(shared.around());
        ProjectFile.EnvironmentSpec spec = spec(folder);
        var body = Json.object()
                .put("requirements", folder.text(spec.requirements()))
                .put("python", spec.python());
        JsonNode lock = Waiting.on(
                shared.screen(),
                "resolving " + spec.requirements(),
                () -> shared.client().post(path(folder, "locks"), body));
        Path file = folder.path().resolve(spec.lock());
        Files.writeString(file, lock.path("lock").asText());
        shared.say("Wrote " + file + ". Next: git add " + spec.lock() + ", mw env build");
        return shared.show(lock, "sha256", "packages");
    }

    @Command(
            name = "build",
            description = "Build the environment of this project's lock, unless it is there.",
            mixinStandardHelpOptions = true)
    int build(@Mixin Shared shared) {
        ProjectFolder folder = ProjectFolder.find(shared.around());
        ProjectFile.EnvironmentSpec spec = spec(folder);
        var body = Json.object().put("lock", folder.text(spec.lock())).put("python", spec.python());
        JsonNode environment = Waiting.on(
                shared.screen(),
                "building the environment of " + spec.lock(),
                () -> shared.client().post(path(folder, "environments"), body));
        return shared.show(environment, FIELDS);
    }

    @Command(name = "show", description = "One environment, with what is in it.", mixinStandardHelpOptions = true)
    int show(@Mixin Shared shared, @Parameters(paramLabel = "ID", arity = "0..1") Optional<String> id) {
        Client client = shared.client();
        JsonNode all = client.get("/api/1/environments").path("environments");
        for (JsonNode known : all) {
            String full = known.path("id").asText();
            if (id.isEmpty() || full.startsWith(id.get())) {
                return shared.show(client.get("/api/1/environments/" + full), FIELDS);
            }
        }
        throw new Problem.NotFound(
                "No environment " + id.orElse("is there yet"), "mw env build, in a project's folder");
    }

    @Command(name = "list", description = "All environments, the last used first.", mixinStandardHelpOptions = true)
    int list(@Mixin Shared shared) {
        return shared.list(
                shared.client().get("/api/1/environments").path("environments"),
                "id",
                "state",
                "python",
                "packages",
                "used=at:usedAt");
    }

    private static ProjectFile.EnvironmentSpec spec(ProjectFolder folder) {
        return ProjectFile.kept(folder.text(ProjectFile.FILE)).environment();
    }

    private static String path(ProjectFolder folder, String what) {
        return "/api/1/projects/" + Client.part(folder.name()) + "/" + what;
    }
}
