package org.millwright.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Executor;

/** A kept file's bytes, which fail before their last ones when they are not those that were put. */
final class Verified extends InputStream {
    private final InputStream in;
    private final String sha256;
    private final Runnable whenGood;
    private final Hashing hashing;
    /** Bytes of the file that were not read yet. */
    private long left;

    private byte[] piece = {};
    private int at;
    private int filled;

    /** @param whenGood is told once when all bytes were read and are what was put */
    Verified(InputStream in, long size, String sha256, Executor beside, Runnable whenGood) {
        this.in = in;
        this.sha256 = sha256;
        this.left = size;
        this.whenGood = whenGood;
        hashing = new Hashing(beside, size);
    }

    @Override
    public int read() throws IOException {
        return fill() ? piece[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int n = Math.min(length, filled - at);
        System.arraycopy(piece, at, bytes, offset, n);
        at += n;
        return n;
    }

    /** Reads another piece when all of the last one was given away; false at the end. */
    private boolean fill() throws IOException {
        if (at < filled) {
            return true;
        }
        if (left == 0) {
            return false;
        }
        piece = hashing.buffer();
        at = 0;
        filled = in.readNBytes(piece, 0, (int) Math.min(piece.length, left));
        left -= filled;
        if (filled == 0) {
            throw altered();
        }
        hashing.add(filled);
        if (left == 0) {
            verify();
        }
        return true;
    }

    @Override
    public long skip(long count) throws IOException {
        return readNBytes((int) Math.min(count, 64 * 1024)).length;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private void verify() throws IOException {
        if (in.read() >= 0 || !hashing.finish().equals(sha256)) {
            filled = 0;
            throw altered();
        }
        whenGood.run();
    }

    private IOException altered() {
        return new IOException("The kept bytes of " + sha256 + " were altered on the disk: restore them from a backup");
    }
}
