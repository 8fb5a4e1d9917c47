package org.millwright.scoring.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.scoring.Python;

class ModelSigningTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path temp;

    private final SigningKey key = SigningKey.generate();
    private Path folder;

    @BeforeEach
    void model() throws IOException {
        folder = Files.createDirectories(temp.resolve("model"));
        Files.createDirectories(folder.resolve("a/deep"));
        Files.writeString(folder.resolve("a.txt"), "before or after a/b?");
        Files.writeString(folder.resolve("a/b"), "nested");
        Files.writeString(folder.resolve("a/deep/ünïcode 😀.bin"), "name");
        Files.writeString(folder.resolve("empty"), "");
        Files.write(folder.resolve("model.onnx"), new byte[100_000]);
    }

    @Test
    void theStockToolAcceptsOurSignatureAndNoticesChanges() throws IOException {
        Python tool = Python.with("model-signing-1.1.1", "model-signing==1.1.1", "pyopenssl==25.3.0");
        ModelSigning.sign(folder, key);
        Path publicKey =
                Files.writeString(temp.resolve("pub.pem"), key.trusted().pem());
        assertThat(verify(tool, publicKey).output()).contains("Verification succeeded");
        assertThat(verify(tool, publicKey).code()).isZero();
        Files.writeString(folder.resolve("a/b"), "altered");
        assertThat(verify(tool, publicKey).code()).isEqualTo(1);
    }

    @Test
    void weAcceptTheStockToolsSignature() throws IOException {
        Python tool = Python.with("model-signing-1.1.1", "model-signing==1.1.1", "pyopenssl==25.3.0");
        Path privateKey = Files.writeString(temp.resolve("key.pem"), key.privatePem());
        Python.Result signed = tool.script(
                "model_signing",
                "sign",
                "key",
                "--private_key",
                privateKey.toString(),
                "--signature",
                folder.resolve("model.sig").toString(),
                folder.toString());
        assertThat(signed.code()).as(signed.output()).isZero();
        String theirs = ModelSigning.verify(folder, List.of(key.trusted())).root();
        assertThat(ModelSigning.sign(folder, key)).isEqualTo(theirs);
    }

    private Python.Result verify(Python tool, Path publicKey) {
        return tool.script(
                "model_signing",
                "verify",
                "key",
                "--public_key",
                publicKey.toString(),
                "--signature",
                folder.resolve("model.sig").toString(),
                folder.toString());
    }

    @Test
    void everyChangeIsNamed() throws IOException {
        ModelSigning.sign(folder, key);
        assertThat(verify().files()).hasSize(5);

        Files.writeString(folder.resolve("extra"), "x");
        assertThatThrownBy(this::verify).isInstanceOf(Untrusted.class).hasMessageContaining("'extra'");
        Files.delete(folder.resolve("extra"));

        Files.delete(folder.resolve("empty"));
        assertThatThrownBy(this::verify).hasMessageContaining("'empty' was signed but is missing");
        Files.writeString(folder.resolve("empty"), "no more");
        assertThatThrownBy(this::verify).hasMessageContaining("'empty' was changed");
        Files.writeString(folder.resolve("empty"), "");

        Files.createSymbolicLink(folder.resolve("a/link"), folder.resolve("a.txt"));
        assertThatThrownBy(this::verify).hasMessageContaining("'a/link' is a symbolic link");
        Files.delete(folder.resolve("a/link"));
        assertThat(verify().key()).isEqualTo(key.trusted());
    }

    @Test
    void otherKeysAndAlteredSignaturesAreRefused() throws IOException {
        assertThatThrownBy(this::verify).hasMessageContaining("not signed");
        ModelSigning.sign(folder, key);
        List<TrustedKey> others = List.of(SigningKey.generate().trusted());
        assertThatThrownBy(() -> ModelSigning.verify(folder, others)).hasMessageContaining("not among the 1 trusted");
        Path file = folder.resolve(ModelSigning.FILE);
        ObjectNode bundle = (ObjectNode) JSON.readTree(file.toFile());
        ObjectNode envelope = (ObjectNode) bundle.path("dsseEnvelope");
        String payload =
                new String(Base64.getDecoder().decode(envelope.path("payload").asText()));
        envelope.put(
                "payload",
                Base64.getEncoder()
                        .encodeToString(payload.replace("empty", "entry").getBytes()));
        Files.write(file, JSON.writeValueAsBytes(bundle));
        assertThatThrownBy(this::verify).hasMessageContaining("altered");
        Files.writeString(file, "{\"mediaType\":1,\"mediaType\":2}");
        assertThatThrownBy(this::verify).isInstanceOf(Untrusted.class).hasMessageContaining("not valid JSON");
    }

    @Test
    void aSignerWhoLeavesFilesOutIsRefused() throws IOException {
        ModelSigning.sign(folder, key);
        Path file = folder.resolve(ModelSigning.FILE);
        ObjectNode bundle = (ObjectNode) JSON.readTree(file.toFile());
        String payload = new String(Base64.getDecoder()
                .decode(bundle.path("dsseEnvelope").path("payload").asText()));
        for (String[] change : new String[][] {
            {"\".gitignore\"", "\".gitignore\",\"hidden\""},
            {"\"allow_symlinks\":false", "\"allow_symlinks\":true"},
            {"\"method\":\"files\"", "\"method\":\"shards\""},
            {"signature/v1.0", "signature/v9.0"},
            {"\"name\":\"empty\"", "\"name\":\"a.txt\""}
        }) {
            String evil = payload.replace(change[0], change[1]);
            assertThat(evil).isNotEqualTo(payload);
            Files.write(file, JSON.writeValueAsBytes(Dsse.sign(evil.getBytes(), key)));
            assertThatThrownBy(this::verify).as(change[1]).isInstanceOf(Untrusted.class);
        }
    }

    @Test
    void keysSurviveTheirTextForm() {
        SigningKey read = SigningKey.fromPem(key.privatePem(), key.trusted().pem());
        assertThat(read.trusted()).isEqualTo(key.trusted());
        assertThat(TrustedKey.fromPem(key.trusted().pem()).hint())
                .isEqualTo(key.trusted().hint());
        String other = SigningKey.generate().trusted().pem();
        assertThatThrownBy(() -> SigningKey.fromPem(key.privatePem(), other)).hasMessageContaining("does not belong");
        assertThatThrownBy(() -> TrustedKey.fromPem("nonsense")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aKeyIsMadeOnceAndFoundAgain() throws IOException {
        Path file = temp.resolve("keys/model.key");
        TrustedKey made = SigningKey.open(file).trusted();
        assertThat(SigningKey.open(file).trusted()).isEqualTo(made);
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    }

    private ModelSigning.Signed verify() {
        return ModelSigning.verify(folder, List.of(key.trusted()));
    }
}
