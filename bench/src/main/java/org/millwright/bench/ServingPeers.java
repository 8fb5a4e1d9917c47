package org.millwright.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.millwright.kernel.Json;

/** Other servers of the demo's model, each with the model's own versions of its packages, installed when first needed. */
record ServingPeers(Path kept, Path folder) {
    private static final String LOCK = "/templates/tabular-regression/files/requirements.lock";
    private static final List<String> MODEL = List.of("scikit-learn", "pandas", "numpy", "cloudpickle");
    private static final List<String> MLSERVER = List.of("mlserver==1.7.1", "mlserver-sklearn==1.7.1");

    /** The servers that the product has, without the product. */
    static Server echo(Path root, int grpc) {
        int port = Product.freePort();
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + root.resolve("app/jvm.options"),
                "-cp",
                System.getProperty("java.class.path"),
                BareEcho.class.getName(),
                Integer.toString(port),
                Integer.toString(grpc));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(new File("/dev/null"));
        return start(builder, port, "/health");
    }

    /** Downloads the model as its client logged it; returns the folder with its MLmodel. */
    Path model(Server from, String uri) {
        Path to = folder.resolve("logged");
        String tracking = "MLFLOW_TRACKING_URI=http://127.0.0.1:" + from.port();
        String program = mlflow().program("mlflow");
        Peer.run("env", tracking, program, "artifacts", "download", "-u", uri, "-d", to.toString());
        try (Stream<Path> files = Files.walk(to)) {
            return Objects.requireNonNull(files.filter(file -> file.endsWith("MLmodel"))
                    .findFirst()
                    .orElseThrow()
                    .getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code mlflow models serve} with its default of one process. */
    Server mlflowServe(Path model) {
        Venv venv = mlflow();
        int port = Product.freePort();
        var command = List.of(
                venv.program("mlflow"),
                "models",
                "serve",
                "--model-uri",
                model.toString(),
                "--env-manager",
                "local",
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port));
        return start(venv.server(folder.resolve("mlflow"), command), port, "/health");
    }

    /** MLServer in one process: its parallel workers die in current environments. */
    Server mlserver(Path model, String name, ObjectNode declared) {
        Venv venv = venv("mlserver", MLSERVER, MODEL);
        int port = Product.freePort();
        Path in = folder.resolve("mlserver");
        ObjectNode settings =
                declared.deepCopy().put("name", name).put("implementation", "mlserver_sklearn.SKLearnModel");
        settings.putObject("parameters")
                .put("uri", model.resolve("model.pkl").toString())
                .put("content_type", "pd");
        ObjectNode server = Json.object()
                .put("parallel_workers", 0)
                .put("debug", false)
                .put("host", "127.0.0.1")
                .put("http_port", port)
                .put("grpc_port", Product.freePort())
                .put("metrics_port", Product.freePort());
        try {
            Files.createDirectories(in);
            Files.write(in.resolve("model-settings.json"), Json.bytes(settings));
            Files.write(in.resolve("settings.json"), Json.bytes(server));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var command = List.of(venv.program("mlserver"), "start", in.toString());
        return start(venv.server(in, command), port, "/v2/models/" + name + "/ready");
    }

    /** With one thread inside a prediction: more of them spin in wait for each other, which costs the others most. */
    private static Server start(ProcessBuilder builder, int port, String health) {
        builder.environment().put("OMP_NUM_THREADS", "1");
        long start = System.nanoTime();
        try {
            return Server.awaitHealthy(builder.start(), port, start, health);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Venv mlflow() {
        var packages = new ArrayList<>(MODEL);
        packages.add("mlflow-skinny");
        return venv("mlflow-serve", List.of(), packages);
    }

    /** @param model packages in the versions that the model was trained with */
    private Venv venv(String name, List<String> packages, List<String> model) {
        var all = new ArrayList<>(packages);
        model.forEach(each -> all.addAll(pinned(each)));
        String digest = Json.sha256(String.join(" ", all).getBytes(StandardCharsets.UTF_8));
        return Venv.with(kept, name + "-" + digest.substring(0, 8), all);
    }

    /** The lock's lines for a package, with their conditions. */
    private static List<String> pinned(String name) {
        try (var in = ServingPeers.class.getResourceAsStream(LOCK)) {
            String lock = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return Pattern.compile("(?m)^" + Pattern.quote(name) + "==[^\\\\\\n]+")
                    .matcher(lock)
                    .results()
                    .map(found -> found.group().strip())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
