package org.millwright.scoring.signing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Signs a folder and verifies it, in the form of OpenSSF Model Signing v1, which the {@code model_signing} tool reads. */
public final class ModelSigning {
    /** The signature's name inside the folder. */
    public static final String FILE = "model.sig";

    private static final String STATEMENT = "https://in-toto.io/Statement/v1";
    private static final String PREDICATE = "https://model_signing/signature/v1.0";
    private static final List<String> GIT = List.of(".git", ".gitattributes", ".github", ".gitignore");
    private static final long MOST_BYTES = 64L << 20;
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private ModelSigning() {}

    /**
     * What was verified.
     *
     * @param root the digest over all files, hex SHA-256
     * @param files hex SHA-256 by path
     * @param key the trusted key that signed
     */
    public record Signed(String root, Map<String, String> files, TrustedKey key) {}

    /** Signs every file of the folder into {@link #FILE}, which appears whole or not at all; returns the root digest. */
    public static String sign(Path folder, Signer key) {
        Path file = folder.resolve(FILE);
        Unsigned unsigned = unsigned(folder, file);
        write(folder, file, Dsse.sign(unsigned.payload(), key));
        return unsigned.root();
    }

    /**
     * What there is to sign of a folder.
     *
     * @param payload the statement about every file
     * @param root the digest over all of them, hex SHA-256
     */
    public record Unsigned(byte[] payload, String root) {}

    /**
     * The statement about every file of the folder, for whoever signs in another way.
     *
     * @param signature where the signature will be, which is not signed when that is in the folder
     */
    public static Unsigned unsigned(Path folder, Path signature) {
        Set<String> ignored = ignored(folder, signature);
        Map<String, String> digests = FolderDigest.of(folder, ignored);
        String root = FolderDigest.root(digests.values());
        try {
            return new Unsigned(JSON.writeValueAsBytes(statement(folder, digests, root, ignored)), root);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the signature of a folder, whole or not at all. */
    public static void write(Path folder, Path signature, JsonNode bundle) {
        try {
            Path part = folder.resolveSibling(folder.getFileName() + "." + FILE + ".part");
            Files.write(part, JSON.writeValueAsBytes(bundle));
            Files.move(part, signature, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + signature.getFileName(), e);
        }
    }

    /**
     * Verifies the folder against its {@link #FILE}.
     *
     * @throws Untrusted when a file was changed, added or removed, a link is present, the key is unknown, or the
     *     signature leaves out more than git's own files
     */
    public static Signed verify(Path folder, Collection<TrustedKey> keys) {
        return verify(folder, folder.resolve(FILE), keys);
    }

    /** The same with the signature in a file of another name or place. */
    public static Signed verify(Path folder, Path signature, Collection<TrustedKey> keys) {
        Dsse.Verified verified = Dsse.verify(read(signature), keys);
        Contents contents = contents(folder, signature, verified.payload());
        return new Signed(contents.root(), contents.files(), verified.key());
    }

    /**
     * What a folder holds, as its signature says.
     *
     * @param root the digest over all files, hex SHA-256
     * @param files hex SHA-256 by path
     */
    public record Contents(String root, Map<String, String> files) {}

    /** Holds the folder against the statement that its signature was found to sign; throws {@link Untrusted}. */
    public static Contents contents(Path folder, Path signature, byte[] payload) {
        Set<String> ignored = ignored(folder, signature);
        JsonNode statement = parse(payload, "signed statement");
        expect(statement.path("_type"), STATEMENT, "_type");
        expect(statement.path("predicateType"), PREDICATE, "predicateType");
        checkSerialization(statement.path("predicate").path("serialization"), ignored);
        Map<String, String> signed = resources(statement.path("predicate").path("resources"));
        String root = root(statement, signed);
        compare(signed, FolderDigest.of(folder, ignored));
        return new Contents(root, signed);
    }

    private static ObjectNode statement(Path folder, Map<String, String> digests, String root, Set<String> ignored) {
        ObjectNode statement = JSON.createObjectNode().put("_type", STATEMENT);
        statement
                .putArray("subject")
                .addObject()
                .put("name", String.valueOf(folder.toAbsolutePath().normalize().getFileName()))
                .putObject("digest")
                .put("sha256", root);
        statement.put("predicateType", PREDICATE);
        ObjectNode predicate = statement.putObject("predicate");
        ObjectNode serialization = predicate.putObject("serialization");
        serialization.put("method", "files").put("hash_type", "sha256").put("allow_symlinks", false);
        ArrayNode ignore = serialization.putArray("ignore_paths");
        GIT.forEach(ignore::add);
        ignored.stream().filter(name -> !GIT.contains(name)).forEach(ignore::add);
        ArrayNode resources = predicate.putArray("resources");
        digests.forEach((name, digest) -> resources
                .addObject()
                .put("name", name)
                .put("algorithm", "sha256")
                .put("digest", digest));
        return statement;
    }

    /** Git's own files and the signature, where it lies in the folder. */
    private static Set<String> ignored(Path folder, Path signature) {
        Set<String> ignored = new HashSet<>(GIT);
        Path inside = folder.toAbsolutePath().normalize();
        Path file = signature.toAbsolutePath().normalize();
        if (inside.equals(file.getParent())) {
            ignored.add(file.getFileName().toString());
        }
        return ignored;
    }

    /** Reads a signature's file; throws {@link Untrusted} when it is none. */
    public static JsonNode read(Path file) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new Untrusted("the folder is not signed: it has no plain file " + FILE);
        }
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new Untrusted(FILE + " is above " + MOST_BYTES + " bytes");
            }
            return parse(Files.readAllBytes(file), FILE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + FILE, e);
        }
    }

    private static JsonNode parse(byte[] json, String what) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new Untrusted(what + " is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new Untrusted(what + " cannot be read", e);
        }
    }

    private static void checkSerialization(JsonNode serialization, Set<String> ignored) {
        expect(serialization.path("method"), "files", "method");
        expect(serialization.path("hash_type"), "sha256", "hash_type");
        if (serialization.path("allow_symlinks").asBoolean(true)) {
            throw new Untrusted("the signature allows symbolic links, which is not accepted");
        }
        for (JsonNode path : serialization.path("ignore_paths")) {
            if (!ignored.contains(path.asText())) {
                throw new Untrusted("the signature leaves out '" + path.asText()
                        + "': only git's own files and the signature may be left out");
            }
        }
    }

    private static Map<String, String> resources(JsonNode resources) {
        Map<String, String> signed = new TreeMap<>(FolderDigest.BY_COMPONENTS);
        for (JsonNode resource : resources) {
            String name = resource.path("name").asText();
            expect(resource.path("algorithm"), "sha256", "algorithm");
            String digest = resource.path("digest").asText();
            if (!digest.matches("[0-9a-f]{64}") || signed.put(name, digest) != null) {
                throw new Untrusted("the signature lists '" + name + "' twice or without a SHA-256 digest");
            }
        }
        return signed;
    }

    private static String root(JsonNode statement, Map<String, String> signed) {
        JsonNode subject = statement.path("subject");
        List<String> listed = new ArrayList<>();
        statement
                .path("predicate")
                .path("resources")
                .forEach(r -> listed.add(r.path("digest").asText()));
        String root = FolderDigest.root(listed);
        if (subject.size() != 1
                || !root.equals(subject.path(0).path("digest").path("sha256").asText())) {
            throw new Untrusted("the signature's root digest is not that of its " + signed.size() + " files");
        }
        return root;
    }

    private static void compare(Map<String, String> signed, Map<String, String> found) {
        signed.forEach((name, digest) -> {
            String actual = found.get(name);
            if (actual == null) {
                throw new Untrusted("'" + name + "' was signed but is missing");
            }
            if (!actual.equals(digest)) {
                throw new Untrusted(
                        "'" + name + "' was changed after signing: sha256 is " + actual + ", signed was " + digest);
            }
        });
        for (String name : found.keySet()) {
            if (!signed.containsKey(name)) {
                throw new Untrusted("'" + name + "' is in the folder but was not signed");
            }
        }
    }

    private static void expect(JsonNode node, String expected, String field) {
        if (!expected.equals(node.asText())) {
            throw new Untrusted("signature: '" + field + "' is '" + node.asText() + "', expected '" + expected + "'");
        }
    }
}
