package org.millwright.scoring.signing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A token of SoftHSM with one P-256 key that was made in it; one for all tests of a process, as its library is.
 *
 * <p>Maven says by {@code SOFTHSM2_CONF} where the library looks for its tokens: nobody can tell a process later.
 */
public final class SoftToken {
    public static final String ALIAS = "bundles";
    public static final char[] PIN = "1234-5678".toCharArray();

    private static final List<String> LIBRARIES = List.of(
            "/usr/lib/softhsm/libsofthsm2.so",
            "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
            "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
            "/usr/lib64/pkcs11/libsofthsm2.so",
            "/usr/local/lib/softhsm/libsofthsm2.so",
            "/opt/homebrew/lib/softhsm/libsofthsm2.so");

    private static final Path CONFIGURATION = make();

    private SoftToken() {}

    public static KeyStoreSigner signer() {
        return KeyStoreSigner.pkcs11(CONFIGURATION, ALIAS, PIN);
    }

    static Path configuration() {
        return CONFIGURATION;
    }

    private static Path make() {
        Path conf = Path.of(Objects.requireNonNull(System.getenv("SOFTHSM2_CONF"), "SOFTHSM2_CONF, set by Maven"));
        String library = LIBRARIES.stream()
                .filter(path -> Files.exists(Path.of(path)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("The tests of tokens need SoftHSM: apt-get install softhsm2"));
        try {
            Path tokens = conf.resolveSibling("tokens");
            clear(tokens);
            Files.createDirectories(tokens);
            Files.writeString(conf, "directories.tokendir = " + tokens + "\nobjectstore.backend = file\n");
            Path configuration = Files.writeString(
                    conf.resolveSibling("token.cfg"),
                    "name = millwright\nlibrary = " + library + "\nslotListIndex = 0\n");
            String pin = new String(PIN);
            run("softhsm2-util", "--init-token", "--free", "--label", "millwright", "--so-pin", pin, "--pin", pin);
            run(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    ALIAS,
                    "-keyalg",
                    "EC",
                    "-groupname",
                    "secp256r1",
                    "-dname",
                    "CN=bundles",
                    "-keystore",
                    "NONE",
                    "-storetype",
                    "PKCS11",
                    "-storepass",
                    pin,
                    "-addprovider",
                    "SunPKCS11",
                    "-providerarg",
                    configuration.toString());
            return configuration;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void clear(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        try {
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + ": " + said);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
