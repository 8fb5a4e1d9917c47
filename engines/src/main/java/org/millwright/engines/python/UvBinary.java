package org.millwright.engines.python;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.millwright.environment.BuildProgress;
import org.millwright.kernel.Problem;

/**
 * The uv program: the user's own when MW_UV names it, else one pinned version, fetched once from the package index into
 * Millwright's tools folder and checked against the hash known here.
 */
final class UvBinary {
    private final Path tools;
    private final Map<String, String> env;
    private final Properties pinned;

    UvBinary(Path tools, Map<String, String> env) {
        this.tools = tools;
        this.env = env;
        this.pinned = new Properties();
        try (InputStream in = UvBinary.class.getResourceAsStream("uv.properties")) {
            if (in == null) {
                throw new IllegalStateException("uv.properties is missing");
            }
            pinned.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The executable, downloaded now when it is not there. */
    synchronized Path path(Consumer<BuildProgress> progress) {
        String own = env.getOrDefault("MW_UV", "");
        if (!own.isEmpty()) {
            if (!Files.isExecutable(Path.of(own))) {
                throw new Problem.Unavailable(
                        "MW_UV names " + own + ", which is no program", "Correct or unset MW_UV.");
            }
            return Path.of(own);
        }
        Path binary = fetched();
        if (!Files.isExecutable(binary)) {
            fetch(platform(), binary, progress);
        }
        return binary;
    }

    /** Whether {@link #path} would answer without a download. */
    boolean isHere() {
        String own = env.getOrDefault("MW_UV", "");
        return Files.isExecutable(own.isEmpty() ? fetched() : Path.of(own));
    }

    private Path fetched() {
        String platform = platform();
        return tools.resolve("uv-" + pinned.getProperty("version") + "-" + platform)
                .resolve(platform.startsWith("windows") ? "uv.exe" : "uv");
    }

    private void fetch(String platform, Path binary, Consumer<BuildProgress> progress) {
        String entry = pinned.getProperty(platform);
        if (entry == null) {
            throw new Problem.Unavailable(
                    "uv has no build for " + platform, "Install uv some other way and set MW_UV to its path.");
        }
        String[] fileAndHash = entry.split(" ");
        progress.accept(new BuildProgress(
                BuildProgress.Phase.PREPARING,
                "fetching uv " + pinned.getProperty("version") + " (a 15-20 MB download, once)"));
        try {
            Files.createDirectories(binary.getParent());
            Path wheel = Files.createTempFile(binary.getParent(), "uv", ".whl");
            try {
                new IndexClient(PipSettings.read(env)).download("uv", fileAndHash[0], wheel);
                requireHash(wheel, fileAndHash[0], fileAndHash[1]);
                unpack(wheel, binary);
            } finally {
                Files.deleteIfExists(wheel);
            }
        } catch (IOException e) {
            throw new Problem.Unavailable("Cannot write uv to " + binary + ": " + e, "Is the disk full?", e);
        }
    }

    private static void requireHash(Path wheel, String name, String expected) throws IOException {
        try (var in = new DigestInputStream(Files.newInputStream(wheel), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            String found = HexFormat.of().formatHex(in.getMessageDigest().digest());
            if (!found.equals(expected)) {
                throw new Problem.Unavailable(
                        name + " from the package index has SHA-256 " + found + " (expected: " + expected + ")",
                        "The index does not serve PyPI's file: use another one, or set MW_UV to an installed uv.");
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void unpack(Path wheel, Path binary) throws IOException {
        try (var zip = new ZipFile(wheel.toFile())) {
            ZipEntry entry = zip.stream()
                    .filter(file -> file.getName().endsWith(".data/scripts/" + binary.getFileName()))
                    .findFirst()
                    .orElseThrow(() -> new IOException("The wheel holds no " + binary.getFileName()));
            Path aside = Files.createTempFile(binary.getParent(), "uv", "");
            try (InputStream in = zip.getInputStream(entry)) {
                Files.copy(in, aside, StandardCopyOption.REPLACE_EXISTING);
            }
            if (!aside.toFile().setExecutable(true, false) || !aside.toFile().setReadable(true, false)) {
                throw new IOException("Cannot make " + aside + " executable");
            }
            Files.move(aside, binary, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static String platform() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "aarch64";
            case "arm" -> "armv7";
            default -> System.getProperty("os.arch");
        };
        if (name.startsWith("mac")) {
            return "macos-" + arch;
        }
        if (name.startsWith("windows")) {
            return "windows-" + arch;
        }
        boolean musl = Files.exists(Path.of("/lib/ld-musl-" + System.getProperty("os.arch") + ".so.1"))
                || Files.exists(Path.of("/lib/ld-musl-" + arch + ".so.1"));
        return (musl ? "linux-musl-" : "linux-") + arch;
    }
}
