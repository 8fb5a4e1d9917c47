package org.millwright.scoring.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.Model;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.profile.Reference;
import org.millwright.scoring.signing.ModelSigning;
import org.millwright.scoring.signing.TrustedKey;
import org.millwright.scoring.signing.Untrusted;

/** A verified model bundle: a signed folder with the model, its contract, its evidence and its probe rows. */
public final class Bundle {
    /** The manifest's name inside the folder. */
    public static final String MANIFEST = "bundle.json";

    /** The probe rows' name inside the folder. */
    public static final String PROBE = "probe.json";

    /** The runtime of ONNX graphs. */
    public static final String ONNX = "onnx";

    private final Path folder;
    private final Manifest manifest;
    private final ModelSigning.Signed signed;

    private @Nullable Probe probe;

    private Bundle(Path folder, Manifest manifest, ModelSigning.Signed signed) {
        this.folder = folder;
        this.manifest = manifest;
        this.signed = signed;
    }

    /**
     * Verifies a bundle and reads its manifest; nothing of it is used before it is verified.
     *
     * @throws Untrusted when it is not exactly what one of the keys signed
     */
    public static Bundle open(Path folder, Collection<TrustedKey> keys) {
        ModelSigning.Signed signed = ModelSigning.verify(folder, keys);
        try {
            Manifest manifest = ManifestJson.read(verified(folder, MANIFEST, signed));
            compare(manifest, signed.files());
            if (!signed.files().containsKey(PROBE)) {
                throw new Untrusted("the bundle has no signed file '" + PROBE + "'");
            }
            return new Bundle(folder, manifest, signed);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the bundle", e);
        }
    }

    public Manifest manifest() {
        return manifest;
    }

    /** The recorded rows, read when first asked for: of a wide model they are most of what there is to read. */
    public synchronized Probe probe() {
        Probe known = probe;
        if (known == null) {
            try {
                known = Probe.read(verified(folder, PROBE, signed), manifest.signature());
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read the bundle's " + PROBE, e);
            }
            probe = known;
        }
        return known;
    }

    /** Hex SHA-256 over all files: what names this bundle's content. */
    public String digest() {
        return signed.root();
    }

    /** The key that signed it. */
    public TrustedKey signedBy() {
        return signed.key();
    }

    public Path folder() {
        return folder;
    }

    /** The profile of the training rows, when the bundle has one. */
    public Optional<Reference> reference() {
        if (!signed.files().containsKey(Reference.FILE)) {
            return Optional.empty();
        }
        try {
            byte[] json = verified(folder, Reference.FILE, signed);
            return Optional.of(Reference.fromJson(new String(json, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the bundle's " + Reference.FILE, e);
        }
    }

    /** Loads the model; throws {@link ModelFailure} when its runtime is unknown or refuses it. */
    public Model load() {
        ModelFormat format = ModelFormat.of(manifest.runtime());
        try {
            return format.load(verified(folder, manifest.main(), signed), manifest.signature());
        } catch (IOException e) {
            throw new ModelFailure("cannot read the model file " + manifest.main(), e);
        }
    }

    /** The bytes of one of its files; throws {@link Untrusted} when there is none of that name. */
    public byte[] file(String name) throws IOException {
        return verified(folder, name, signed);
    }

    /** Copies all files below one of its folders to another, each digested again on the way; throws {@link Untrusted}. */
    public void copy(String below, Path target) throws IOException {
        for (Map.Entry<String, String> file : signed.files().entrySet()) {
            if (file.getKey().startsWith(below + "/")) {
                Path copy = target.resolve(file.getKey().substring(below.length() + 1));
                Files.createDirectories(copy.getParent());
                MessageDigest digest = sha256();
                try (InputStream in =
                        new DigestInputStream(Files.newInputStream(folder.resolve(file.getKey())), digest)) {
                    Files.copy(in, copy);
                }
                if (!HexFormat.of().formatHex(digest.digest()).equals(file.getValue())) {
                    throw new Untrusted("'" + file.getKey() + "' changed while the bundle was being read");
                }
            }
        }
    }

    /** The file's bytes, digested again as they are read: what is used is what was verified. */
    private static byte[] verified(Path folder, String name, ModelSigning.Signed signed) throws IOException {
        String expected = signed.files().get(name);
        if (expected == null) {
            throw new Untrusted("the bundle has no signed file '" + name + "'");
        }
        byte[] bytes = Files.readAllBytes(folder.resolve(name));
        if (!sha256(bytes).equals(expected)) {
            throw new Untrusted("'" + name + "' changed while the bundle was being read");
        }
        return bytes;
    }

    private static void compare(Manifest manifest, Map<String, String> signed) {
        Set<String> listed = new HashSet<>();
        for (Manifest.Entry entry : manifest.files()) {
            listed.add(entry.path());
            if (!entry.sha256().equals(signed.get(entry.path()))) {
                throw new Untrusted("'" + entry.path() + "' is not the file that " + MANIFEST + " lists");
            }
        }
        for (String name : signed.keySet()) {
            if (!name.equals(MANIFEST) && !listed.contains(name)) {
                throw new Untrusted("'" + name + "' is signed but " + MANIFEST + " does not list it");
            }
        }
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }
}
