package org.millwright.scoring.profile;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A mergeable count of distinct values: exact up to 256, afterwards HyperLogLog with 4,096 registers and Ertl's
 * estimator, off by 1.6 % (one standard error). The order of values and merges does not matter.
 */
final class Distinct {
    private static final int FORMAT = 1;
    private static final int EXACT = 256;
    private static final int P = 12;
    private static final int REGISTERS = 1 << P;
    private static final int Q = 64 - P;

    private long[] hashes = new long[8];
    private int size;
    private byte[] registers = {};

    /** An empty one that goes on as this does: what is merged into registers need not be counted exactly first. */
    Distinct part() {
        Distinct part = new Distinct();
        if (registers.length > 0) {
            part.toRegisters();
        }
        return part;
    }

    void add(double value) {
        addHash(mix(Double.doubleToLongBits(value) + 0x9E3779B97F4A7C15L));
    }

    void add(String value) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < value.length(); i++) {
            hash = (hash ^ value.charAt(i)) * 0x100000001B3L;
        }
        addHash(mix(hash));
    }

    void merge(Distinct other) {
        if (other.registers.length == 0) {
            for (int i = 0; i < other.size; i++) {
                addHash(other.hashes[i]);
            }
            return;
        }
        toRegisters();
        for (int i = 0; i < REGISTERS; i++) {
            registers[i] = (byte) Math.max(registers[i], other.registers[i]);
        }
    }

    double estimate() {
        if (registers.length == 0) {
            return size;
        }
        int[] histogram = new int[Q + 2];
        for (byte register : registers) {
            histogram[register]++;
        }
        double z = REGISTERS * tau(1 - (double) histogram[Q + 1] / REGISTERS);
        for (int i = Q; i >= 1; i--) {
            z = 0.5 * (z + histogram[i]);
        }
        z += REGISTERS * sigma((double) histogram[0] / REGISTERS);
        return REGISTERS / (2 * Math.log(2)) * REGISTERS / z;
    }

    byte[] bytes() {
        ByteBuffer out = ByteBuffer.allocate(3 + size * 8 + registers.length);
        out.put((byte) FORMAT).putShort((short) size);
        for (int i = 0; i < size; i++) {
            out.putLong(hashes[i]);
        }
        return out.put(registers).array();
    }

    /** Reads {@link #bytes}; throws IllegalArgumentException for anything else. */
    static Distinct read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.remaining() < 3 || in.get() != FORMAT) {
            throw new IllegalArgumentException("not a distinct count of format " + FORMAT);
        }
        Distinct distinct = new Distinct();
        int size = in.getShort();
        int rest = in.remaining() - size * 8;
        if (size < 0 || size > EXACT || !(rest == 0 || (size == 0 && rest == REGISTERS))) {
            throw new IllegalArgumentException("a distinct count has the wrong length");
        }
        for (int i = 0; i < size; i++) {
            distinct.addHash(in.getLong());
        }
        if (rest > 0) {
            distinct.registers = new byte[REGISTERS];
            in.get(distinct.registers);
            for (byte register : distinct.registers) {
                if (register < 0 || register > Q + 1) {
                    throw new IllegalArgumentException("a distinct count has a register out of range");
                }
            }
        }
        return distinct;
    }

    private void addHash(long hash) {
        if (registers.length > 0) {
            register(hash);
            return;
        }
        int at = Arrays.binarySearch(hashes, 0, size, hash);
        if (at >= 0) {
            return;
        }
        if (size == EXACT) {
            toRegisters();
            register(hash);
            return;
        }
        if (size == hashes.length) {
            hashes = Arrays.copyOf(hashes, size * 2);
        }
        int to = -at - 1;
        System.arraycopy(hashes, to, hashes, to + 1, size - to);
        hashes[to] = hash;
        size++;
    }

    private void toRegisters() {
        if (registers.length == 0) {
            registers = new byte[REGISTERS];
            for (int i = 0; i < size; i++) {
                register(hashes[i]);
            }
            size = 0;
            hashes = new long[0];
        }
    }

    private void register(long hash) {
        int index = (int) (hash >>> Q);
        int rank = Math.min(Long.numberOfLeadingZeros(hash << P), Q) + 1;
        if (rank > registers[index]) {
            registers[index] = (byte) rank;
        }
    }

    /** The finaliser of MurmurHash3: every input bit changes every output bit half the time. */
    private static long mix(long bits) {
        long h = bits;
        h ^= h >>> 33;
        h *= 0xFF51AFD7ED558CCDL;
        h ^= h >>> 33;
        h *= 0xC4CEB9FE1A85EC53L;
        return h ^ (h >>> 33);
    }

    private static double sigma(double start) {
        if (start == 1) {
            return Double.POSITIVE_INFINITY;
        }
        double x = start;
        double y = 1;
        double z = x;
        double before;
        do {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        } while (z != before);
        return z;
    }

    private static double tau(double start) {
        if (start == 0 || start == 1) {
            return 0;
        }
        double x = start;
        double y = 1;
        double z = 1 - x;
        double before;
        do {
            x = Math.sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        } while (z != before);
        return z / 3;
    }
}
