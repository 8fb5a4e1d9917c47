package org.millwright.scoring.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Vector;

/** Writes single values as JSON; what JSON cannot say (NaN, infinities) becomes null. */
final class Cells {
    private Cells() {}

    static void write(JsonGenerator json, Vector values, DataType type, int row) throws IOException {
        if (values.isNull(row)) {
            json.writeNull();
        } else if (values instanceof Vector.Doubles doubles) {
            real(json, doubles.values()[row], type);
        } else if (values instanceof Vector.Longs longs) {
            json.writeNumber(longs.values()[row]);
        } else if (values instanceof Vector.Booleans booleans) {
            json.writeBoolean(booleans.values()[row]);
        } else {
            json.writeString(((Vector.Strings) values).values()[row]);
        }
    }

    private static void real(JsonGenerator json, double value, DataType type) throws IOException {
        if (Double.isInfinite(value)) {
            json.writeNull();
        } else if (type == DataType.FLOAT) {
            json.writeNumber((float) value);
        } else {
            json.writeNumber(value);
        }
    }
}
