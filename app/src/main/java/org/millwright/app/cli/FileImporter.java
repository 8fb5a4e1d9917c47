package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.millwright.kernel.Problem;

/** Copies the files of runs and logged models, one after the other, without a copy on this machine. */
final class FileImporter {
    private static final String PROXY = "api/2.0/mlflow-artifacts/artifacts/";

    private final ForeignServer from;
    private final Client to;
    private final ObjectNode counts;
    private final Screen screen;

    FileImporter(ForeignServer from, Client to, ObjectNode counts, Screen screen) {
        this.from = from;
        this.to = to;
        this.counts = counts;
        this.screen = screen;
    }

    /** Copies a run's files below the target folder. */
    void ofRun(String id, String target) {
        copyAll(
                folder -> "artifacts/list?run_id=" + id + "&path=" + Client.part(folder),
                path -> "get-artifact?run_id=" + id + "&path=" + Client.part(path),
                "",
                target);
    }

    /** Copies a logged model's files, which its server lists since MLflow 3, below the target folder. */
    void ofModel(JsonNode info, String target) {
        String model = "logged-models/" + info.path("model_id").asText() + "/artifacts/";
        int files = copyAll(
                folder -> model + "directories?artifact_directory_path=" + Client.part(folder),
                path -> "ajax-api/2.0/mlflow/" + model + "files?artifact_file_path=" + Client.part(path),
                "",
                target);
        String root = info.path("artifact_uri").asText();
        if (files == 0 && !root.startsWith("mlflow-artifacts:")) {
            screen.line("  ! no files of logged model " + info.path("model_id").asText() + " can be read through "
                    + from.address() + "; they are at " + root + ": copy them by its own tools");
        }
    }

    private int copyAll(Function<String, String> listing, Function<String, String> file, String folder, String target) {
        int copied = 0;
        List<JsonNode> entries = from.all(listing.apply(folder), "files");
        for (JsonNode entry : entries) {
            String path = entry.path("path").asText();
            if (entry.path("is_dir").asBoolean()) {
                copied += copyAll(listing, file, path, target);
            } else {
                copy(file.apply(path), target, path);
                copied++;
            }
        }
        return copied;
    }

    private void copy(String source, String target, String path) {
        InputStream bytes = from.open(source)
                .orElseThrow(() -> new Problem.Unavailable(
                        from.address() + " does not give the file " + path + " of " + target,
                        "Serve it there (mlflow server --serve-artifacts) and give the command again."));
        try (bytes) {
            to.upload(PROXY + encoded(target + "/" + path), BodyPublishers.ofInputStream(() -> bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Importer.count(counts, "files");
    }

    private static String encoded(String path) {
        return Arrays.stream(path.split("/")).map(Client::part).collect(Collectors.joining("/"));
    }
}
