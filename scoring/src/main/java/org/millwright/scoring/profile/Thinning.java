package org.millwright.scoring.profile;

/**
 * The three lowest levels of a deep quantile sketch at once, without branches that a processor cannot foresee: of 32 values
 * every other of eight sorted ones stays, then again, and again.
 */
final class Thinning {
    /** Values that become {@link #KEPT}. */
    static final int TAKEN = 32;

    static final int KEPT = 4;
    /** Each kept value stands for {@code 1 << LEVELS} of those taken. */
    static final int LEVELS = 3;

    private static final int GROUP = 8;

    private final long[] taken = new long[TAKEN];
    private final long[] half = new long[TAKEN / 2];
    private final long[] quarter = new long[TAKEN / 4];
    private final long[] kept = new long[KEPT];

    /**
     * Thins finite values out.
     *
     * @param coins seven random bits
     * @param to where the kept values go
     */
    void thin(double[] values, int from, int coins, double[] to) {
        for (int i = 0; i < TAKEN; i++) {
            taken[i] = ordered(Double.doubleToRawLongBits(values[from + i]));
        }
        int bits = coins;
        bits = level(taken, half, bits);
        bits = level(half, quarter, bits);
        level(quarter, kept, bits);
        for (int i = 0; i < KEPT; i++) {
            to[i] = Double.longBitsToDouble(ordered(kept[i]));
        }
    }

    private static int level(long[] from, long[] to, int coins) {
        int bits = coins;
        for (int at = 0; at < from.length; at += GROUP) {
            every(from, at, bits & 1, to, at / 2);
            bits >>>= 1;
        }
        return bits;
    }

    /** A double's bits as a number in the order of doubles, and back. */
    private static long ordered(long bits) {
        return bits ^ (bits >> 63 & Long.MAX_VALUE);
    }

    /** Every other of eight in ascending order, by Batcher's odd-even mergesort. */
    private static void every(long[] from, int at, int odd, long[] to, int into) {
        long a = from[at];
        long b = from[at + 1];
        long c = from[at + 2];
        long d = from[at + 3];
        long e = from[at + 4];
        long f = from[at + 5];
        long g = from[at + 6];
        long h = from[at + 7];
        long t = Math.min(a, b);
        b = Math.max(a, b);
        a = t;
        t = Math.min(c, d);
        d = Math.max(c, d);
        c = t;
        t = Math.min(e, f);
        f = Math.max(e, f);
        e = t;
        t = Math.min(g, h);
        h = Math.max(g, h);
        g = t;
        t = Math.min(a, c);
        c = Math.max(a, c);
        a = t;
        t = Math.min(b, d);
        d = Math.max(b, d);
        b = t;
        t = Math.min(e, g);
        g = Math.max(e, g);
        e = t;
        t = Math.min(f, h);
        h = Math.max(f, h);
        f = t;
        t = Math.min(b, c);
        c = Math.max(b, c);
        b = t;
        t = Math.min(f, g);
        g = Math.max(f, g);
        f = t;
        t = Math.min(a, e);
        e = Math.max(a, e);
        a = t;
        t = Math.min(b, f);
        f = Math.max(b, f);
        b = t;
        t = Math.min(c, g);
        g = Math.max(c, g);
        c = t;
        t = Math.min(d, h);
        h = Math.max(d, h);
        d = t;
        t = Math.min(c, e);
        e = Math.max(c, e);
        c = t;
        t = Math.min(d, f);
        f = Math.max(d, f);
        d = t;
        t = Math.min(b, c);
        c = Math.max(b, c);
        b = t;
        t = Math.min(d, e);
        e = Math.max(d, e);
        d = t;
        t = Math.min(f, g);
        g = Math.max(f, g);
        f = t;
        long other = -(long) odd;
        to[into] = a ^ ((a ^ b) & other);
        to[into + 1] = c ^ ((c ^ d) & other);
        to[into + 2] = e ^ ((e ^ f) & other);
        to[into + 3] = g ^ ((g ^ h) & other);
    }
}
