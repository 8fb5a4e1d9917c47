package org.millwright.scoring.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Model;
import org.millwright.scoring.Python;
import org.millwright.scoring.TestModels;
import org.millwright.scoring.signing.ModelSigning;
import org.millwright.scoring.signing.Signer;
import org.millwright.scoring.signing.SigningKey;
import org.millwright.scoring.signing.SoftToken;
import org.millwright.scoring.signing.Untrusted;

class BundleTest {
    @TempDir
    Path temp;

    private final SigningKey key = SigningKey.generate();

    @Test
    void whatWasWrittenOpensLoadsAndPredictsAsRecorded() throws IOException {
        Path folder = temp.resolve("bundle");
        String digest = write(folder, TestModels.mixedExpected());
        Bundle bundle = Bundle.open(folder, List.of(key.trusted()));
        assertThat(bundle.digest()).isEqualTo(digest);
        assertThat(bundle.manifest().signature()).isEqualTo(TestModels.MIXED);
        assertThat(bundle.manifest().metrics()).containsEntry("rmse", 3.25);
        assertThat(bundle.manifest().provenance().data()).containsEntry("flights@2013-01", "sha256:abc");
        assertThat(bundle.manifest().handoff())
                .isNotNull()
                .satisfies(h -> assertThat(h.holds()).isTrue());
        try (Model model = bundle.load()) {
            Agreement agreement = bundle.probe().check(model, bundle.manifest().tolerance());
            assertThat(agreement.holds()).isTrue();
            assertThat(agreement.rows()).isEqualTo(50);
        }
    }

    @Test
    void theStockToolAcceptsABundleThatATokenSigned() throws IOException {
        Python tool = Python.with("model-signing-1.1.1", "model-signing==1.1.1", "pyopenssl==25.3.0");
        Path folder = temp.resolve("bundle");
        Signer token = SoftToken.signer();
        String digest = write(folder, TestModels.mixedExpected(), token);
        assertThat(Bundle.open(folder, List.of(token.trusted())).digest()).isEqualTo(digest);
        Path half = Files.writeString(temp.resolve("key.pub"), token.trusted().pem());
        Python.Result verified = tool.script(
                "model_signing",
                "verify",
                "key",
                "--public_key",
                half.toString(),
                "--signature",
                folder.resolve(ModelSigning.FILE).toString(),
                folder.toString());
        assertThat(verified.output()).contains("Verification succeeded");
    }

    @Test
    void aModelThatPredictsOtherwiseIsNoticed() throws IOException {
        Path folder = temp.resolve("bundle");
        double[] expected = TestModels.mixedExpected();
        expected[7] += 0.5;
        write(folder, expected);
        Bundle bundle = Bundle.open(folder, List.of(key.trusted()));
        try (Model model = bundle.load()) {
            Agreement agreement = bundle.probe().check(model, 0.001);
            assertThat(agreement.holds()).isFalse();
            assertThat(agreement.examples())
                    .singleElement()
                    .satisfies(cell -> assertThat(cell.row()).isEqualTo(7));
        }
    }

    @Test
    void nothingAlteredOpens() throws IOException {
        Path folder = temp.resolve("bundle");
        write(folder, TestModels.mixedExpected());
        assertThatThrownBy(
                        () -> Bundle.open(folder, List.of(SigningKey.generate().trusted())))
                .isInstanceOf(Untrusted.class);
        Path manifest = folder.resolve(Bundle.MANIFEST);
        Files.writeString(manifest, Files.readString(manifest).replace("3.25", "1.25"));
        assertThatThrownBy(() -> Bundle.open(folder, List.of(key.trusted())))
                .isInstanceOf(Untrusted.class)
                .hasMessageContaining("bundle.json");
        Files.writeString(manifest, Files.readString(manifest).replace("\"format\" : 1", "\"format\" : 2"));
        ModelSigning.sign(folder, key);
        assertThatThrownBy(() -> Bundle.open(folder, List.of(key.trusted()))).hasMessageContaining("format 2");
    }

    @Test
    void aSignedFileThatTheManifestDoesNotListIsRefused() throws IOException {
        Path folder = temp.resolve("bundle");
        write(folder, TestModels.mixedExpected());
        Files.writeString(folder.resolve("stowaway"), "x");
        ModelSigning.sign(folder, key);
        assertThatThrownBy(() -> Bundle.open(folder, List.of(key.trusted()))).hasMessageContaining("'stowaway'");
    }

    @Test
    void archivesAreReproducibleAndUnpackToTheSameBundle() throws IOException {
        Path folder = temp.resolve("bundle");
        String digest = write(folder, TestModels.mixedExpected());
        byte[] first = pack(folder);
        Path copy = temp.resolve("copy");
        BundleArchive.unpack(new ByteArrayInputStream(first), copy);
        assertThat(Bundle.open(copy, List.of(key.trusted())).digest()).isEqualTo(digest);
        assertThat(pack(copy)).isEqualTo(first);
    }

    @Test
    void archiveNamesCannotLeaveTheFolder() throws IOException {
        for (String name : List.of("../evil", "a/../../evil", "/etc/evil", "a\\..\\evil", "dir/")) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (ZipOutputStream zip = new ZipOutputStream(out)) {
                zip.putNextEntry(new ZipEntry(name));
            }
            Path target = temp.resolve("t" + Math.abs(name.hashCode()));
            assertThatThrownBy(() -> BundleArchive.unpack(new ByteArrayInputStream(out.toByteArray()), target))
                    .as(name)
                    .isInstanceOf(Untrusted.class);
        }
    }

    @Test
    void oddFileNamesAreRefusedWhenWriting() throws IOException {
        Path file = Files.write(temp.resolve("m"), TestModels.bytes("mixed.onnx"));
        for (String name : List.of("../x", ".git/x", "bundle.json", "a//b", "a b")) {
            Map<String, Path> files = Map.of("model.onnx", file, name, file);
            Path folder = temp.resolve("f" + Math.abs(name.hashCode()));
            assertThatThrownBy(
                            () -> BundleWriter.write(folder, manifest(), probe(TestModels.mixedExpected()), files, key))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private String write(Path folder, double[] expected) throws IOException {
        return write(folder, expected, key);
    }

    private String write(Path folder, double[] expected, Signer signer) throws IOException {
        Path model = Files.write(temp.resolve("graph"), TestModels.bytes("mixed.onnx"));
        return BundleWriter.write(folder, manifest(), probe(expected), Map.of("model.onnx", model), signer);
    }

    private static Probe probe(double[] expected) {
        return new Probe(
                TestModels.mixedRows(),
                Frame.of(expected.length).doubles("prediction", expected).build());
    }

    private static Manifest manifest() {
        Provenance provenance =
                new Provenance("1234abcd", Map.of("flights@2013-01", "sha256:abc"), "sha256:lock", "run1", Map.of());
        return new Manifest(
                "flight-delays",
                "1",
                Bundle.ONNX,
                "model.onnx",
                Instant.parse("2013-07-01T00:00:00Z"),
                TestModels.MIXED,
                provenance,
                Map.of("trees", "20"),
                Map.of("rmse", 3.25),
                0.001,
                new Agreement(20_000, 0.001, 6e-5, 0, List.of()),
                List.of());
    }

    private static byte[] pack(Path folder) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BundleArchive.pack(folder, out);
        return out.toByteArray();
    }

    @Test
    void anInfinitePredictionAgreesWithNothingElse() {
        assertThat(Agreement.agree(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, 0.001))
                .isTrue();
        assertThat(Agreement.agree(Double.POSITIVE_INFINITY, 5.0, 0.001)).isFalse();
        assertThat(Agreement.agree(5.0, Double.POSITIVE_INFINITY, 0.001)).isFalse();
        assertThat(Agreement.agree(1e9, 1e9 + 1e5, 0.001)).isTrue();
        assertThat(Agreement.agree(null, null, 0)).isTrue();
        assertThat(Agreement.agree(null, 0.0, 0.001)).isFalse();
        assertThat(Agreement.agree(1L, 1.0, 0)).isTrue();
    }
}
