package org.millwright.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.scoring.signing.Dsse;
import org.millwright.scoring.signing.ModelSigning;
import org.millwright.scoring.signing.TrustedKey;
import org.millwright.scoring.signing.Untrusted;

/** Checks a pack without a server: its files, its place in the log, the model's signature, and who approved what. */
public final class PackCheck {
    private final OpenedPack pack;
    private final Optional<String> logKey;
    private final Optional<String> modelKey;
    private final List<Line> lines = new ArrayList<>();
    private JsonNode index = Json.object();
    private Map<String, JsonNode> entries = new HashMap<>();

    private PackCheck(OpenedPack pack, Optional<String> logKey, Optional<String> modelKey) {
        this.pack = pack;
        this.logKey = logKey;
        this.modelKey = modelKey;
    }

    /** One thing that was checked. */
    public record Line(String check, boolean holds, String detail) {}

    /** What was checked, in order. */
    public record Report(String subject, List<Line> lines) {
        public Report {
            lines = List.copyOf(lines);
        }

        public boolean holds() {
            return lines.stream().allMatch(Line::holds);
        }
    }

    /**
     * Checks everything that can be checked.
     *
     * @param logKey the log's verifier key from another way; that of the pack when empty
     * @param modelKey the public key of models from another way, as PEM
     */
    public static Report check(Path file, Optional<String> logKey, Optional<String> modelKey) {
        try (OpenedPack opened = OpenedPack.open(file)) {
            return new PackCheck(opened, logKey, modelKey).run();
        } catch (Untrusted e) {
            return new Report("", List.of(new Line("zip", false, String.valueOf(e.getMessage()))));
        }
    }

    private Report run() {
        step("files", this::files);
        step("log", this::log);
        step("pack in the log", this::packInLog);
        step("model", this::model);
        step("certificate", this::certificate);
        step("approval", this::approval);
        return new Report(index.path("subject").asText(), lines);
    }

    /** A check that says what it found, or throws what does not hold. */
    private interface Check {
        String run() throws IOException;
    }

    private void step(String name, Check check) {
        try {
            lines.add(new Line(name, true, check.run()));
        } catch (Untrusted | Problem e) {
            lines.add(new Line(name, false, String.valueOf(e.getMessage())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String files() {
        index = Json.parse(pack.bytes(Pack.INDEX));
        Set<String> listed = new HashSet<>();
        for (JsonNode file : index.path("files")) {
            String name = file.path("name").asText();
            if (!pack.has(name)) {
                throw new Untrusted(name + " is listed in index.json and missing");
            }
            if (!pack.sha256(name).equals(file.path("sha256").asText())) {
                throw new Untrusted(name + " is not the file that index.json lists");
            }
            listed.add(name);
        }
        String own = packEntry();
        for (String name : pack.names()) {
            boolean proof = name.equals(PackProofs.KEY)
                    || name.equals(PackProofs.ENTRY_OF_PACK)
                    || name.equals(own)
                    || name.matches("ledger/(checkpoints/\\d+|entries/\\d+\\.tlog-proof)");
            if (!listed.contains(name) && !proof && !name.equals(Pack.INDEX)) {
                throw new Untrusted(name + " is in the pack and not listed in index.json");
            }
        }
        return listed.size() + " files have the digests of index.json";
    }

    private String packEntry() {
        String number = pack.has(PackProofs.ENTRY_OF_PACK)
                ? pack.text(PackProofs.ENTRY_OF_PACK).strip()
                : "";
        return number.matches("\\d{1,18}") ? Pack.LEDGER + "entries/" + number + ".json" : "";
    }

    private String log() {
        String given = pack.text(PackProofs.KEY).strip();
        if (logKey.filter(key -> !key.strip().equals(given)).isPresent()) {
            throw new Untrusted("the pack's log key is not the one that was given");
        }
        LogProof proof = LogProof.by(given);
        long size = 0;
        for (String name : pack.names()) {
            if (name.startsWith(Pack.LEDGER + "checkpoints/")) {
                size = Math.max(size, proof.open(pack.text(name)).size());
            } else if (name.startsWith(Pack.LEDGER + "entries/") && name.endsWith(".json")) {
                entry(proof, name);
            }
        }
        if (size == 0 || entries.isEmpty()) {
            throw new Untrusted("it has no signed checkpoint or no entry");
        }
        return entries.size() + " entries are in the log of " + size + " that was signed";
    }

    private void entry(LogProof proof, String name) {
        String base = name.substring(0, name.length() - ".json".length());
        try {
            byte[] leaf = pack.bytes(name);
            long found = proof.requireIncluded(leaf, pack.text(base + ".tlog-proof"));
            if (!base.endsWith("/" + found)) {
                throw new Untrusted("its proof is about entry " + found);
            }
            entries.put(name, Json.parse(leaf));
        } catch (Untrusted e) {
            throw new Untrusted(name + ": " + e.getMessage(), e);
        }
    }

    private String packInLog() {
        JsonNode entry = entries.get(packEntry());
        if (entry == null || !entry.path("action").asText().equals(Concerned.EXPORTED)) {
            throw new Untrusted("no entry of the log tells of this pack");
        }
        if (!entry.path("details").path("index").asText().equals(pack.sha256(Pack.INDEX))) {
            throw new Untrusted("index.json is not the one that the log tells of");
        }
        return "index.json is the one that the log tells of";
    }

    private List<TrustedKey> keys() {
        var keys = new ArrayList<TrustedKey>();
        try {
            keys.add(TrustedKey.fromPem(pack.text(PackContent.KEY)));
            if (modelKey.map(TrustedKey::fromPem)
                    .filter(other -> !other.equals(keys.getFirst()))
                    .isPresent()) {
                throw new Untrusted("the pack's model key is not the one that was given");
            }
            if (pack.has(PackContent.FILES_KEY)) {
                keys.add(TrustedKey.fromPem(pack.text(PackContent.FILES_KEY)));
            }
            return keys;
        } catch (IllegalArgumentException e) {
            throw new Untrusted("a model key cannot be read: " + e.getMessage(), e);
        }
    }

    private String model() throws IOException {
        String signature = PackContent.MODEL + ModelSigning.FILE;
        if (!pack.has(signature)) {
            return "the version has no bundle, so nothing is signed";
        }
        if (!index.path("model").path("filesIncluded").asBoolean()) {
            Dsse.verify(Json.parse(pack.bytes(signature)), keys());
            return "signed; its files were left out of the pack";
        }
        Path folder = Files.createTempDirectory("mw-evidence");
        try {
            for (String name : pack.names()) {
                if (name.startsWith(PackContent.MODEL)) {
                    extract(name, folder.resolve(name.substring(PackContent.MODEL.length())));
                }
            }
            ModelSigning.Signed signed = ModelSigning.verify(folder, keys());
            if (!signed.root().equals(index.path("model").path("root").asText(signed.root()))) {
                throw new Untrusted("the model's files are not those of the certificate");
            }
            return signed.files().size() + " files with digest " + signed.root() + " are as they were signed";
        } finally {
            delete(folder);
        }
    }

    private void extract(String name, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        try (OutputStream out = Files.newOutputStream(target)) {
            pack.copy(name, out);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private String certificate() {
        if (!pack.has(PackContent.STATEMENT)) {
            return "the version has no certificate";
        }
        Dsse.Verified verified = Dsse.verify(Json.parse(pack.bytes(PackContent.STATEMENT)), keys());
        JsonNode subject = Json.parse(verified.payload()).path("subject").path(0);
        String root = subject.path("digest").path("sha256").asText();
        if (!subject.path("name").asText().equals(index.path("subject").asText())
                || !root.equals(index.path("model").path("root").asText())) {
            throw new Untrusted(
                    "the certificate is about " + subject.path("name").asText() + " with digest " + root);
        }
        return "about " + subject.path("name").asText() + " with digest " + root;
    }

    /** The newest approval among the entries, of these very files if there is one: by another than who asked. */
    private String approval() {
        String bundle = index.path("model").path("bundle").asText();
        Optional<JsonNode> found = entries.values().stream()
                .filter(entry -> entry.path("action").asText().equals("approval.approved"))
                .filter(entry -> concerns(entry, index.path("subject").asText()))
                .max(Comparator.comparing(
                                (JsonNode entry) -> digest(entry, "bundle").equals(bundle))
                        .thenComparingLong(entry -> entry.path("at").asLong()));
        if (found.isEmpty()) {
            return "nobody has approved a release of it";
        }
        JsonNode entry = found.get();
        if (!digest(entry, "bundle").equals(bundle)) {
            throw new Untrusted(
                    "what was approved has the digest " + digest(entry, "bundle") + ", the model here " + bundle);
        }
        String by = entry.path("actor").asText();
        if (by.equals(entry.path("details").path("requestedBy").asText())) {
            throw new Untrusted("the one who asked for the release approved it");
        }
        String name = pack.has("people.json")
                ? Json.parse(pack.bytes("people.json")).path(by).asText(by)
                : by;
        boolean same = !pack.has(PackContent.STATEMENT)
                || digest(entry, "certificate").equals(pack.sha256(PackContent.STATEMENT));
        return name + " approved " + entry.path("subjects").path(0).asText() + " with this digest, "
                + Sheet.time(entry.path("at").asLong())
                + (same ? "" : "; the certificate was renewed since then");
    }

    private static String digest(JsonNode entry, String name) {
        return entry.path("details").path("digests").path(name).asText();
    }

    private static boolean concerns(JsonNode entry, String subject) {
        for (JsonNode about : entry.path("subjects")) {
            if (about.asText().equals(subject)) {
                return true;
            }
        }
        return false;
    }
}
