package org.millwright.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.scoring.bundle.Pointer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw publish}: a released version where applications find it that do not reach the server. */
@Command(
        name = "publish",
        description = "Put a released version, and the signed pointer to it, into a folder or an object store.",
        mixinStandardHelpOptions = true)
final class Publish implements Callable<Integer> {
    private static final Pattern NAME = Pattern.compile("([^/@]+)(?:@([^/@]+)|/([1-9][0-9]{0,17}))");

    @Mixin
    private Shared shared = new Shared();

    @Parameters(paramLabel = "MODEL@ALIAS", description = "Such as delays@champion, or delays/3.")
    private String name = "";

    @Option(names = "--to", required = true, paramLabel = "PLACE", description = "A folder, or s3://BUCKET/PREFIX.")
    private String place = "";

    @Option(names = "--endpoint", paramLabel = "URL", description = "Of an object store that is not Amazon's.")
    private Optional<URI> endpoint = Optional.empty();

    @Override
    public Integer call() throws IOException {
        Matcher match = NAME.matcher(name);
        if (!match.matches()) {
            throw new Problem.Invalid("'" + name + "' names no version (expected: MODEL@ALIAS or MODEL/VERSION)");
        }
        boolean alias = match.group(2) != null;
        String rest = alias ? match.group(2) : match.group(3);
        Shelf shelf = Shelf.at(shared.around().folder(), place, endpoint);
        Path folder = Files.createTempDirectory("millwright-publish");
        Path archive = folder.resolve("bundle.zip");
        Path pointer = folder.resolve("pointer.json");
        try {
            HttpHeaders said = shared.client()
                    .download(
                            "/api/1/models/" + Client.part(match.group(1)) + (alias ? "/aliases/" : "/versions/")
                                    + Client.part(rest) + "/bundle?new=true",
                            archive);
            byte[] signed = Base64.getDecoder()
                    .decode(said.firstValue("x-mw-pointer")
                            .orElseThrow(() -> new Problem.Unavailable(
                                    "The server signs no pointers: it is older than this command",
                                    "Update the server.")));
            Files.write(pointer, signed);
            Pointer told = Pointer.peek(new String(signed, StandardCharsets.UTF_8));
            ObjectNode publication =
                    Json.object().put("version", told.version()).put("as", rest).put("place", place);
            shared.client().post("/api/1/models/" + Client.part(told.model()) + "/publications", publication);
            shelf.put(told.model() + "/" + told.archive() + ".zip", archive);
            shelf.put(told.model() + "/" + rest + ".json", pointer);
            return shared.show(json(told), "model", "version", "place", "archive", "valid-until=at:validUntil");
        } finally {
            Files.deleteIfExists(archive);
            Files.deleteIfExists(pointer);
            Files.delete(folder);
        }
    }

    private ObjectNode json(Pointer told) {
        ObjectNode json = Json.object()
                .put("model", told.model())
                .put("version", told.version())
                .put("place", place)
                .put("archive", told.archive());
        told.validUntil().ifPresent(until -> json.put("validUntil", until.toEpochMilli()));
        return json;
    }
}
