package org.millwright.scoring.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.zip.Deflater;

/** Writes the JSON form of a profile; {@link ProfileReader} reads it. */
final class ProfileJson {
    static final int FORMAT = 1;
    /** With sketches that are not deflated: versions before did not know them. */
    static final int PLAIN_FORMAT = 2;
    /** Before the bytes of such a sketch; no base64 begins with it. */
    static final String PLAIN = "=";

    private static final int PIECES = 8;
    private static final int PIECE = 128;
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
            node.put("distinct", pack(column.known().bytes()));
        }
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

    /**
     * In base64, deflated where that spares an eighth: sketches of few distinct values shrink to a fraction, others hardly,
     * and inflating them again would be half of what reading a column costs.
     */
    private static String pack(byte[] bytes) {
        if (shrinks(bytes)) {
            byte[] deflated = deflated(bytes);
            if (deflated.length <= bytes.length - bytes.length / 8) {
                return Base64.getEncoder().encodeToString(deflated);
            }
        }
        return PLAIN + Base64.getEncoder().encodeToString(bytes);
    }

    /** Whether pieces from all over it shrink by a sixteenth at least: to deflate all of it in vain costs the most of writing. */
    private static boolean shrinks(byte[] bytes) {
        int apart = bytes.length / PIECES;
        if (apart < 2 * PIECE) {
            return true;
        }
        byte[] pieces = new byte[PIECES * PIECE];
        for (int i = 0; i < PIECES; i++) {
            System.arraycopy(bytes, i * apart, pieces, i * PIECE, PIECE);
        }
        return deflated(pieces).length <= pieces.length - pieces.length / 16;
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
}
