package org.millwright.scoring.profile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** The JSON form of a profile. */
final class ProfileJson {
    private static final int FORMAT = 1;
    /** With sketches that are not deflated: versions before did not know them. */
    private static final int PLAIN_FORMAT = 2;
    /** Before the bytes of such a sketch; no base64 begins with it. */
    private static final String PLAIN = "=";

    private static final int MOST_BYTES = 1 << 20;
    private static final int USUAL_BYTES = 1 << 13;
    private static final ObjectMapper JSON = new ObjectMapper();

    private ProfileJson() {}

    static String write(Profile profile) {
        ArrayNode columns = JSON.createArrayNode();
        for (ColumnProfile column : profile.columns()) {
            ObjectNode node = columns.addObject().put("name", column.name());
            if (column instanceof NumericProfile numeric) {
                write(numeric, node.put("kind", "numeric"));
            } else {
                write((CategoryProfile) column, node.put("kind", "category"));
            }
        }
        boolean plain = false;
        for (JsonNode column : columns) {
            plain |= column.path("quantiles").asText().startsWith(PLAIN)
                    || column.path("distinct").asText().startsWith(PLAIN);
        }
        ObjectNode json = JSON.createObjectNode().put("format", plain ? PLAIN_FORMAT : FORMAT);
        json.set("columns", columns);
        return json.toString();
    }

    private static void write(NumericProfile column, ObjectNode node) {
        Moments moments = column.moments();
        node.put("n", moments.n).put("nulls", column.nulls).put("nan", column.nans);
        node.put("infinite", column.infinite);
        if (moments.n > 0) {
            node.put("min", moments.min).put("max", moments.max);
            node.put("mean", moments.mean).put("m2", moments.m2);
        }
        array(node.putArray("edges"), column.edges());
        array(node.putArray("bins"), column.bins());
        if (column.values.exact()) {
            array(node.putArray("values"), column.values.values());
            array(node.putArray("counts"), column.values.counts());
        } else {
            Spread spread = column.beyond();
            node.put("quantiles", pack(spread.sketch.bytes()));
            if (!spread.sketch.isExact()) {
                node.put("distinct", pack(spread.distinct().bytes()));
            }
        }
    }

    private static void write(CategoryProfile column, ObjectNode node) {
        node.put("n", column.present).put("nulls", column.nulls);
        node.put("error", column.frequent.error());
        ObjectNode counts = node.putObject("counts");
        column.counts().forEach(counts::put);
        if (!column.isExact()) {
            node.put("distinct", pack(column.distinct.bytes()));
        }
    }

    static Profile read(String text) {
        try {
            JsonNode json = JSON.readTree(text.getBytes(StandardCharsets.UTF_8));
            int format = json.path("format").asInt();
            if (format != FORMAT && format != PLAIN_FORMAT) {
                throw new IllegalArgumentException("profile of format " + json.path("format")
                        + ": this version reads formats up to " + PLAIN_FORMAT + "; take a newer Millwright");
            }
            List<ColumnProfile> columns = new ArrayList<>();
            for (JsonNode node : json.path("columns")) {
                columns.add(node.path("kind").asText().equals("numeric") ? numeric(node) : category(node));
            }
            return new Profile(columns);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a profile: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static NumericProfile numeric(JsonNode node) {
        double[] edges = doubles(node.path("edges"));
        NumericProfile column = new NumericProfile(
                node.path("name").asText(),
                edges,
                values(node),
                node.has("values") ? new Spread(edges.length + 1) : spread(node, edges.length + 1));
        column.nulls = node.path("nulls").asLong();
        column.nans = node.path("nan").asLong();
        column.infinite = node.path("infinite").asLong();
        return column;
    }

    private static Spread spread(JsonNode node, int bins) {
        QuantileSketch sketch = QuantileSketch.read(unpack(node.path("quantiles")));
        Spread spread = new Spread(
                bins,
                moments(node),
                sketch,
                sketch.isExact() && !node.has("distinct") ? null : Distinct.read(unpack(node.path("distinct"))));
        for (int i = 0; i < bins; i++) {
            spread.bins[i] = node.path("bins").path(i).asLong();
        }
        return spread;
    }

    private static Moments moments(JsonNode node) {
        Moments moments = new Moments();
        moments.n = node.path("n").asLong();
        if (moments.n > 0) {
            moments.min = node.path("min").asDouble();
            moments.max = node.path("max").asDouble();
            moments.mean = node.path("mean").asDouble();
            moments.m2 = node.path("m2").asDouble();
        }
        return moments;
    }

    private static ValueCounts values(JsonNode node) {
        ValueCounts values = new ValueCounts();
        if (!node.has("values")) {
            values.drop();
        } else if (node.path("values").size() > ValueCounts.LIMIT) {
            throw new IllegalArgumentException("not a profile: more than " + ValueCounts.LIMIT + " counted values");
        }
        for (int i = 0; i < node.path("values").size(); i++) {
            values.add(
                    node.path("values").path(i).asDouble(),
                    node.path("counts").path(i).asLong());
        }
        return values;
    }

    private static CategoryProfile category(JsonNode node) {
        Map<String, Long> counts = new TreeMap<>();
        node.path("counts")
                .properties()
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue().asLong()));
        CategoryProfile column = new CategoryProfile(
                node.path("name").asText(),
                node.has("distinct") ? Distinct.read(unpack(node.path("distinct"))) : distinct(counts.keySet()),
                Frequent.read(counts, node.path("error").asLong()));
        column.present = node.path("n").asLong();
        column.nulls = node.path("nulls").asLong();
        return column;
    }

    private static Distinct distinct(Set<String> values) {
        Distinct distinct = new Distinct();
        values.forEach(distinct::add);
        return distinct;
    }

    private static void array(ArrayNode node, double[] values) {
        for (double value : values) {
            node.add(value);
        }
    }

    private static void array(ArrayNode node, long[] values) {
        for (long value : values) {
            node.add(value);
        }
    }

    private static double[] doubles(JsonNode node) {
        double[] values = new double[node.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = node.path(i).asDouble();
        }
        return values;
    }

    /**
     * In base64, deflated where that spares an eighth: sketches of few distinct values shrink to a fraction, others hardly,
     * and inflating them again would be half of what reading a column costs.
     */
    private static String pack(byte[] bytes) {
        byte[] deflated = deflated(bytes);
        return deflated.length <= bytes.length - bytes.length / 8
                ? Base64.getEncoder().encodeToString(deflated)
                : PLAIN + Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] deflated(byte[] bytes) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(bytes);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] chunk = new byte[4096];
            while (!deflater.finished()) {
                out.write(chunk, 0, deflater.deflate(chunk));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private static byte[] unpack(JsonNode node) {
        String text = node.asText();
        if (text.startsWith(PLAIN)) {
            byte[] bytes = Base64.getDecoder().decode(text.substring(PLAIN.length()));
            if (bytes.length > MOST_BYTES) {
                throw new IllegalArgumentException("not a profile: a sketch in it is above " + MOST_BYTES + " bytes");
            }
            return bytes;
        }
        return inflated(Base64.getDecoder().decode(text));
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
