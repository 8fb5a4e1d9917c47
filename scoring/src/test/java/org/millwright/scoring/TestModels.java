package org.millwright.scoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The models under {@code models/} with scikit-learn's predictions; see make_models.py. */
public final class TestModels {
    public static final Signature MIXED = new Signature(
            List.of(
                    Signature.Column.of("distance", DataType.DOUBLE),
                    Signature.Column.of("wind", DataType.DOUBLE),
                    Signature.Column.of("hour", DataType.LONG),
                    Signature.Column.of("carrier", DataType.STRING)),
            List.of(Signature.Column.of("prediction", DataType.DOUBLE)));

    private TestModels() {}

    public static byte[] bytes(String name) {
        try (InputStream in = TestModels.class.getResourceAsStream("/models/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode json(String name) {
        try {
            return new ObjectMapper().readTree(bytes(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The recorded rows of the mixed model. */
    public static Frame mixedRows() {
        JsonNode inputs = json("mixed.json").path("inputs");
        int rows = inputs.path("hour").size();
        FrameBuilder frame = new FrameBuilder(MIXED, rows);
        for (int i = 0; i < rows; i++) {
            frame.addDouble(0, inputs.path("distance").path(i).asDouble());
            frame.addDouble(1, inputs.path("wind").path(i).asDouble());
            frame.addLong(2, inputs.path("hour").path(i).asLong());
            frame.addString(3, inputs.path("carrier").path(i).asText());
        }
        return frame.build();
    }

    /** What scikit-learn predicted for them. */
    public static double[] mixedExpected() {
        JsonNode expected = json("mixed.json").path("expected");
        double[] values = new double[expected.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = expected.path(i).asDouble();
        }
        return values;
    }
}
