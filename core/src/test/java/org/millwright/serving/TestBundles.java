package org.millwright.serving;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.millwright.kernel.Json;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.FrameBuilder;
import org.millwright.scoring.Signature;
import org.millwright.scoring.bundle.BundleWriter;
import org.millwright.scoring.bundle.Manifest;
import org.millwright.scoring.bundle.ModelFormat;
import org.millwright.scoring.bundle.Probe;
import org.millwright.scoring.bundle.Provenance;
import org.millwright.scoring.drift.Reconstruction;
import org.millwright.scoring.profile.Reference;
import org.millwright.scoring.signing.Signer;

/** Signed bundles of small real models for tests; the models come from make_models.py of the scoring module. */
public final class TestBundles {
    public static final Signature SIGNATURE = new Signature(
            List.of(
                    Signature.Column.of("distance", DataType.DOUBLE),
                    Signature.Column.of("wind", DataType.DOUBLE),
                    Signature.Column.of("hour", DataType.LONG),
                    Signature.Column.of("carrier", DataType.STRING)),
            List.of(Signature.Column.of("prediction", DataType.DOUBLE)));

    private TestBundles() {}

    /** Fifty recorded rows. */
    public static Frame rows() {
        JsonNode inputs = Json.parse(resource("mixed.json")).path("inputs");
        var frame = new FrameBuilder(SIGNATURE, 50);
        for (int i = 0; i < 50; i++) {
            frame.addDouble(0, inputs.path("distance").path(i).asDouble());
            frame.addDouble(1, inputs.path("wind").path(i).asDouble());
            frame.addLong(2, inputs.path("hour").path(i).asLong());
            frame.addString(3, inputs.path("carrier").path(i).asText());
        }
        return frame.build();
    }

    /** What the original model predicted for them. */
    public static double[] expected() {
        JsonNode expected = Json.parse(resource("mixed.json")).path("expected");
        var values = new double[expected.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = expected.path(i).asDouble();
        }
        return values;
    }

    /** A bundle folder of the usual model that claims to have predicted {@code expected}. */
    public static Path write(Path folder, String version, double[] expected, Signer key) {
        return write(folder, "mixed.onnx", SIGNATURE, version, expected, key, rows());
    }

    /** The same with the training profile that monitoring compares with. */
    public static Path watched(Path folder, String version, Signer key) {
        double[] expected = expected();
        Reference trained = Reference.of(rows(), expected, expected, 0, 0);
        Reference reference = trained.reconstructedBy(
                Reconstruction.learn(trained.inputs(), rows()).map(Reconstruction::toJson));
        return write(
                folder,
                ModelFormat.ONNX,
                Map.of(
                        ModelFormat.ONNX.file(),
                        resource("mixed.onnx"),
                        Reference.FILE,
                        reference.toJson().getBytes(UTF_8)),
                SIGNATURE,
                version,
                expected,
                key,
                rows());
    }

    static Path write(
            Path folder, String graph, Signature signature, String version, double[] expected, Signer key, Frame rows) {
        return write(
                folder,
                ModelFormat.ONNX,
                Map.of(ModelFormat.ONNX.file(), resource(graph)),
                signature,
                version,
                expected,
                key,
                rows);
    }

    /** A bundle folder of a model in XGBoost's own form that claims to have predicted what it did, and more. */
    static Path trees(Path folder, String version, double more, Signer key) {
        var signature = new Signature(SIGNATURE.inputs().subList(0, 3), SIGNATURE.outputs());
        JsonNode recorded = Json.parse(resource("trees.json")).path("expected");
        var expected = new double[recorded.size()];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = recorded.path(i).asDouble() + more;
        }
        Frame rows = rows().select(signature.names());
        return write(
                folder,
                ModelFormat.XGBOOST,
                Map.of(ModelFormat.XGBOOST.file(), resource("trees.ubj")),
                signature,
                version,
                expected,
                key,
                rows);
    }

    private static Path write(
            Path folder,
            ModelFormat format,
            Map<String, byte[]> contents,
            Signature signature,
            String version,
            double[] expected,
            Signer key,
            Frame rows) {
        try {
            Map<String, Path> files = new TreeMap<>();
            for (var content : contents.entrySet()) {
                files.put(content.getKey(), Files.write(Files.createTempFile("model", ""), content.getValue()));
            }
            var manifest = new Manifest(
                    "delays",
                    version,
                    format.runtime(),
                    format.file(),
                    Instant.EPOCH,
                    signature,
                    Provenance.UNKNOWN,
                    Map.of(),
                    Map.of(),
                    0.001,
                    null,
                    List.of());
            var probe = new Probe(
                    rows,
                    Frame.of(expected.length).doubles("prediction", expected).build());
            BundleWriter.write(folder, manifest, probe, files, key);
            for (Path file : files.values()) {
                Files.delete(file);
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] resource(String name) {
        try (var in = TestBundles.class.getResourceAsStream("/models/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
