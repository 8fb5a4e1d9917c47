package org.millwright.scoring.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every signer does, and what is no key store. */
class KeyStoreSignerTest {
    private static final char[] PASSWORD = "four words or more".toCharArray();

    @TempDir
    Path dir;

    /** A signer for a test, made in its folder. */
    interface Maker {
        Signer make(Path dir);
    }

    static Stream<Maker> signers() {
        return Stream.of(
                dir -> SigningKey.generate(),
                dir -> SigningKey.open(dir.resolve("key.pem")),
                dir -> KeyStoreSigner.pkcs12(store(dir, "secp256r1"), "bundles", PASSWORD),
                dir -> SoftToken.signer());
    }

    @ParameterizedTest
    @MethodSource("signers")
    void whatItSignsIsVerifiedByItsPublicHalfOnly(Maker maker) throws IOException {
        Signer signer = maker.make(dir);
        Path folder = Files.createDirectory(dir.resolve("model"));
        Files.writeString(folder.resolve("model.onnx"), "weights");
        String root = ModelSigning.sign(folder, signer);

        TrustedKey half = TrustedKey.fromPem(signer.trusted().pem());
        assertThat(ModelSigning.verify(folder, List.of(half)).root()).isEqualTo(root);
        List<TrustedKey> other = List.of(SigningKey.generate().trusted());
        assertThatThrownBy(() -> ModelSigning.verify(folder, other)).isInstanceOf(Untrusted.class);
    }

    /** A checkpoint of the ledger, whose bytes a token signs, checked by what knows nothing of Millwright. */
    @Test
    void opensslVerifiesWhatATokenSigned() throws IOException, InterruptedException {
        Signer token = SoftToken.signer();
        byte[] checkpoint = "millwright\n3\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n".getBytes();
        Files.write(dir.resolve("checkpoint"), checkpoint);
        Files.write(dir.resolve("checkpoint.sig"), token.sign(checkpoint));
        Files.writeString(dir.resolve("key.pub"), token.trusted().pem());
        assertThat(openssl()).contains("Verified OK");
        Files.writeString(dir.resolve("checkpoint"), "millwright\n2\n");
        assertThat(openssl()).contains("Verification failure");
    }

    private String openssl() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "openssl",
                        "dgst",
                        "-sha256",
                        "-verify",
                        "key.pub",
                        "-signature",
                        "checkpoint.sig",
                        "checkpoint")
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return said;
    }

    @Test
    void aWrongStoreKeyOrPasswordIsSaid() throws IOException {
        Path store = store(dir, "secp256r1");
        assertThatThrownBy(() -> KeyStoreSigner.pkcs12(store, "other", PASSWORD))
                .hasMessageContaining("no private key 'other'");
        assertThatThrownBy(() -> KeyStoreSigner.pkcs12(store, "bundles", "wrong".toCharArray()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot open the key store");
        Path other = store(Files.createDirectory(dir.resolve("b")), "secp384r1");
        assertThatThrownBy(() -> KeyStoreSigner.pkcs12(other, "bundles", PASSWORD))
                .hasMessageContaining("expected a P-256 public key");
        assertThatThrownBy(() -> KeyStoreSigner.pkcs11(SoftToken.configuration(), "other", SoftToken.PIN))
                .hasMessageContaining("no private key 'other'");
        Path configuration = Files.writeString(dir.resolve("token.cfg"), "name = none\nlibrary = /nowhere.so\n");
        assertThatThrownBy(() -> KeyStoreSigner.pkcs11(configuration, "bundles", PASSWORD))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot open the token");
    }

    private static Path store(Path dir, String curve) {
        Path store = dir.resolve("keys.p12");
        try {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "bundles",
                            "-keyalg",
                            "EC",
                            "-groupname",
                            curve,
                            "-dname",
                            "CN=bundles",
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            new String(PASSWORD),
                            "-keystore",
                            store.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes());
            if (process.waitFor() != 0) {
                throw new IllegalStateException(said);
            }
            return store;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
