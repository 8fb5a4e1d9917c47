package org.millwright.scoring.signing;

/** Something that signs with a P-256 key, which it need not show. */
public interface Signer {
    /** The public half. */
    TrustedKey trusted();

    /** The DER form of the ECDSA signature with SHA-256 over the data. */
    byte[] sign(byte[] data);
}
