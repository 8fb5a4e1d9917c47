package org.millwright.scoring.drift;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Optional;
import org.millwright.scoring.profile.StudentT;

/**
 * Between which values the mean reconstruction error of a window is by chance, as chunks of held-out rows were.
 *
 * @param mean of the chunks
 * @param deviation of the errors of single rows
 * @param chunk rows of a chunk
 * @param skewness of these errors, not below 0
 * @param room on either side of the mean that a further chunk needs
 */
record ErrorLimits(double mean, double deviation, double skewness, long chunk, double room) {
    private static final int CHUNKS = 10;
    private static final int LEAST_CHUNKS = 5;
    private static final int CHUNK_ROWS = 100;

    /** How seldom a window without change is outside: as seldom as three standard deviations are left. */
    private static final double SELDOM = 0.0027;

    private static final double DEVIATIONS = 3;

    /** By how much of the skewness over √n three deviations of a mean are more above it: the expansion of Cornish and Fisher. */
    private static final double LEAN = (DEVIATIONS * DEVIATIONS - 1) / 6 / DEVIATIONS;

    /** Of a row's deviation: less is no effect, however many rows show it. */
    private static final double EFFECT = 0.1;

    /** Columns that follow from each other have errors of arithmetic only. */
    private static final double ARITHMETIC = 1e-6;

    /** Empty with fewer than five chunks of a hundred rows. */
    static Optional<ErrorLimits> of(double[] errors) {
        int count = Math.min(CHUNKS, errors.length / CHUNK_ROWS);
        if (count < LEAST_CHUNKS) {
            return Optional.empty();
        }
        int rows = errors.length / count;
        double[] means = new double[count];
        for (int i = 0; i < count; i++) {
            int to = i == count - 1 ? errors.length : (i + 1) * rows;
            means[i] = mean(Arrays.copyOfRange(errors, i * rows, to));
        }
        double chunks = Math.sqrt(squares(means) / (count - 1));
        double room = StudentT.quantile(SELDOM, count - 1) * chunks * Math.sqrt(1 + 1.0 / count);
        double deviation = Math.sqrt(squares(errors) / errors.length);
        return Optional.of(new ErrorLimits(mean(means), deviation, skewness(errors, deviation), rows, room));
    }

    private static double skewness(double[] values, double deviation) {
        double mean = mean(values);
        double cubes = mean(Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean) * (value - mean))
                .toArray());
        return deviation > 0 ? Math.max(0, cubes / (deviation * deviation * deviation)) : 0;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    private static double squares(double[] values) {
        double mean = mean(values);
        return Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
    }

    /** Fewer rows than a chunk vary more by chance; a change that no row shows does not count. */
    ReconstructionError judge(double value, double samplingError, long rows) {
        double more = DEVIATIONS * deviation * Math.sqrt(Math.max(0, 1.0 / rows - 1.0 / chunk));
        double chance = Math.hypot(room, more);
        double effect = Math.max(EFFECT * deviation, ARITHMETIC);
        double below = Math.max(chance, effect);
        double above = Math.max(chance * (1 + LEAN * skewness / Math.sqrt(rows)), effect);
        return new ReconstructionError(value, samplingError, rows, mean, Math.max(0, mean - below), mean + above);
    }

    void write(ObjectNode json) {
        json.put("mean", mean)
                .put("deviation", deviation)
                .put("skewness", skewness)
                .put("chunk", chunk)
                .put("room", room);
    }

    static ErrorLimits read(JsonNode json) {
        var read = new ErrorLimits(
                number(json, "mean"),
                number(json, "deviation"),
                number(json, "skewness"),
                json.path("chunk").asLong(),
                number(json, "room"));
        Reconstruction.require(read.chunk >= 1, "its limits are of chunks without rows");
        return read;
    }

    private static double number(JsonNode json, String name) {
        double value = json.path(name).asDouble(Double.NaN);
        Reconstruction.require(value >= 0 && Double.isFinite(value), "the '" + name + "' of its limits is no number");
        return value;
    }
}
