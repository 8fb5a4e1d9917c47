package org.millwright.scoring.profile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** Reads the JSON form of a profile as it comes, without a tree of it: sketches are decoded where their texts stand. */
final class ProfileReader {
    private static final int MOST_BYTES = 1 << 20;
    private static final int USUAL_BYTES = 1 << 13;
    private static final byte[] NOTHING = {};
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final JsonParser json;

    private ProfileReader(JsonParser json) {
        this.json = json;
    }

    /** Throws IllegalArgumentException for what {@link ProfileJson} did not write. */
    static Profile read(String text) {
        try (JsonParser json = JSON.createParser(text.toCharArray())) {
            return new ProfileReader(json).profile();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a profile: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Profile profile() throws IOException {
        int format = 0;
        List<ColumnProfile> columns = new ArrayList<>();
        boolean fields = json.nextToken() == JsonToken.START_OBJECT;
        for (String field = fields ? json.nextFieldName() : null; field != null; field = json.nextFieldName()) {
            JsonToken value = json.nextToken();
            if (field.equals("format")) {
                format = json.getValueAsInt();
                check(format);
            } else if (field.equals("columns") && value == JsonToken.START_ARRAY) {
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    columns.add(new Column().read());
                }
            } else {
                json.skipChildren();
            }
        }
        check(format);
        return new Profile(columns);
    }

    private static void check(int format) {
        if (format != ProfileJson.FORMAT && format != ProfileJson.PLAIN_FORMAT) {
            throw new IllegalArgumentException("profile of format " + format + ": this version reads formats up to "
                    + ProfileJson.PLAIN_FORMAT + "; take a newer Millwright");
        }
    }

    /** What stands in a column, in whatever order, and nothing where it says nothing. */
    private final class Column {
        private String name = "";
        private boolean numeric;
        private long n;
        private long nulls;
        private long nans;
        private long infinite;
        private long error;
        private double min;
        private double max;
        private double mean;
        private double m2;
        private double[] edges = {};
        private long[] bins = {};
        private double[] values = {};
        private boolean counted;
        private long[] counts = {};
        private Tally categories = Tally.NONE;
        private byte[] quantiles = NOTHING;
        private byte @Nullable [] distinct;

        ColumnProfile read() throws IOException {
            if (json.currentToken() == JsonToken.START_OBJECT) {
                for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                    JsonToken value = json.nextToken();
                    if (value == JsonToken.START_ARRAY) {
                        array(field);
                    } else if (value == JsonToken.START_OBJECT && field.equals("counts")) {
                        categories();
                    } else {
                        scalar(field);
                    }
                }
            } else {
                json.skipChildren();
            }
            return numeric ? numbers() : texts();
        }

        private void array(String field) throws IOException {
            switch (field) {
                case "edges" -> edges = doubles();
                case "bins" -> bins = longs();
                case "values" -> {
                    values = doubles();
                    counted = true;
                }
                case "counts" -> counts = longs();
                default -> json.skipChildren();
            }
        }

        private void scalar(String field) throws IOException {
            switch (field) {
                case "name" -> name = json.getValueAsString("");
                case "kind" -> numeric = json.getValueAsString("").equals("numeric");
                case "n" -> n = json.getValueAsLong();
                case "nulls" -> nulls = json.getValueAsLong();
                case "nan" -> nans = json.getValueAsLong();
                case "infinite" -> infinite = json.getValueAsLong();
                case "error" -> error = json.getValueAsLong();
                case "min" -> min = json.getValueAsDouble();
                case "max" -> max = json.getValueAsDouble();
                case "mean" -> mean = json.getValueAsDouble();
                case "m2" -> m2 = json.getValueAsDouble();
                case "quantiles" -> quantiles = sketch();
                case "distinct" -> distinct = sketch();
                default -> json.skipChildren();
            }
        }

        private void categories() throws IOException {
            List<String> keys = new ArrayList<>();
            long[] counts = new long[16];
            for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
                if (keys.size() == counts.length) {
                    counts = Arrays.copyOf(counts, 2 * counts.length);
                }
                json.nextToken();
                counts[keys.size()] = json.getValueAsLong();
                json.skipChildren();
                keys.add(key);
            }
            categories = new Tally(keys.toArray(String[]::new), Arrays.copyOf(counts, keys.size()));
        }

        private NumericProfile numbers() {
            NumericProfile column = new NumericProfile(name, edges, few(), counted ? null : spread());
            column.nulls = nulls;
            column.nans = nans;
            column.infinite = infinite;
            return column;
        }

        private ValueCounts few() {
            if (!counted) {
                return ValueCounts.dropped();
            }
            if (values.length > ValueCounts.LIMIT) {
                throw new IllegalArgumentException("not a profile: more than " + ValueCounts.LIMIT + " counted values");
            }
            ValueCounts few = new ValueCounts();
            for (int i = 0; i < values.length; i++) {
                few.add(values[i], i < counts.length ? counts[i] : 0);
            }
            return few;
        }

        private Spread spread() {
            QuantileSketch sketch = QuantileSketch.read(quantiles);
            boolean all = sketch.isExact() && distinct == null;
            Spread spread = new Spread(edges.length + 1, moments(), sketch, all ? null : distinct());
            System.arraycopy(bins, 0, spread.bins, 0, Math.min(bins.length, spread.bins.length));
            return spread;
        }

        private Distinct distinct() {
            return Distinct.read(distinct == null ? NOTHING : distinct);
        }

        private Moments moments() {
            Moments moments = new Moments();
            moments.n = n;
            if (n > 0) {
                moments.min = min;
                moments.max = max;
                moments.mean = mean;
                moments.m2 = m2;
            }
            return moments;
        }

        private CategoryProfile texts() {
            CategoryProfile column =
                    new CategoryProfile(name, distinct == null ? null : distinct(), Frequent.read(categories, error));
            column.present = n;
            column.nulls = nulls;
            return column;
        }
    }

    private double[] doubles() throws IOException {
        double[] values = new double[16];
        int size = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = json.getValueAsDouble();
            json.skipChildren();
        }
        return Arrays.copyOf(values, size);
    }

    private long[] longs() throws IOException {
        long[] values = new long[16];
        int size = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = json.getValueAsLong();
            json.skipChildren();
        }
        return Arrays.copyOf(values, size);
    }

    /** The bytes of a sketch. */
    private byte[] sketch() throws IOException {
        String text = json.getText();
        if (!text.startsWith(ProfileJson.PLAIN)) {
            return inflated(Base64.getDecoder().decode(text));
        }
        byte[] bytes = Base64.getDecoder().decode(text.substring(ProfileJson.PLAIN.length()));
        if (bytes.length > MOST_BYTES) {
            throw new IllegalArgumentException("not a profile: a sketch in it is above " + MOST_BYTES + " bytes");
        }
        return bytes;
    }

    private static byte[] inflated(byte[] deflated) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(deflated);
            byte[] bytes = new byte[USUAL_BYTES];
            int size = 0;
            while (!inflater.finished()) {
                if (size == bytes.length) {
                    bytes = Arrays.copyOf(bytes, 2 * size);
                }
                int more = inflater.inflate(bytes, size, bytes.length - size);
                size += more;
                if (size > MOST_BYTES) {
                    throw new IllegalArgumentException(
                            "not a profile: a sketch in it is above " + MOST_BYTES + " bytes");
                }
                if (more == 0 && !inflater.finished()) {
                    throw new IllegalArgumentException("not a profile: a sketch in it is damaged");
                }
            }
            return Arrays.copyOf(bytes, size);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("not a profile: a sketch in it is damaged", e);
        } finally {
            inflater.end();
        }
    }
}
