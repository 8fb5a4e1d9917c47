package org.millwright.lineage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millwright.artifact.Artifacts;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.scoring.signing.Dsse;
import org.millwright.scoring.signing.ModelSigning;
import org.millwright.scoring.signing.Signer;
import org.millwright.scoring.signing.TrustedKey;
import org.millwright.scoring.signing.Untrusted;

/**
 * Signed statements of how a model version was made: an in-toto statement with SLSA provenance over the digest of its
 * folder, by this server's P-256 key. The folder's own signature says what the files are, the statement where from.
 */
public final class Certificates {
    private static final String STATEMENT = "https://in-toto.io/Statement/v1";
    private static final String PROVENANCE = "https://slsa.dev/provenance/v1";

    private static final int MOST_DATA = 200;

    private final Database database;
    private final Ledger ledger;
    private final Artifacts artifacts;
    private final BundleKeys keys;
    private final Clock clock;
    private final CertificateStore store;
    private final RevokedAssets revoked;

    /** @param keyFile PKCS#8 PEM, readable by its owner only, with its public half in {@code keyFile.pub}; made when missing */
    public Certificates(Database database, Ledger ledger, Artifacts artifacts, Path keyFile, Clock clock) {
        this(database, ledger, artifacts, keyFile, Optional.empty(), clock);
    }

    /** @param signer what signs in place of keys in files, if the operator chose one */
    public Certificates(
            Database database, Ledger ledger, Artifacts artifacts, Path keyFile, Optional<Signer> signer, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.artifacts = artifacts;
        this.keys = new BundleKeys(database, ledger, keyFile, signer, clock);
        this.clock = clock;
        this.store = new CertificateStore(database);
        this.revoked = new RevokedAssets(database, ledger, clock);
    }

    /** The key that signs bundles and statements. */
    public Signer key() {
        return keys.current();
    }

    /** The public half of that, to verify with. */
    public TrustedKey trusted() {
        return key().trusted();
    }

    /** All keys of this server, also those that signed before. */
    public BundleKeys keys() {
        return keys;
    }

    /**
     * Certifies what lies in the folder: its files are verified against their signature (or signed now when they have
     * none), and the evidence is signed over their digest.
     *
     * @param subject asset reference of a model version, such as {@code model:flight-delays/1}
     */
    public Certificate certify(Actor by, String subject, Path folder, Evidence evidence) {
        return sign(by, subject, folder, evidence);
    }

    /** The same, and it expires: after that time what it certifies is not deployed anew. */
    public Certificate certify(Actor by, String subject, Path folder, Evidence evidence, Duration validFor) {
        return sign(
                by,
                subject,
                folder,
                evidence.and(Validity.NAME, validity(validFor).json()));
    }

    private Validity validity(Duration validFor) {
        Instant now = clock.instant();
        return new Validity(now, now.plus(validFor));
    }

    private Certificate sign(Actor by, String subject, Path folder, Evidence evidence) {
        if (!Files.exists(folder.resolve(ModelSigning.FILE))) {
            ModelSigning.sign(folder, key());
        }
        String root = rootOf(subject, folder);
        byte[] statement = Json.bytes(Dsse.sign(Json.bytes(statement(by, subject, root, evidence)), key()));
        String kept = artifacts.put(statement).sha256();
        var certificate = new Certificate(
                subject, root, kept, trusted().hint(), by.id(), by.authenticated(), clock.millis(), Optional.empty());
        return database.write(() -> {
            Optional<Certificate> before = store.get(subject);
            if (before.isPresent()) {
                return sameOrRefuse(before.get(), root);
            }
            store.insert(certificate);
            ledger.append(
                    by,
                    "model.version-certified",
                    List.of(subject, "project:" + evidence.project(), "run:" + evidence.run()),
                    made(evidence).put("root", root).put("statement", kept).put("key", certificate.key()));
            return certificate;
        });
    }

    /**
     * Certifies an asset that is no folder of files, by its digest; once.
     *
     * @param root hex SHA-256 of its content
     * @param buildType what kind of making the provenance tells of
     */
    public Certificate certify(Actor by, String subject, String root, String buildType, Evidence evidence) {
        requireUsable(subject);
        JsonNode predicate =
                evidence.predicate(buildType, "millwright:" + trusted().hint(), by.authenticated());
        byte[] signed = Json.bytes(Dsse.sign(Json.bytes(statement(subject, root, predicate)), key()));
        String kept = artifacts.put(signed).sha256();
        var certificate = new Certificate(
                subject, root, kept, trusted().hint(), by.id(), by.authenticated(), clock.millis(), Optional.empty());
        return database.write(() -> {
            Optional<Certificate> before = store.get(subject);
            if (before.isPresent()) {
                return sameOrRefuse(before.get(), root);
            }
            store.insert(certificate);
            ledger.append(
                    by,
                    "asset.certified",
                    evidence.project().isEmpty() ? List.of(subject) : List.of(subject, "project:" + evidence.project()),
                    Json.object().put("root", root).put("statement", kept).put("key", certificate.key()));
            return certificate;
        });
    }

    /** What went in, as far as an entry of the ledger has room for it: the statement names all. */
    private static ObjectNode made(Evidence evidence) {
        ObjectNode made = Json.object();
        var data = made.putArray("data");
        for (Evidence.Material material : evidence.materials()) {
            if (material.algorithm().equals("gitCommit")) {
                made.put("code", material.digest());
            } else if (material.uri().startsWith("dataset:") && data.size() < MOST_DATA) {
                data.addObject().put("ref", material.uri()).put("sha256", material.digest());
            }
        }
        return made;
    }

    /** Ends a certificate for good; what it certifies is deployed no more. The same again changes nothing. */
    public Certificate revoke(Actor by, String subject, String reason, List<String> concerned) {
        return database.write(() -> {
            Certificate known = store.get(subject)
                    .orElseThrow(() -> new Problem.NotFound(subject + " has no certificate", "mw model show MODEL"));
            if (known.revocation().isPresent()) {
                return known;
            }
            store.revoke(subject, new Certificate.Revocation(reason, by.id(), clock.millis()));
            var subjects = new ArrayList<String>(List.of(subject));
            subjects.addAll(concerned);
            ledger.append(
                    by,
                    "certificate.revoked",
                    subjects,
                    Json.object().put("reason", reason).put("root", known.root()));
            return store.get(subject).orElseThrow();
        });
    }

    /**
     * Refuses what was certified once and is no more, what comes from an asset that was revoked, and what a revoked key
     * signed.
     */
    public void requireNotRevoked(String subject) {
        requireUsable(subject);
        of(subject)
                .ifPresent(certificate -> keys.requireTrusted(
                        certificate, "mw certify " + subject + " checks it again and signs it with the current key."));
    }

    /** The same, of whatever key: what may be certified anew. */
    public void requireUsable(String subject) {
        of(subject).flatMap(Certificate::revocation).ifPresent(revocation -> {
            throw new Problem.Refused(
                    "The certificate of " + subject + " was revoked: " + revocation.reason(),
                    "Release another version.");
        });
        revoked.requireNone(subject);
    }

    /** Until when a version may be deployed anew, by what was signed; empty when nothing was said of it. */
    public Optional<Instant> validUntil(String subject) {
        try {
            return of(subject)
                    .flatMap(certificate -> Validity.of(verifiedStatement(certificate)))
                    .map(Validity::until);
        } catch (Untrusted e) {
            throw new Problem.Refused(
                    "The certificate of " + subject + " is not believed: " + e.getMessage(),
                    "Register the model again, so that a new one is made.");
        }
    }

    /** Refuses what may not be deployed anew because its time is over. */
    public void requireUnexpired(String subject) {
        validUntil(subject).filter(until -> !clock.instant().isBefore(until)).ifPresent(until -> {
            throw Certificate.expired(subject, until);
        });
    }

    /** {@link #renew(Actor, String, Path, Map)}, and valid anew from now on. */
    public Certificate renew(Actor by, String subject, Path folder, Map<String, JsonNode> results, Duration validFor) {
        var all = new TreeMap<String, JsonNode>(results);
        all.put(Validity.NAME, validity(validFor).json());
        return renew(by, subject, folder, all);
    }

    /**
     * Certifies a folder in place of the one certified before: how it was made stays as it was stated, some of what was
     * found out about it is replaced.
     *
     * @param results new results by name, see {@link Evidence#results}; the others stay, and so does its validity
     */
    public Certificate renew(Actor by, String subject, Path folder, Map<String, JsonNode> results) {
        requireUsable(subject);
        Certificate before = of(subject)
                .orElseThrow(() -> new Problem.NotFound(
                        subject + " was never certified", "Register it by a pipeline with the step register."));
        ObjectNode statement = verifiedStatement(before).deepCopy();
        String root = rootOf(subject, folder);
        ((ObjectNode) statement.path("subject").path(0)).putObject("digest").put("sha256", root);
        put(statement, results);
        String kept = artifacts
                .put(Json.bytes(Dsse.sign(Json.bytes(statement), key())))
                .sha256();
        var certificate = new Certificate(
                subject, root, kept, trusted().hint(), by.id(), by.authenticated(), clock.millis(), Optional.empty());
        return database.write(() -> {
            store.replace(certificate);
            ObjectNode details = Json.object().put("root", root).put("statement", kept);
            details.put("key", certificate.key()).put("statementBefore", before.statement());
            ledger.append(by, "model.version-recertified", List.of(subject), details);
            return certificate;
        });
    }

    private static void put(ObjectNode statement, Map<String, JsonNode> results) {
        var open = new TreeMap<String, JsonNode>(results);
        var byproducts = statement.withObject("/predicate/runDetails").withArray("byproducts");
        for (JsonNode byproduct : byproducts) {
            JsonNode result = open.remove(byproduct.path("name").asText());
            if (result != null) {
                ((ObjectNode) byproduct).putObject("annotations").set("result", result);
            }
        }
        open.forEach((name, result) -> byproducts.add(Evidence.result(name, result)));
    }

    public Optional<Certificate> of(String subject) {
        return database.read(() -> store.get(subject));
    }

    /** The signed statement: a Sigstore bundle that holds a DSSE envelope. */
    public byte[] statement(Certificate certificate) {
        return artifacts.bytes(certificate.statement());
    }

    /**
     * Checks the certificate's signature and subject, and the files of the folder against it; returns the statement.
     *
     * @throws Untrusted when anything differs from what was signed
     */
    public JsonNode verify(Certificate certificate, Path folder) {
        JsonNode statement = verifiedStatement(certificate);
        String root = ModelSigning.verify(folder, keys.trusted()).root();
        if (!root.equals(certificate.root())) {
            throw new Untrusted("the folder's digest is " + root + ", certified was " + certificate.root());
        }
        return statement;
    }

    /**
     * Checks the certificate's signature and subject, for what is no folder of files; returns the statement.
     *
     * @throws Untrusted when anything differs from what was signed
     */
    public JsonNode verify(Certificate certificate) {
        return verifiedStatement(certificate);
    }

    private JsonNode verifiedStatement(Certificate certificate) {
        Dsse.Verified verified = Dsse.verify(Json.parse(statement(certificate)), keys.trusted());
        JsonNode statement = Json.parse(verified.payload());
        JsonNode subject = statement.path("subject").path(0);
        if (!subject.path("name").asText().equals(certificate.subject())
                || !subject.path("digest").path("sha256").asText().equals(certificate.root())) {
            throw new Untrusted("the statement is about " + subject + ", not about " + certificate.subject());
        }
        return statement;
    }

    private String rootOf(String subject, Path folder) {
        try {
            return ModelSigning.verify(folder, keys.trusted()).root();
        } catch (Untrusted e) {
            throw new Problem.Refused(
                    subject + " cannot be certified: " + e.getMessage(), "Make its bundle again from its run.");
        }
    }

    private static Certificate sameOrRefuse(Certificate before, String root) {
        if (!before.root().equals(root)) {
            throw new Problem.Conflict(
                    before.subject() + " was certified with other files (digest " + before.root() + ")",
                    "A version never changes: register a new one.");
        }
        return before;
    }

    private JsonNode statement(Actor by, String subject, String root, Evidence evidence) {
        return statement(
                subject, root, evidence.predicate("millwright:" + trusted().hint(), by.authenticated()));
    }

    private static JsonNode statement(String subject, String root, JsonNode predicate) {
        ObjectNode statement = Json.object().put("_type", STATEMENT);
        statement
                .putArray("subject")
                .addObject()
                .put("name", subject)
                .putObject("digest")
                .put("sha256", root);
        statement.put("predicateType", PROVENANCE);
        statement.set("predicate", predicate);
        return statement;
    }
}
