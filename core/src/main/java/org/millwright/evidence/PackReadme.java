package org.millwright.evidence;

/** What tells a stranger how to check a pack. */
final class PackReadme {
    private static final String TEXT = """
                Evidence about %s
                =================

                Open index.html: what the framework asks, which records answer it, what is missing and who owes it. Whether
                the law is met is for people to judge; the pack says only what is recorded and proves that it is.

                What is here
                  index.html, index.json   the answers; index.json lists the SHA-256 of every file but the proofs
                  records/                 what the answers rest on, as canonical JSON (RFC 8785)
                  people.json              names for the ids in the log's entries
                  card.html .md .json      the model card
                  map.yaml                 which records answer which item, as it was when the pack was made
                  model/                   %s
                  statements/              the certificate: an in-toto statement with SLSA provenance in a Sigstore bundle
                  keys/                    the public key of model and certificate
                  ledger/                  the log's entries that concern the model, exactly as they were hashed, each
                                           with its proof in the signed log

                Check it without its makers
                1. The log. Any verifier of C2SP transparency logs accepts the folder ledger/: vkey.txt is the verifier key
                   of a signed note, checkpoints/SIZE a signed checkpoint, and entries/N.tlog-proof proves that
                   entries/N.json is in the log that it signs (RFC 9162 hashing, c2sp.org/tlog-proof@v1).
                2. The pack. ledger/pack names an entry with the action evidence.exported; details.index in it is the
                   SHA-256 of index.json:
                       sha256sum index.json
                   Every other file has the SHA-256 that index.json gives, but for the proofs and that entry.
                3. The model. %s
                       model_signing verify key --public_key keys/model-signing.pem --signature model/model.sig model
                   The digest that it signs is "root" in index.json, "bundle" in the approval's digests, and the subject of
                   the certificate.
                4. Who approved what. The entry approval.approved of the release holds the digests that the approver was
                   shown: "bundle" is the digest of the model's files, "certificate" the SHA-256 of
                   statements/certificate.sigstore.json. Its actor is neither "requestedBy" nor who made the version.
                All four at once: mw evidence verify PACK.zip

                The keys in a pack are those that its makers gave. Compare vkey.txt and keys/model-signing.pem with what you
                have from another way, such as an earlier pack, a published checkpoint or a telephone call.
                """;

    private PackReadme() {}

    static String text(String ref, boolean withModel) {
        return TEXT.formatted(
                ref,
                withModel
                        ? "every file of the model's bundle, with its signature model.sig"
                        : "the signature of the model's bundle; its files were left out",
                withModel
                        ? "The OpenSSF model signing tool accepts the folder model/:"
                        : "The model's files were left out. Put them beside model/model.sig, and the OpenSSF model"
                                + " signing tool\n   accepts the folder model/:");
    }
}
