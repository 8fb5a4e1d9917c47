package org.millwright.scorer;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Signature;
import org.millwright.scoring.TestModels;
import org.millwright.scoring.bundle.BundleArchive;
import org.millwright.scoring.bundle.BundleWriter;
import org.millwright.scoring.bundle.Manifest;
import org.millwright.scoring.bundle.Probe;
import org.millwright.scoring.bundle.Provenance;
import org.millwright.scoring.profile.Reference;
import org.millwright.scoring.signing.SigningKey;

/** Archives of the model {@code delays}, all of the same graph, signed with one key. */
final class SignedBundles {
    final SigningKey key = SigningKey.generate();
    private final Path folder;
    private int made;

    SignedBundles(Path folder) {
        this.folder = folder;
    }

    /** A good version. */
    Path version(String version) {
        return archive(folder(version, TestModels.MIXED, 0, key));
    }

    /** One that does not predict what is recorded. */
    Path wrong(String version) {
        return archive(folder(version, TestModels.MIXED, 1, key));
    }

    /** One that needs a column more than the others. */
    Path wider(String version) {
        List<Signature.Column> inputs = new ArrayList<>(TestModels.MIXED.inputs());
        inputs.add(Signature.Column.of("gate", DataType.STRING));
        return archive(folder(version, new Signature(inputs, TestModels.MIXED.outputs()), 0, key));
    }

    Path signedBy(String version, SigningKey other) {
        return archive(folder(version, TestModels.MIXED, 0, other));
    }

    Path folder(String version) {
        return folder(version, TestModels.MIXED, 0, key);
    }

    private Path folder(String version, Signature signature, double more, SigningKey signer) {
        try {
            Frame rows = TestModels.mixedRows();
            double[] predictions = TestModels.mixedExpected();
            double[] expected =
                    java.util.Arrays.stream(predictions).map(y -> y + more).toArray();
            Path graph = write("model", TestModels.bytes("mixed.onnx"));
            String profile = Reference.of(rows, predictions, predictions, 0, 0).toJson();
            Path reference = write("reference", profile.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            var manifest = new Manifest(
                    "delays",
                    version,
                    "onnx",
                    "model.onnx",
                    Instant.EPOCH,
                    signature,
                    Provenance.UNKNOWN,
                    Map.of(),
                    Map.of(),
                    0.001,
                    null,
                    List.of());
            Frame probed = signature == TestModels.MIXED ? rows : Frame.concat(List.of(widened(rows)));
            var probe = new Probe(
                    probed,
                    Frame.of(expected.length).doubles("prediction", expected).build());
            Path bundle = folder.resolve("bundle-" + made++);
            BundleWriter.write(bundle, manifest, probe, Map.of("model.onnx", graph, Reference.FILE, reference), signer);
            return bundle;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Frame widened(Frame rows) {
        Frame.Builder wide = Frame.of(rows.rows());
        for (int i = 0; i < rows.width(); i++) {
            wide.column(rows.name(i), rows.type(i), rows.column(i));
        }
        return wide.strings("gate", new String[rows.rows()]).build();
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name + "-" + made + ".tmp"), bytes);
    }

    Path archive(Path bundle) {
        Path archive = bundle.resolveSibling(bundle.getFileName() + ".zip");
        try (OutputStream out = Files.newOutputStream(archive)) {
            BundleArchive.pack(bundle, out);
            return archive;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts an archive where a scorer looks, as a deployment tool does. */
    static void put(Path archive, Path place) {
        try {
            Path part = place.resolveSibling(place.getFileName() + ".part");
            Files.copy(archive, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ScorerBuilder scorer(Path file) {
        return Scorer.of("models:/delays@champion").file(file).trust(key.trusted());
    }
}
