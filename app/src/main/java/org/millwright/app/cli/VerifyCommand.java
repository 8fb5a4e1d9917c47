package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.scoring.bundle.BundleArchive;
import org.millwright.scoring.signing.ModelSigning;
import org.millwright.scoring.signing.TrustedKey;
import org.millwright.scoring.signing.Untrusted;
import org.millwright.scoring.sigstore.KeylessBundle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw verify}: checks signed models and statements by a public key, or by who signed; no server is asked. */
@Command(
        name = "verify",
        description =
                "Check signed model folders, bundles and statements by a public key or who signed; no server is needed.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    private static final long MOST_STATEMENT = 16L << 20;
    private static final String STATEMENTS = ".sigstore.json";

    @Mixin
    private Written written = new Written();

    @Parameters(
            paramLabel = "PATH",
            arity = "1..*",
            description =
                    "A model folder with its signature, a bundle (.zip), a statement (.json), or a folder of such.")
    private List<Path> paths = List.of();

    @Option(
            names = "--key",
            paramLabel = "PEM",
            description = "A trusted public key (P-256); may be given several times.")
    private List<Path> keyFiles = List.of();

    @Mixin
    private ExpectedSigner signer = new ExpectedSigner();

    @Option(
            names = "--signature",
            paramLabel = "FILE",
            description = "The signature of a folder that does not hold it.")
    private Optional<Path> signature = Optional.empty();

    private final ArrayNode found = Json.array();
    private final Map<String, String> roots = new HashMap<>();
    private final List<JsonNode> models = new ArrayList<>();

    @Override
    public Integer call() {
        SignatureTrust trust = trust();
        try {
            for (Path path : paths) {
                verify(written.around().resolve(path), trust);
            }
            requireSameModels();
        } catch (Untrusted e) {
            throw new Problem.Refused(
                    "Not verified: " + e.getMessage(), "Do not use it; get it again from whom you trust.");
        }
        return written.list(found, "what", "name", "sha256", "says", "key");
    }

    private SignatureTrust trust() {
        List<TrustedKey> keys = keyFiles.stream().map(this::key).toList();
        Optional<KeylessBundle.Expected> expected = signer.expected(written.around());
        if (keys.isEmpty() && expected.isEmpty()) {
            throw new Problem.Invalid(
                    "Say whose signature is believed (expected: --key PEM, or --trust-root FILE --identity WHO --issuer URL)",
                    "mw key show > key.pub writes a server's key.");
        }
        return new SignatureTrust(keys, expected);
    }

    private TrustedKey key(Path file) {
        try {
            return TrustedKey.fromPem(Files.readString(written.around().resolve(file)));
        } catch (IOException e) {
            throw new Problem.NotFound("Cannot read the key " + file, "mw key show > key.pub writes a server's key.");
        } catch (IllegalArgumentException e) {
            throw new Problem.Invalid(
                    file + " is no public key: " + e.getMessage(), "mw key show > key.pub writes a server's key.");
        }
    }

    private void verify(Path path, SignatureTrust trust) {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new Problem.NotFound("There is no " + path);
        }
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            boolean signed = signature.isPresent() || Files.exists(path.resolve(ModelSigning.FILE));
            if (signed) {
                folder(path, path.getFileName().toString(), trust);
            } else {
                all(path, trust);
            }
        } else if (path.toString().endsWith(".zip")) {
            archive(path, trust);
        } else {
            statement(path, trust);
        }
    }

    private void all(Path folder, SignatureTrust trust) {
        try (var files = Files.list(folder)) {
            List<Path> sorted = files.sorted().toList();
            if (sorted.stream().noneMatch(file -> isSigned(file.toString()))) {
                throw new Untrusted(
                        "'" + folder.getFileName() + "' holds no " + ModelSigning.FILE + ", bundle or *" + STATEMENTS);
            }
            for (Path file : sorted) {
                if (isSigned(file.toString())) {
                    verify(file, trust);
                } else {
                    note("not signed", file.getFileName().toString(), "", "nothing vouches for it", "");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSigned(String name) {
        return name.endsWith(".zip") || name.endsWith(STATEMENTS);
    }

    private void archive(Path file, SignatureTrust trust) {
        Path folder = null;
        try (InputStream in = Files.newInputStream(file)) {
            folder = Files.createTempDirectory("bundle-");
            BundleArchive.unpack(in, folder.resolve("bundle"));
            folder(folder.resolve("bundle"), file.getFileName().toString(), trust);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (folder != null) {
                Scratch.delete(folder);
            }
        }
    }

    private void folder(Path folder, String name, SignatureTrust trust) {
        Path file = signature.map(written.around()::resolve).orElse(folder.resolve(ModelSigning.FILE));
        SignatureTrust.Signed signed = trust.verify(ModelSigning.read(file));
        ModelSigning.Contents contents = ModelSigning.contents(folder, file, signed.payload());
        roots.put(contents.root(), name);
        note(
                "model",
                name,
                contents.root(),
                contents.files().size() + " files, each as signed, and no other",
                signed.by());
    }

    private void statement(Path file, SignatureTrust trust) {
        try {
            if (Files.size(file) > MOST_STATEMENT) {
                throw new Untrusted(file.getFileName() + " is larger than a statement may be");
            }
            SignatureTrust.Signed verified = trust.verify(parsed(Files.readAllBytes(file), file));
            JsonNode statement = parsed(verified.payload(), file);
            for (JsonNode subject : statement.path("subject")) {
                note(
                        "statement",
                        subject.path("name").asText(),
                        subject.path("digest").path("sha256").asText(),
                        statement.path("predicateType").asText(),
                        verified.by());
                if (subject.path("name").asText().startsWith("model:")) {
                    models.add(subject);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode parsed(byte[] json, Path file) {
        try {
            return Json.parse(json);
        } catch (Problem.Invalid e) {
            throw new Untrusted(file.getFileName() + " is no signed statement: " + e.getMessage(), e);
        }
    }

    /** A statement about a model that lies beside another one would speak for the wrong files. */
    private void requireSameModels() {
        for (JsonNode subject : models) {
            String sha256 = subject.path("digest").path("sha256").asText();
            if (!roots.isEmpty() && !roots.containsKey(sha256)) {
                throw new Untrusted(
                        "the statement about " + subject.path("name").asText() + " is about files with digest " + sha256
                                + ", not about " + String.join(", ", roots.values()));
            }
        }
    }

    private void note(String what, String name, String sha256, String says, String key) {
        found.addObject()
                .put("what", what)
                .put("name", name)
                .put("sha256", sha256)
                .put("says", says)
                .put("key", key);
    }
}
