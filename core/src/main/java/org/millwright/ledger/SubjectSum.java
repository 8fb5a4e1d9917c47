package org.millwright.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.concurrent.atomic.LongAdder;

/**
 * A sum over a set of places and subjects, whatever their order, that equal sets have alike.
 *
 * <p>Its terms depend on a secret of the moment, so that nobody can choose rows whose sum fits: two tables are compared
 * without sorting one by the other's order.
 */
final class SubjectSum {
    private final byte[] secret;
    private final LongAdder high = new LongAdder();
    private final LongAdder low = new LongAdder();

    SubjectSum() {
        this(new byte[16]);
        new SecureRandom().nextBytes(secret);
    }

    private SubjectSum(byte[] secret) {
        this.secret = secret;
    }

    /** An empty one that can be compared with this. */
    SubjectSum fresh() {
        return new SubjectSum(secret);
    }

    void add(long index, String subject) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(secret);
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(index).array());
            ByteBuffer term = ByteBuffer.wrap(digest.digest(subject.getBytes(StandardCharsets.UTF_8)));
            high.add(term.getLong());
            low.add(term.getLong());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean isSame(SubjectSum other) {
        return high.sum() == other.high.sum() && low.sum() == other.low.sum();
    }
}
