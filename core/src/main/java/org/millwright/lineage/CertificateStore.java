package org.millwright.lineage;

import static org.millwright.schema.Tables.LINEAGE_CERTIFICATE;

import java.util.Optional;
import org.millwright.kernel.Database;

/** The certificates in the database. */
final class CertificateStore {
    private final Database database;

    CertificateStore(Database database) {
        this.database = database;
    }

    void insert(Certificate certificate) {
        database.dsl()
                .insertInto(LINEAGE_CERTIFICATE)
                .set(LINEAGE_CERTIFICATE.SUBJECT, certificate.subject())
                .set(LINEAGE_CERTIFICATE.ROOT_SHA256, certificate.root())
                .set(LINEAGE_CERTIFICATE.STATEMENT_SHA256, certificate.statement())
                .set(LINEAGE_CERTIFICATE.KEY_HINT, certificate.key())
                .set(LINEAGE_CERTIFICATE.ACTOR, certificate.actor())
                .set(LINEAGE_CERTIFICATE.AUTHENTICATED, certificate.authenticated() ? 1 : 0)
                .set(LINEAGE_CERTIFICATE.AT, certificate.at())
                .execute();
    }

    void revoke(String subject, Certificate.Revocation revocation) {
        database.dsl()
                .update(LINEAGE_CERTIFICATE)
                .set(LINEAGE_CERTIFICATE.REVOKED_AT, revocation.at())
                .set(LINEAGE_CERTIFICATE.REVOKED_BY, revocation.by())
                .set(LINEAGE_CERTIFICATE.REVOKED_REASON, revocation.reason())
                .where(LINEAGE_CERTIFICATE.SUBJECT.eq(subject))
                .execute();
    }

    void replace(Certificate certificate) {
        database.dsl()
                .deleteFrom(LINEAGE_CERTIFICATE)
                .where(LINEAGE_CERTIFICATE.SUBJECT.eq(certificate.subject()))
                .execute();
        insert(certificate);
    }

    Optional<Certificate> get(String subject) {
        return database.dsl()
                .selectFrom(LINEAGE_CERTIFICATE)
                .where(LINEAGE_CERTIFICATE.SUBJECT.eq(subject))
                .fetchOptional(row -> new Certificate(
                        row.get(LINEAGE_CERTIFICATE.SUBJECT),
                        row.get(LINEAGE_CERTIFICATE.ROOT_SHA256),
                        row.get(LINEAGE_CERTIFICATE.STATEMENT_SHA256),
                        row.get(LINEAGE_CERTIFICATE.KEY_HINT),
                        row.get(LINEAGE_CERTIFICATE.ACTOR),
                        row.get(LINEAGE_CERTIFICATE.AUTHENTICATED) != 0,
                        row.get(LINEAGE_CERTIFICATE.AT),
                        Optional.ofNullable(row.get(LINEAGE_CERTIFICATE.REVOKED_AT))
                                .map(at -> new Certificate.Revocation(
                                        row.get(LINEAGE_CERTIFICATE.REVOKED_REASON),
                                        row.get(LINEAGE_CERTIFICATE.REVOKED_BY),
                                        at))));
    }
}
