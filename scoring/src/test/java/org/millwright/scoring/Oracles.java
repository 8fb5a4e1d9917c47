package org.millwright.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** Numbers that other libraries computed, and the rows that they computed them of. */
public final class Oracles {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Oracles() {}

    public static JsonNode json(String name) {
        try (InputStream in = open(name)) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows of a CSV file as name → cell. */
    public static List<Map<String, String>> rows(String name) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(open(name), StandardCharsets.UTF_8))) {
            String[] names = lines.readLine().split(",");
            return lines.lines()
                    .map(line -> {
                        String[] cells = line.split(",");
                        Map<String, String> row = new HashMap<>();
                        for (int i = 0; i < names.length; i++) {
                            row.put(names[i], cells[i]);
                        }
                        return row;
                    })
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String name) throws IOException {
        InputStream in = Objects.requireNonNull(Oracles.class.getResourceAsStream("/oracles/" + name), name);
        return name.endsWith(".gz") ? new GZIPInputStream(in) : in;
    }

    public static double[] doubles(List<Map<String, String>> rows, String column) {
        return rows.stream()
                .mapToDouble(row -> Double.parseDouble(row.get(column)))
                .toArray();
    }

    public static int[] ints(List<Map<String, String>> rows, String column) {
        return Arrays.stream(doubles(rows, column))
                .mapToInt(value -> (int) value)
                .toArray();
    }

    public static String[] texts(List<Map<String, String>> rows, String column) {
        return rows.stream().map(row -> row.get(column)).toArray(String[]::new);
    }

    public static double[] doubles(JsonNode array) {
        double[] values = new double[array.size()];
        Arrays.setAll(values, i -> array.path(i).asDouble());
        return values;
    }

    public static long[] longs(JsonNode array) {
        long[] values = new long[array.size()];
        Arrays.setAll(values, i -> array.path(i).asLong());
        return values;
    }

    /** Equal within a relative tolerance, and within 1e-12. */
    public static void same(String what, double got, JsonNode want, double tolerance) {
        assertThat(want.isNumber())
                .as(what + " has an expected number: " + want)
                .isTrue();
        double expected = want.asDouble();
        assertThat(got).as(what).isCloseTo(expected, within(Math.max(1e-12, Math.abs(expected) * tolerance)));
    }

    /** Equal p-values: relative, tiny ones by their logarithm, below 1e-290 both are nothing. */
    public static void sameP(String what, double got, JsonNode want, double tolerance) {
        double expected = want.asDouble();
        if (expected >= 1e-20 || expected == 0 && got > 0) {
            same(what, got, want, tolerance);
        } else if (expected > 1e-290) {
            assertThat(Math.log(got)).as(what).isCloseTo(Math.log(expected), within(-Math.log(expected) * 0.05));
        } else {
            assertThat(got).as(what).isLessThan(1e-280);
        }
    }
}
