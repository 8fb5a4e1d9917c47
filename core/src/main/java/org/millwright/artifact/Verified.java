package org.millwright.artifact;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A kept file's bytes, which fail before their last ones when they are not those that were put. */
final class Verified extends FilterInputStream {
    private final String sha256;
    private final Runnable whenGood;
    private final MessageDigest digest = Hashes.sha256();
    private long left;

    /** @param whenGood is told once when all bytes were read and are what was put */
    Verified(InputStream in, long size, String sha256, Runnable whenGood) {
        super(in);
        this.sha256 = sha256;
        this.left = size;
        this.whenGood = whenGood;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int n = super.read(bytes, offset, length);
        if (n > 0) {
            digest.update(bytes, offset, n);
            left -= n;
            if (left == 0) {
                verify();
            }
        } else if (n < 0 && left > 0) {
            throw altered();
        }
        return n;
    }

    @Override
    public long skip(long count) throws IOException {
        return readNBytes((int) Math.min(count, 64 * 1024)).length;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void verify() throws IOException {
        if (!HexFormat.of().formatHex(digest.digest()).equals(sha256)) {
            throw altered();
        }
        whenGood.run();
    }

    private IOException altered() {
        return new IOException("The kept bytes of " + sha256 + " were altered on the disk: restore them from a backup");
    }
}
