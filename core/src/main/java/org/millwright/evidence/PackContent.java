package org.millwright.evidence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.lineage.Certificate;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.scoring.signing.ModelSigning;
import org.millwright.scoring.signing.TrustedKey;

/** What a pack holds but for the proofs: only what the records say, no time of its own. */
final class PackContent {
    /** Bytes of the model's files that a pack takes. */
    static final long MOST_MODEL = 512L << 20;

    static final String MODEL = "model/";
    static final String STATEMENT = "statements/certificate.sigstore.json";
    static final String KEY = "keys/model-signing.pem";
    /** Where the files were signed before the key changed hands. */
    static final String FILES_KEY = "keys/model-files.pem";

    private final RecordRooms rooms;
    private final Dossier dossier;
    private final Assessment assessment;
    private final boolean withModel;

    PackContent(RecordRooms rooms, Dossier dossier, Assessment assessment, boolean withModel) {
        this.rooms = rooms;
        this.dossier = dossier;
        this.assessment = assessment;
        this.withModel = withModel;
    }

    List<PackFile> files() {
        var files = new ArrayList<PackFile>();
        assessment.answers().values().stream()
                .filter(answer -> answer.state() != Answer.State.MISSING)
                .forEach(answer -> files.add(PackFile.of(answer.file(), Json.canonical(answer.record()))));
        Card card = Cards.of(dossier);
        files.add(PackFile.of("card.html", CardText.html(card)));
        files.add(PackFile.of("card.md", CardText.markdown(card)));
        files.add(PackFile.of("card.json", Json.canonical(card.json())));
        files.add(PackFile.of("people.json", Json.canonical(people())));
        files.add(PackFile.of("map.yaml", assessment.map().text()));
        files.addAll(keys());
        Optional<Certificate> certificate = dossier.proof().certificate();
        certificate.ifPresent(
                found -> files.add(PackFile.of(STATEMENT, rooms.certificates().statement(found))));
        dossier.proof().bundle().ifPresent(bundle -> files.addAll(model(bundle)));
        entries(dossier).forEach(entry -> files.add(PackProofs.leaf(entry)));
        files.add(PackFile.of("README.txt", PackReadme.text(dossier.ref(), withModel)));
        files.add(PackFile.of("index.html", new PackPage(dossier, assessment, files).html()));
        return files;
    }

    /** The public halves of the keys that signed the certificate and, where another did, the model's files. */
    private List<PackFile> keys() {
        TrustedKey current = rooms.certificates().trusted();
        Optional<String> files = dossier.proof().bundle().map(PackContent::signer);
        String certificate = dossier.proof()
                .certificate()
                .map(Certificate::key)
                .or(() -> files)
                .orElse(current.hint());
        var keys = new ArrayList<PackFile>();
        for (TrustedKey key : rooms.certificates().keys().trusted()) {
            if (key.hint().equals(certificate)) {
                keys.add(PackFile.of(KEY, key.pem()));
            } else if (files.equals(Optional.of(key.hint()))) {
                keys.add(PackFile.of(FILES_KEY, key.pem()));
            }
        }
        return keys;
    }

    /** The hint of the key that signed the files. */
    private static String signer(Bundle bundle) {
        try {
            return Json.parse(Files.readAllBytes(bundle.folder().resolve(ModelSigning.FILE)))
                    .at("/verificationMaterial/publicKey/hint")
                    .asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The newest entries that concern the version, oldest first. */
    static List<Entry> entries(Dossier dossier) {
        List<Entry> all = dossier.entries();
        return all.subList(Math.max(0, all.size() - Packs.MOST_ENTRIES), all.size());
    }

    private List<PackFile> model(Bundle bundle) {
        Path folder = bundle.folder();
        try {
            byte[] signature = Files.readAllBytes(folder.resolve(ModelSigning.FILE));
            var files = new ArrayList<PackFile>(List.of(PackFile.of(MODEL + ModelSigning.FILE, signature)));
            if (!withModel) {
                return files;
            }
            Map<String, String> digests = new TreeMap<>(
                    ModelSigning.verify(folder, List.of(bundle.signedBy())).files());
            for (Map.Entry<String, String> file : digests.entrySet()) {
                files.add(PackFile.of(MODEL + file.getKey(), folder.resolve(file.getKey()), file.getValue()));
            }
            long size = files.stream().mapToLong(PackFile::size).sum();
            if (size > MOST_MODEL) {
                throw new Problem.TooLarge(
                        "The files of " + dossier.ref() + " have " + size + " bytes (expected: at most " + MOST_MODEL
                                + ")",
                        "Make the pack without them: --without-model. Its signature is in it all the same.");
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of those whom entries of the pack name by their ids. */
    private ObjectNode people() {
        var names = new TreeMap<String, String>();
        for (Entry entry : entries(dossier)) {
            names.put(entry.actor(), dossier.name(entry.actor()));
            entry.details().forEach(value -> {
                if (value.isTextual() && value.asText().startsWith("u-")) {
                    names.put(value.asText(), dossier.name(value.asText()));
                }
            });
        }
        ObjectNode people = Json.object();
        names.forEach(people::put);
        return people;
    }

    ObjectNode index(List<PackFile> files) {
        ObjectNode index = Json.object().put("format", 1);
        index.setAll(assessment.json());
        ObjectNode model = index.putObject("model").put("filesIncluded", withModel);
        dossier.proof()
                .certificate()
                .ifPresent(found -> model.put("root", found.root()).put("key", found.key()));
        dossier.version().bundle().ifPresent(bundle -> model.put("bundle", bundle.digest()));
        index.putObject("ledger")
                .put("entries", entries(dossier).size())
                .put("left", dossier.entries().size() - entries(dossier).size());
        var list = index.putArray("files");
        files.stream()
                .sorted(java.util.Comparator.comparing(PackFile::name))
                .forEach(file -> list.addObject()
                        .put("name", file.name())
                        .put("sha256", file.sha256())
                        .put("size", file.size()));
        return index;
    }
}
