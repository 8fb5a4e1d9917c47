package org.millwright.web.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.webserver.http.HttpRouting;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BiFunction;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.tracking.ArtifactTree;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** What operators ask of the running server. */
public final class OperateRoutes implements Routes {
    private static final int DEFAULT_HOURS = 24;
    private static final int MAX_HOURS = 24 * 3_650;

    private final Users users;
    private final ArtifactTree files;
    private final BiFunction<Actor, Path, JsonNode> backup;

    /** @param backup writes a backup into a folder of the server's machine and tells what it holds */
    public OperateRoutes(Users users, ArtifactTree files, BiFunction<Actor, Path, JsonNode> backup) {
        this.users = users;
        this.files = files;
        this.backup = backup;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.post("/api/1/backups", (request, response) -> {
            users.access().require(Http.actor(request), Permission.OPERATE);
            Path folder = folder(Body.of(request, "folder").text("folder"));
            if (!folder.isAbsolute()) {
                throw new Problem.Invalid(
                        "folder: '" + folder + "' (expected: an absolute path on the server's machine)");
            }
            Http.json(response, backup.apply(Http.actor(request), folder.normalize()));
        });
        routing.post("/api/1/artifacts/collect", (request, response) -> {
            users.access().require(Http.actor(request), Permission.OPERATE);
            int hours = Http.object(request).path("olderThanHours").asInt(DEFAULT_HOURS);
            if (hours < 1 || hours > MAX_HOURS) {
                throw new Problem.Invalid("olderThanHours: " + hours + " (expected: 1 to " + MAX_HOURS + ")");
            }
            var collected = files.collect(Duration.ofHours(hours));
            Http.json(response, Json.object().put("files", collected.files()).put("bytes", collected.bytes()));
        });
    }

    private static Path folder(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new Problem.Invalid("folder: '" + text + "' (expected: a path on the server's machine)");
        }
    }
}
