package org.millwright.scoring.codec;

import java.util.Arrays;
import org.millwright.scoring.InvalidInput;

/** What follows the JSON of a request: the data of its binary inputs, one after the other. */
final class Attached {
    private static final byte[] NOTHING = {};

    /** Of a request that is JSON only. Never changes, since nothing can be taken. */
    static final Attached NONE = new Attached(NOTHING, 0);

    private final byte[] bytes;
    private int at;

    Attached(byte[] bytes, int from) {
        this.bytes = bytes;
        this.at = from;
    }

    /** The next {@code size} bytes as values of a tensor. */
    Values take(String input, Datatype type, long[] shape, int size, int most) {
        int left = bytes.length - at;
        if (size > left) {
            throw InvalidInput.of("input '" + InvalidInput.shorten(input) + "': 'binary_data_size' is " + size
                    + ", but " + left + " bytes follow the JSON");
        }
        long elements = Tensor.elements(input, shape);
        if (elements > most) {
            throw InvalidInput.of("input '" + InvalidInput.shorten(input) + "': shape " + Arrays.toString(shape)
                    + " has too many elements, the request at most " + most + " more");
        }
        Values values = BinaryData.read(input, type, (int) elements, bytes, at, size);
        at += size;
        return values;
    }

    void requireEnd() {
        if (at < bytes.length) {
            throw InvalidInput.of(
                    (bytes.length - at) + " bytes after the JSON belong to no input: each binary input needs"
                            + " a parameter 'binary_data_size'");
        }
    }
}
