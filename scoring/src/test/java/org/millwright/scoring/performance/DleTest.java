package org.millwright.scoring.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.millwright.scoring.Oracles.doubles;
import static org.millwright.scoring.Oracles.texts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Oracles;

class DleTest {
    private static final List<Map<String, String>> ROWS = Oracles.rows("perf_rows.csv.gz");

    @Test
    void chunksOfFlightsWithin15PercentOfNannyml() {
        List<Map<String, String>> reference = of("reference");
        List<Map<String, String>> analysis = of("analysis");
        Dle dle = Dle.fit(
                frame(reference),
                doubles(reference, "r_true"),
                doubles(reference, "r_pred"),
                Chunk.merged(reference.size(), 5));
        JsonNode chunks = Oracles.json("perf.json").path("dle").path("chunks");
        List<Chunk> rows = Chunk.withRest(analysis.size(), 5);
        for (int i = 0; i < 5; i++) {
            Map<String, Estimated> got = dle.estimate(
                    frame(analysis.subList(rows.get(i).from(), rows.get(i).to())));
            within15Percent(got.get("mae").value(), chunks.path(i).path("mae").asDouble());
            within15Percent(got.get("rmse").value(), chunks.path(i).path("rmse").asDouble());
            assertThat(got.get("mae").low()).isLessThan(got.get("mae").value());
        }
    }

    private static void within15Percent(double got, double want) {
        assertThat(got).isCloseTo(want, within(0.15 * want));
    }

    private static List<Map<String, String>> of(String period) {
        return ROWS.stream().filter(row -> row.get("period").equals(period)).toList();
    }

    private static Frame frame(List<Map<String, String>> rows) {
        return Frame.of(rows.size())
                .doubles("hour", doubles(rows, "hour"))
                .doubles("distance", doubles(rows, "distance"))
                .strings("origin", texts(rows, "origin"))
                .strings("carrier", texts(rows, "carrier"))
                .doubles("prediction", doubles(rows, "r_pred"))
                .build();
    }

    @Test
    void errorsThatDependOnAColumnAreForetold() {
        Drawn reference = Drawn.of(new Random(1), 20_000, 0.2);
        Drawn harder = Drawn.of(new Random(2), 4_000, 0.8);
        Dle dle = Dle.fit(reference.columns(), reference.truth(), reference.predicted(), Chunk.merged(20_000, 10));

        Estimated mae = dle.estimate(harder.columns()).get("mae");

        assertThat(mae.value()).isCloseTo(harder.mae(), within(0.05 * harder.mae()));
        assertThat(mae.alert()).isTrue();
        assertThat(dle.estimate(Drawn.of(new Random(3), 4_000, 0.2).columns()).values())
                .allMatch(estimated -> !estimated.alert());
        assertThatThrownBy(() -> Dle.fit(reference.columns(), new double[1], new double[1], List.of()))
                .hasMessageContaining("20000 rows, 1 true values");
    }

    /** Rows of an easy and a hard kind, with a column without meaning and missing values. */
    private record Drawn(Frame columns, double[] truth, double[] predicted) {
        static Drawn of(Random random, int rows, double hard) {
            String[] kind = new String[rows];
            double[] noise = new double[rows];
            double[] truth = new double[rows];
            double[] predicted = new double[rows];
            for (int i = 0; i < rows; i++) {
                boolean isHard = random.nextDouble() < hard;
                kind[i] = random.nextDouble() < 0.05 ? null : isHard ? "hard" : "easy";
                noise[i] = random.nextDouble() < 0.1 ? Double.NaN : random.nextDouble();
                predicted[i] = random.nextGaussian();
                truth[i] = predicted[i] + random.nextGaussian() * (isHard ? 4 : 1);
            }
            Frame columns = Frame.of(rows)
                    .strings("kind", kind)
                    .doubles("noise", noise)
                    .doubles("prediction", predicted)
                    .build();
            return new Drawn(columns, truth, predicted);
        }

        double mae() {
            double sum = 0;
            for (int i = 0; i < truth.length; i++) {
                sum += Math.abs(truth[i] - predicted[i]) / truth.length;
            }
            return sum;
        }
    }
}
