package org.millwright.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.scoring.bundle.ModelFormat;

/**
 * A deployed version as KServe serves it: an {@code InferenceService} of the format that one of KServe's own runtimes loads,
 * and the model's files as that runtime looks for them.
 */
public final class KServe {
    private static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern URI =
            Pattern.compile("(s3|gs|hf|oci|pvc|https?|hdfs|webhdfs)://[^\\s\\p{Cntrl}]{1,2000}");

    private final Bundle bundle;
    private final String name;
    private final ModelFormat format;

    /**
     * @param bundle of the version
     * @param name of the service, and of the model that its clients ask for
     */
    public KServe(Bundle bundle, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new Problem.Invalid(
                    "'" + name + "' is no name in a cluster (expected: a-z, 0-9 and '-', at most 63, from a letter on)",
                    "Choose another: --name NAME");
        }
        this.bundle = bundle;
        this.name = name;
        this.format = ModelFormat.of(bundle.manifest().runtime());
        if (format == ModelFormat.CATBOOST) {
            throw new Problem.Refused(
                    "Model " + version() + " is a CatBoost model as JSON, and KServe loads CatBoost's binary form only",
                    "Let scorers answer it: mw kubernetes manifests");
        }
    }

    private String version() {
        return bundle.manifest().model() + "/" + bundle.manifest().version();
    }

    /** @param storageUri where KServe finds the files, such as {@code s3://models/delays/3} */
    public ObjectNode service(String namespace, String storageUri) {
        if (!URI.matcher(storageUri).matches()) {
            throw new Problem.Invalid("--storage-uri: '" + storageUri
                    + "' (expected: an address that KServe knows, such as s3://BUCKET/PATH or pvc://CLAIM/PATH)");
        }
        ObjectNode service =
                Json.object().put("apiVersion", "serving.kserve.io/v1beta1").put("kind", "InferenceService");
        ObjectNode metadata = service.putObject("metadata").put("name", name).put("namespace", namespace);
        metadata.putObject("labels").put("app.kubernetes.io/name", name).put(Manifests.PART_OF, Manifests.MANAGER);
        metadata.putObject("annotations")
                .put("millwright.org/model", bundle.manifest().model())
                .put("millwright.org/version", bundle.manifest().version())
                .put("millwright.org/bundle", bundle.digest());
        ObjectNode model = service.putObject("spec").putObject("predictor").putObject("model");
        model.putObject("modelFormat").put("name", formatName());
        model.put("protocolVersion", "v2").put("storageUri", storageUri);
        return service;
    }

    /** The format's name among those that KServe's runtimes support. */
    private String formatName() {
        return switch (format) {
            case ONNX -> "onnx";
            case XGBOOST -> "xgboost";
            case LIGHTGBM -> "lightgbm";
            case PYTHON -> "mlflow";
            case CATBOOST -> throw new IllegalStateException("refused at the beginning");
        };
    }

    /** Writes what is to be put at the storage URI into a new or empty folder. */
    public void write(Path folder) {
        try {
            Files.createDirectories(folder);
            try (var there = Files.list(folder)) {
                if (there.findAny().isPresent()) {
                    throw new Problem.Conflict(folder + " is not empty", "Name a new folder: --files FOLDER");
                }
            }
            switch (format) {
                // Triton reads a repository: a folder for each model, in it one for each version.
                case ONNX -> put(folder.resolve(name).resolve("1").resolve("model.onnx"));
                case XGBOOST -> put(folder.resolve("model.ubj"));
                // The same text; KServe's server looks for this ending.
                case LIGHTGBM -> put(folder.resolve("model.bst"));
                case PYTHON -> bundle.copy(ModelFormat.FOLDER, folder);
                case CATBOOST -> throw new IllegalStateException("refused at the beginning");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to " + folder + ": " + e.getMessage(), e);
        }
    }

    private void put(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, bundle.file(format.file()));
    }
}
