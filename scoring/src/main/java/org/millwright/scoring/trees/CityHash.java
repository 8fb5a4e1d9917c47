package org.millwright.scoring.trees;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** CityHash64 in its first version, by which CatBoost knows categories. */
final class CityHash {
    private static final long K0 = 0xc3a5c85c97cb3127L;
    private static final long K1 = 0xb492b66fbe98f273L;
    private static final long K2 = 0x9ae16a3b2f90404fL;
    private static final long K3 = 0xc949d7c7509e6557L;
    private static final long MULTIPLIER = 0x9ddfea08eb382d69L;

    private final ByteBuffer in;

    private CityHash(byte[] text) {
        this.in = ByteBuffer.wrap(text).order(ByteOrder.LITTLE_ENDIAN);
    }

    static long of(byte[] text) {
        CityHash hash = new CityHash(text);
        if (text.length <= 16) {
            return hash.upTo16(text.length);
        }
        if (text.length <= 32) {
            return hash.upTo32(text.length);
        }
        return text.length <= 64 ? hash.upTo64(text.length) : hash.longer(text.length);
    }

    private long at(int position) {
        return in.getLong(position);
    }

    private static long mix(long value) {
        return value ^ value >>> 47;
    }

    private static long both(long low, long high) {
        long a = mix((low ^ high) * MULTIPLIER);
        return mix((high ^ a) * MULTIPLIER) * MULTIPLIER;
    }

    private static long turn(long value, int by) {
        return Long.rotateRight(value, by);
    }

    private long upTo16(int length) {
        if (length > 8) {
            long b = at(length - 8);
            return both(at(0), turn(b + length, length)) ^ b;
        }
        if (length >= 4) {
            long a = in.getInt(0) & 0xffffffffL;
            return both(length + (a << 3), in.getInt(length - 4) & 0xffffffffL);
        }
        if (length == 0) {
            return K2;
        }
        int y = (in.get(0) & 0xff) + ((in.get(length >> 1) & 0xff) << 8);
        int z = length + ((in.get(length - 1) & 0xff) << 2);
        return mix(y * K2 ^ z * K3) * K2;
    }

    private long upTo32(int length) {
        long a = at(0) * K1;
        long b = at(8);
        long c = at(length - 8) * K2;
        long d = at(length - 16) * K0;
        return both(turn(a - b, 43) + turn(c, 30) + d, a + turn(b ^ K3, 20) - c + length);
    }

    private long upTo64(int length) {
        long z = at(24);
        long a = at(0) + (length + at(length - 16)) * K0;
        long b = turn(a + z, 52);
        long c = turn(a, 37);
        a += at(8);
        c += turn(a, 7);
        a += at(16);
        long first = a + z;
        long second = b + turn(a, 31) + c;
        a = at(16) + at(length - 32);
        z = at(length - 8);
        b = turn(a + z, 52);
        c = turn(a, 37);
        a += at(length - 24);
        c += turn(a, 7);
        a += at(length - 16);
        long third = a + z;
        long fourth = b + turn(a, 31) + c;
        long r = mix((first + fourth) * K2 + (third + second) * K0);
        return mix(r * K0 + second) * K2;
    }

    private long longer(int length) {
        long x = at(0);
        long y = at(length - 16) ^ K1;
        long z = at(length - 56) ^ K0;
        long[] v = weak(length - 64, length, y);
        long[] w = weak(length - 32, length * K1, K0);
        z += mix(v[1]) * K1;
        x = turn(z + x, 39) * K1;
        y = turn(y, 33) * K1;
        int rounds = (length - 1) / 64;
        for (int i = 0; i < rounds; i++) {
            int s = i * 64;
            x = turn(x + y + v[0] + at(s + 16), 37) * K1;
            y = turn(y + v[1] + at(s + 48), 42) * K1;
            x ^= w[1];
            y ^= v[0];
            z = turn(z ^ w[0], 33);
            v = weak(s, v[1] * K1, x + w[0]);
            w = weak(s + 32, z + w[1], y);
            long swapped = z;
            z = x;
            x = swapped;
        }
        return both(both(v[0], w[0]) + mix(y) * K1 + z, both(v[1], w[1]) + x);
    }

    private long[] weak(int s, long seed, long other) {
        long a = seed + at(s);
        long b = turn(other + a + at(s + 24), 21);
        long c = a;
        a += at(s + 8) + at(s + 16);
        b += turn(a, 44);
        return new long[] {a + at(s + 24), b + c};
    }
}
