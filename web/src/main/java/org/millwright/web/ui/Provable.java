package org.millwright.web.ui;

import java.util.Optional;
import org.millwright.lineage.Certificate;
import org.millwright.lineage.Certificates;
import org.millwright.scoring.signing.Untrusted;

/**
 * What vouches for an asset.
 *
 * @param fault why its certificate is not believed; "" when it is, or there is none
 * @param notYet why it cannot be certified as it is; "" when it can
 */
public record Provable(String ref, Optional<Certificate> certificate, String fault, String notYet) {
    static Provable of(Certificates certificates, String ref, String notYet) {
        Optional<Certificate> found = certificates.of(ref);
        return new Provable(
                ref, found, found.map(each -> fault(certificates, each)).orElse(""), notYet);
    }

    private static String fault(Certificates certificates, Certificate certificate) {
        try {
            certificates.verify(certificate);
            return "";
        } catch (Untrusted e) {
            return String.valueOf(e.getMessage());
        }
    }
}
