package org.millwright.scoring.codec;

import org.millwright.scoring.DataType;
import org.millwright.scoring.InvalidInput;

/** The tensor element types of the Open Inference Protocol. */
public enum Datatype {
    BOOL(1, 0, 1),
    UINT8(1, 0, 255),
    UINT16(2, 0, 65_535),
    UINT32(4, 0, 4_294_967_295L),
    UINT64(8, 0, Long.MAX_VALUE),
    INT8(1, -128, 127),
    INT16(2, -32_768, 32_767),
    INT32(4, Integer.MIN_VALUE, Integer.MAX_VALUE),
    INT64(8, Long.MIN_VALUE, Long.MAX_VALUE),
    FP16(2, 0, 0),
    FP32(4, 0, 0),
    FP64(8, 0, 0),
    BF16(2, 0, 0),
    BYTES(0, 0, 0);

    /** Bytes of one element in binary form, 0 when each has a length of its own. */
    final int width;

    final long least;
    final long greatest;

    Datatype(int width, long least, long greatest) {
        this.width = width;
        this.least = least;
        this.greatest = greatest;
    }

    static Datatype read(String input, String name) {
        for (Datatype type : values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        throw InvalidInput.of("input '" + InvalidInput.shorten(input) + "': unknown datatype '"
                + InvalidInput.shorten(name) + "', expected one of BOOL, INT8…INT64, UINT8…UINT64, FP16, FP32, FP64,"
                + " BF16, BYTES");
    }

    /** The datatype in which a column of that type is described and answered. */
    public static Datatype of(DataType type) {
        return switch (type) {
            case DOUBLE -> FP64;
            case FLOAT -> FP32;
            case LONG -> INT64;
            case INTEGER -> INT32;
            case BOOLEAN -> BOOL;
            case STRING -> BYTES;
        };
    }

    boolean isReal() {
        return this == FP16 || this == FP32 || this == FP64 || this == BF16;
    }

    /** Whether the protocol has no JSON form for it. */
    boolean isBinaryOnly() {
        return this == FP16 || this == BF16;
    }

    boolean isIntegral() {
        return !isReal() && this != BOOL && this != BYTES;
    }

    /** Greatest finite value of a real datatype. */
    double greatestReal() {
        return switch (this) {
            case FP16 -> 65_504;
            case BF16 -> 0x1.fep127;
            case FP32 -> Float.MAX_VALUE;
            default -> Double.MAX_VALUE;
        };
    }

    /** Whether a column of that type can take values of this datatype. */
    boolean fits(DataType column) {
        return switch (column) {
            case DOUBLE, FLOAT -> isReal() || isIntegral();
            case LONG, INTEGER -> isIntegral();
            case BOOLEAN -> this == BOOL;
            case STRING -> this == BYTES;
        };
    }
}
