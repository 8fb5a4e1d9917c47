package org.millwright.web.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Versions;
import org.millwright.tracking.ArtifactFile;
import org.millwright.tracking.ArtifactTree;
import org.millwright.tracking.Run;
import org.millwright.tracking.Runs;
import org.millwright.web.Http;

/** The artifact proxy, and the other ways to list and fetch artifacts. */
final class ArtifactRoutes {
    private static final int UI_LIMIT = 10 * 1024 * 1024;

    private final Runs runs;
    private final Versions versions;
    private final ArtifactTree tree;
    private final long limit;

    ArtifactRoutes(Runs runs, Versions versions, ArtifactTree tree, long limit) {
        this.runs = runs;
        this.versions = versions;
        this.tree = tree;
        this.limit = limit;
    }

    void add(Endpoints endpoints) {
        endpoints.add("GET", "artifacts/list", this::list);
    }

    /** Answers below {@code mlflow-artifacts/}; {@code rest} is raw, as it stood in the URL. */
    void proxy(ServerRequest request, ServerResponse response, String rest) {
        String method = request.prologue().method().text();
        if (rest.startsWith("mpu/")) {
            String[] parts = rest.split("/", 3);
            tree.requireWritable(Http.actor(request), parts.length < 3 ? "" : UriText.path(parts[2]));
            MlflowErrors.notImplemented(
                    response, "Multipart upload is not supported for the current artifact repository");
        } else if (rest.startsWith("presigned/")) {
            Http.actor(request);
            MlflowErrors.notImplemented(
                    response, "Presigned downloads are not supported for the current artifact repository");
        } else if (rest.equals("artifacts") || rest.equals("artifacts/")) {
            if (method.equals("GET")) {
                Http.json(response, children(request));
            } else {
                MlflowErrors.wrongMethod(response, rest, "GET");
            }
        } else if (rest.startsWith("artifacts/")) {
            file(request, response, method, rest.substring("artifacts/".length()));
        } else {
            MlflowErrors.unknownPath(response, "mlflow-artifacts/" + rest);
        }
    }

    private void file(ServerRequest request, ServerResponse response, String method, String raw) {
        var by = Http.actor(request);
        switch (method) {
            case "GET" -> {
                Downloads.send(request, response, tree, tree.file(by, UriText.path(raw)));
            }
            case "PUT" -> {
                String path = UriText.path(raw);
                try (InputStream body = body(request)) {
                    tree.put(by, path, body, limit);
                } catch (IOException e) {
                    throw new Problem.Invalid("The body ended early: " + e.getMessage());
                }
                Http.json(response, Json.object());
            }
            case "DELETE" -> {
                tree.delete(by, UriText.path(raw));
                Http.json(response, Json.object());
            }
            default -> MlflowErrors.wrongMethod(response, "artifacts", "GET, PUT, DELETE");
        }
    }

    /** The body, which fails when it ends before its announced length. */
    private InputStream body(ServerRequest request) {
        long announced = request.headers().contentLength().orElse(-1);
        if (announced > limit) {
            throw new Problem.TooLarge("The file has " + announced + " bytes, more than " + limit, "");
        }
        return new Whole(Http.stream(request), announced);
    }

    /** A stream that must have as many bytes as announced; -1 when nothing was. */
    private static final class Whole extends FilterInputStream {
        private final long announced;
        private long count;

        Whole(InputStream in, long announced) {
            super(in);
            this.announced = announced;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = super.read(bytes, offset, length);
            if (n > 0) {
                count += n;
            } else if (n < 0 && announced >= 0 && count < announced) {
                throw new Problem.Invalid("The body has " + count + " bytes, announced were " + announced);
            }
            return n;
        }
    }

    /** What lies in a folder of the tree, by base name. */
    private JsonNode children(ServerRequest request) {
        String path = UriText.safe(Http.query(request, "path").orElse(""));
        ObjectNode node = Json.object();
        MlflowJson.list(
                node, "files", tree.list(Http.actor(request), path), file -> MlflowJson.file(file, file.name()));
        return node;
    }

    private JsonNode list(Call call) {
        Run run = runs.get(call.by(), call.fields().runId());
        return listing(
                call.by(), tree, run.artifactUri(), call.fields().text("path").orElse(""));
    }

    /** A folder below an artifact root, with paths from that root. */
    static JsonNode listing(Actor by, ArtifactTree tree, String root, String path) {
        ObjectNode node = Json.object().put("root_uri", root);
        Optional<String> base = ArtifactTree.pathOf(root);
        List<ArtifactFile> files = base.isEmpty() ? List.of() : tree.list(by, below(root, path));
        int cut = base.map(String::length).orElse(0) + 1;
        MlflowJson.list(
                node, "files", files, file -> MlflowJson.file(file, file.path().substring(cut)));
        return node;
    }

    /** The tree path of something below an artifact root of ours. */
    static String below(String root, String path) {
        String base = ArtifactTree.pathOf(root)
                .orElseThrow(() ->
                        new Problem.NotFound("The artifacts are at " + root + ", which this server does not keep"));
        String safe = UriText.safe(path);
        return safe.isEmpty() ? base : base + "/" + safe;
    }

    /** {@code /get-artifact?run_id&path}. */
    void ofRun(ServerRequest request, ServerResponse response) {
        String id = Http.query(request, "run_id")
                .or(() -> Http.query(request, "run_uuid"))
                .orElseThrow(() -> new Problem.Invalid("Missing value for required parameter 'run_id'."));
        String path = UriText.safe(path(request));
        var by = Http.actor(request);
        Run run = runs.get(by, id);
        Downloads.send(request, response, tree, tree.file(by, below(run.artifactUri(), path)));
    }

    /** {@code /model-versions/get-artifact?name&version&path}. */
    void ofVersion(ServerRequest request, ServerResponse response) {
        var by = Http.actor(request);
        String path = UriText.safe(path(request));
        ModelVersion version = versions.get(
                by,
                Http.query(request, "name")
                        .orElseThrow(() -> new Problem.Invalid("Missing value for required parameter 'name'.")),
                Http.query(request, "version")
                        .orElseThrow(() -> new Problem.Invalid("Missing value for required parameter 'version'.")));
        Downloads.send(request, response, tree, tree.file(by, below(version.location(), path)));
    }

    /** {@code upload-artifact?run_uuid&path} of MLflow's pages. */
    void upload(ServerRequest request, ServerResponse response) {
        var by = Http.actor(request);
        String id = Http.query(request, "run_uuid")
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> new Problem.Invalid("Request must specify run_uuid."));
        String path = UriText.safe(Http.query(request, "path")
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> new Problem.Invalid("Request must specify path.")));
        if (request.headers().contentLength().orElse(0) > UI_LIMIT) {
            throw new Problem.Invalid("Artifact size is too large. Max size is 10MB.");
        }
        byte[] bytes = Http.body(request, UI_LIMIT);
        if (bytes.length == 0) {
            throw new Problem.Invalid("Request must specify data.");
        }
        Run run = runs.get(by, id);
        tree.put(by, below(run.artifactUri(), path), new java.io.ByteArrayInputStream(bytes), UI_LIMIT);
        Http.json(response, Json.object());
    }

    private static String path(ServerRequest request) {
        return Http.query(request, "path")
                .or(() -> Http.query(request, "path_name"))
                .orElseThrow(() -> new Problem.Invalid("Missing value for required parameter 'path'."));
    }
}
