package org.millwright.scoring.sigstore;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.millwright.scoring.signing.TrustedKey;
import org.millwright.scoring.signing.Untrusted;

/** A short-lived certificate that binds a P-256 key to an identity, as Fulcio-compatible authorities issue them. */
public final class SigningCertificate {
    private static final String ALTERNATIVE_NAMES = "2.5.29.17";
    private static final String ISSUER = "1.3.6.1.4.1.57264.1.8";
    private static final String ISSUER_RAW = "1.3.6.1.4.1.57264.1.1";
    private static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
    private static final int MAIL = 0x81;
    private static final int URI = 0x86;
    private static final int OTHER = 0xa0;
    private static final int NOT_AUTHORITY = -1;

    private final X509Certificate certificate;

    public SigningCertificate(X509Certificate certificate) {
        this.certificate = certificate;
    }

    static SigningCertificate of(byte[] der) {
        try {
            return new SigningCertificate(TrustRoot.certificate(der));
        } catch (CertificateException e) {
            throw new Untrusted("the certificate in the signature cannot be read", e);
        }
    }

    /** Who signs: addresses and URIs that the authority checked; usually one. */
    public List<String> identities() {
        byte[] value = certificate.getExtensionValue(ALTERNATIVE_NAMES);
        var names = new ArrayList<String>();
        if (value != null) {
            for (Der name : Der.parse(Der.parse(value).content()).children()) {
                if (name.tag() == MAIL || name.tag() == URI) {
                    names.add(new String(name.content(), StandardCharsets.UTF_8));
                } else if (name.tag() == OTHER) {
                    List<Der> parts = name.children();
                    if (parts.isEmpty()) {
                        throw new Untrusted("the certificate's names cannot be read");
                    }
                    names.add(new String(
                            Der.parse(parts.get(parts.size() - 1).content()).content(), StandardCharsets.UTF_8));
                }
            }
        }
        return names;
    }

    /** Who vouched for the identity, as an OpenID Connect issuer; "" when the certificate does not say. */
    public String issuer() {
        byte[] value = certificate.getExtensionValue(ISSUER);
        if (value != null) {
            Der text = Der.parse(Der.parse(value).content());
            return text.tag() == Der.UTF8 ? new String(text.content(), StandardCharsets.UTF_8) : "";
        }
        byte[] raw = certificate.getExtensionValue(ISSUER_RAW);
        return raw == null ? "" : new String(Der.parse(raw).content(), StandardCharsets.UTF_8);
    }

    /** The key that it is about. */
    public TrustedKey key() {
        try {
            return new TrustedKey(certificate.getPublicKey());
        } catch (IllegalArgumentException e) {
            throw new Untrusted("the certificate's key is not on P-256", e);
        }
    }

    public byte[] der() {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new Untrusted("the certificate cannot be read", e);
        }
    }

    /** The certificate as PEM text, as the log is given it. */
    public byte[] pem() {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der());
        return ("-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Requires that a trusted authority issued it for signing, and that it was valid then; throws {@link Untrusted}. */
    public void requireIssued(TrustRoot root, Instant at) {
        Instant from = certificate.getNotBefore().toInstant();
        Instant to = certificate.getNotAfter().toInstant();
        if (at.isBefore(from) || at.isAfter(to)) {
            throw new Untrusted(
                    "the certificate was valid from " + from + " to " + to + ", but the log's entry is of " + at);
        }
        X509Certificate issuer = issuedBy(root, at);
        requireForSigning();
        Sct.require(certificate, issuer, root);
    }

    private void requireForSigning() {
        boolean[] usage = certificate.getKeyUsage();
        try {
            List<String> extended = certificate.getExtendedKeyUsage();
            if (usage == null
                    || !usage[0]
                    || extended == null
                    || !extended.contains(CODE_SIGNING)
                    || certificate.getBasicConstraints() != NOT_AUTHORITY) {
                throw new Untrusted("the certificate is not for signing code");
            }
        } catch (CertificateParsingException e) {
            throw new Untrusted("the certificate cannot be read", e);
        }
    }

    /** The certificate of the authority that issued this one. */
    private X509Certificate issuedBy(TrustRoot root, Instant at) {
        String why = "no authority is trusted";
        for (TrustRoot.Authority authority : root.authorities()) {
            try {
                if (authority.period().holds(at)) {
                    validate(authority.chain(), at);
                    return authority.chain().get(0);
                }
                why = "the authority was not trusted at " + at;
            } catch (CertPathValidatorException e) {
                why = e.getMessage();
            }
        }
        throw new Untrusted("the certificate is not of a trusted authority: " + why);
    }

    private void validate(List<X509Certificate> chain, Instant at) throws CertPathValidatorException {
        try {
            var path = new ArrayList<X509Certificate>();
            path.add(certificate);
            path.addAll(chain.subList(0, chain.size() - 1));
            CertPath whole = CertificateFactory.getInstance("X.509").generateCertPath(path);
            var parameters = new PKIXParameters(Set.of(new TrustAnchor(chain.get(chain.size() - 1), null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(at));
            CertPathValidator.getInstance("PKIX").validate(whole, parameters);
        } catch (CertPathValidatorException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot validate certificates", e);
        }
    }

    /** Requires who signed and who vouched for them; throws {@link Untrusted}. */
    public void requireIdentity(String identity, String issuer) {
        if (!identities().contains(identity)) {
            throw new Untrusted("signed by " + String.join(", ", identities()) + ", expected " + identity);
        }
        if (!issuer().equals(issuer)) {
            throw new Untrusted("the identity is vouched for by '" + issuer() + "', expected '" + issuer + "'");
        }
    }
}
