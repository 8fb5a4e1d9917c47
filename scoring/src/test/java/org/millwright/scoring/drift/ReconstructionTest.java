package org.millwright.scoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.millwright.scoring.Oracles.doubles;
import static org.millwright.scoring.Oracles.texts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Oracles;
import org.millwright.scoring.performance.RowSignals;
import org.millwright.scoring.profile.Drift;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;

/** Drift of all columns together from profiles: against NannyML from raw rows, whatever number of replicas saw them. */
class ReconstructionTest {
    private static int[] order(int rows) {
        return IntStream.range(0, rows).toArray();
    }

    private static Reconstruction learned(Frame rows) {
        return Reconstruction.learn(Profile.reference(rows), rows).orElseThrow();
    }

    /** What a window of these rows says. */
    private static ReconstructionError of(Reconstruction learned, Frame rows) {
        var window = new Profile(List.of());
        learned.update(window, rows);
        return learned.measure(window).orElseThrow();
    }

    private static Frame drawnRows(List<Map<String, String>> rows) {
        Frame.Builder frame = Frame.of(rows.size());
        for (String name : List.of("load", "steps", "site", "amount", "speed", "heat", "noise", "kind")) {
            String[] cells = Arrays.stream(texts(rows, name))
                    .map(cell -> cell.isEmpty() ? null : cell)
                    .toArray(String[]::new);
            if (name.equals("site") || name.equals("kind")) {
                frame.strings(name, cells);
            } else {
                frame.doubles(
                        name,
                        Arrays.stream(cells)
                                .mapToDouble(cell -> cell == null ? Double.NaN : Double.parseDouble(cell))
                                .toArray());
            }
        }
        return frame.build();
    }

    private static Frame flights(List<Map<String, String>> rows) {
        return Frame.of(rows.size())
                .doubles("hour", doubles(rows, "hour"))
                .doubles("distance", doubles(rows, "distance"))
                .strings("origin", texts(rows, "origin"))
                .strings("carrier", texts(rows, "carrier"))
                .build();
    }

    @Test
    void errorsAsNannymlHasThemWithMissingValuesAndUnseenTexts() {
        asNannyml("drawn", "reconstruction_rows.csv.gz", ReconstructionTest::drawnRows);
    }

    @Test
    void errorsOfFlightsAsNannymlHasThem() {
        asNannyml("flights", "perf_rows.csv.gz", ReconstructionTest::flights);
    }

    /** Every chunk's mean and sampling error to 9 digits; NannyML's limits are those of chunks without Student's room. */
    private static void asNannyml(
            String name, String file, java.util.function.Function<List<Map<String, String>>, Frame> read) {
        JsonNode oracle = Oracles.json("reconstruction.json").path(name);
        List<Map<String, String>> rows = Oracles.rows(file);
        Map<String, Frame> periods =
                Map.of("reference", read.apply(of(rows, "reference")), "analysis", read.apply(of(rows, "analysis")));
        Frame reference = periods.get("reference");
        Reconstruction learned = learned(reference);
        assertThat(learned.kept()).isEqualTo(oracle.path("components").asInt());
        for (JsonNode chunk : oracle.path("chunks")) {
            Frame part = periods.get(chunk.path("period").asText())
                    .slice(chunk.path("start").asInt(), chunk.path("end").asInt() + 1);
            ReconstructionError error = of(learned, part);
            Oracles.same(name + " mean", error.value(), chunk.path("value"), 1e-9);
            double n = part.rows();
            Oracles.same(
                    name + " sampling error",
                    error.samplingError() * Math.sqrt(n / (n - 1)),
                    chunk.path("samplingError"),
                    1e-9);
            assertThat(error.hasLimits()).isFalse();
        }
        Reconstruction limited = learned.limitedBy(reference, order(reference.rows()));
        ReconstructionError usual = of(limited, reference);
        double width = (oracle.path("upper").asDouble() - oracle.path("lower").asDouble()) / 2;
        assertThat((usual.most() - usual.least()) / 2)
                .as("three deviations of ten chunks with Student's room: 4.09 √1.1 √(10/9) of 3")
                .isBetween(1.35 * width, 1.6 * width);
    }

    private static List<Map<String, String>> of(List<Map<String, String>> rows, String period) {
        return rows.stream().filter(row -> row.get("period").equals(period)).toList();
    }

    /** Six columns of two hidden causes and a text of one of them; {@code apart} deals two columns out anew. */
    private static Frame drawn(Random random, int rows, boolean apart) {
        double[][] x = new double[6][rows];
        String[] text = new String[rows];
        for (int i = 0; i < rows; i++) {
            double a = random.nextGaussian();
            double b = random.nextGaussian();
            for (int c = 0; c < x.length; c++) {
                boolean first = c % 2 == 0;
                double cause = apart && c < 2 ? random.nextGaussian() : first ? a : b;
                x[c][i] = 10 * c + cause + 0.5 * random.nextGaussian();
            }
            text[i] = a > 0.8 ? "high" : a < -0.5 ? "low" : "middle";
        }
        Frame.Builder frame = Frame.of(rows);
        for (int c = 0; c < x.length; c++) {
            frame.doubles("x" + c, x[c]);
        }
        return frame.strings("text", text).build();
    }

    @Test
    void columnsThatComeApartAreFoundThoughNoneChangedAlone() {
        Frame trained = drawn(new Random(1), 5_000, false);
        Reconstruction learned = learned(trained).limitedBy(drawn(new Random(2), 5_000, false), order(5_000));
        Profile reference = Profile.reference(trained);
        for (int rows : new int[] {100, 400, 5_000}) {
            Frame same = drawn(new Random(3), rows, false);
            Frame apart = drawn(new Random(4), rows, true);
            assertThat(of(learned, same).isDrift())
                    .as(rows + " rows as in training")
                    .isFalse();
            assertThat(of(learned, apart).isDrift()).as(rows + " rows apart").isTrue();
            Profile window = reference.like();
            window.update(apart);
            if (rows > 1_000) {
                reference
                        .columns()
                        .forEach(column -> assertThat(Drift.between(
                                                column,
                                                window.column(column.name()).orElseThrow())
                                        .psi())
                                .as(column.name())
                                .isLessThan(0.05));
            }
        }
    }

    @Test
    void profilesOfReplicasMergeToTheSameErrorAsOne() {
        Frame trained = drawn(new Random(1), 2_000, false);
        Reference before = Reference.of(trained, new double[2_000], new double[2_000], 0, 0);
        assertThat(Reconstruction.of(Reference.fromJson(before.toJson())))
                .as("a reference of before")
                .isEmpty();
        Reference reference = Reference.fromJson(before.reconstructedBy(Reconstruction.learn(before.inputs(), trained)
                        .map(learned -> learned.limitedBy(trained, order(2_000)))
                        .map(Reconstruction::toJson))
                .toJson());
        RowSignals signals = RowSignals.of(reference);
        Frame rows = drawn(new Random(5), 3_001, true);
        Profile one = reference.window();
        signals.update(one, rows, place -> new double[3_001]);
        Profile many = reference.window();
        for (int from = 0; from < rows.rows(); from += 430) {
            Profile part = reference.window();
            Frame own = rows.slice(from, Math.min(rows.rows(), from + 430));
            signals.update(part, own, place -> new double[own.rows()]);
            many.merge(Profile.fromJson(part.toJson()));
        }
        Reconstruction learned = signals.reconstruction().orElseThrow();
        ReconstructionError alone = learned.measure(one).orElseThrow();
        ReconstructionError merged = learned.measure(many).orElseThrow();
        assertThat(merged.rows()).isEqualTo(3_001);
        assertThat(merged.value()).isCloseTo(alone.value(), within(1e-12));
        assertThat(merged.samplingError()).isCloseTo(alone.samplingError(), within(1e-12));
        assertThat(merged.most()).isEqualTo(alone.most());
        assertThat(signals.knows(Profile.derivedName(Reconstruction.COLUMN))).isTrue();
        assertThat(learned.measure(reference.window())).isEmpty();
        assertThat(Profile.fromJson(many.toJson()).toJson().length())
                .as("bounded")
                .isLessThan(200_000);
    }

    /** Windows without drift against limits from held-out rows of their own: 0.27 % is what the limits are made for. */
    @Test
    void windowsWithoutDriftSeldomAlarm() {
        int alarms = 0;
        int windows = 0;
        for (int trial = 0; trial < 40; trial++) {
            var random = new Random(100 + trial);
            Frame trained = drawn(random, 1_500, false);
            int held = trial % 2 == 0 ? 600 : 3_000;
            Reconstruction learned = learned(trained).limitedBy(drawn(random, held, false), order(held));
            for (int i = 0; i < 50; i++) {
                int rows = i % 2 == 0 ? 100 : 700;
                alarms += of(learned, drawn(random, rows, false)).isDrift() ? 1 : 0;
                windows++;
            }
        }
        assertThat(alarms).as("of " + windows).isLessThanOrEqualTo((int) (0.0027 * windows));
    }

    @Test
    void valuesThatAreNoneOrNewOrFarAwayStayBounded() {
        Frame trained = drawn(new Random(1), 1_000, false);
        Reconstruction learned = learned(trained);
        int n = 5;
        Frame odd = Frame.of(n)
                .doubles("x0", new double[] {Double.NaN, Double.POSITIVE_INFINITY, 1e300, -1e300, 0})
                .strings("x1", new String[] {"1", null, "x", "", "9"})
                .longs("x2", new long[] {20, 21, Long.MAX_VALUE, Long.MIN_VALUE, 19})
                .strings("text", new String[] {null, "new", "x".repeat(500), "high", "low"})
                .build();
        double[] errors = learned.errors(odd);
        assertThat(errors).hasSize(n);
        for (double error : errors) {
            assertThat(error).isBetween(0.0, 10 * Math.sqrt(7));
        }
        Frame none = Frame.of(1).doubles("other", new double[1]).build();
        assertThat(learned.errors(none)[0]).as("all columns missing").isLessThan(2);
        assertThat(learned.errors(Frame.of(0).build())).isEmpty();
        for (int rows : new int[] {1, 255, 256, 257, 1_000}) {
            assertThat(learned.errors(trained.slice(0, rows)))
                    .as("whatever the size of the batch")
                    .isEqualTo(Arrays.copyOf(learned.errors(trained), rows));
        }
    }

    @Test
    void columnsThatSayNothingAreLeftOutAndTooFewOrTooManySaySo() {
        Frame trained = drawn(new Random(1), 400, false);
        Frame.Builder more = Frame.of(400);
        IntStream.range(0, trained.width())
                .forEach(c -> more.column(trained.name(c), trained.type(c), trained.column(c)));
        Frame wide = more.doubles(
                        "null",
                        IntStream.range(0, 400).mapToDouble(i -> Double.NaN).toArray())
                .doubles("constant", IntStream.range(0, 400).mapToDouble(i -> 3).toArray())
                .doubles(
                        "almost",
                        IntStream.range(0, 400).mapToDouble(i -> 1e9 + 1e-7 * i).toArray())
                .strings("id", IntStream.range(0, 400).mapToObj(i -> "r" + i).toArray(String[]::new))
                .strings("same", IntStream.range(0, 400).mapToObj(i -> "s").toArray(String[]::new))
                .strings(
                        "even",
                        IntStream.range(0, 400).mapToObj(i -> "e" + i % 2).toArray(String[]::new))
                .build();
        assertThat(learned(wide).columns()).isEqualTo(trained.names());

        Frame one = trained.select(List.of("x0"));
        assertThat(Reconstruction.learn(Profile.reference(one), one)).isEmpty();
        assertThat(Reconstruction.obstacle(Profile.reference(one))).contains("fewer than two columns vary");
        Frame two = trained.select(List.of("x0", "x1"));
        assertThat(learned(two).kept()).as("independent, yet one is left out").isEqualTo(1);

        var random = new Random(2);
        Frame.Builder many = Frame.of(50);
        IntStream.range(0, Reconstruction.MOST_COLUMNS + 1)
                .forEach(c -> many.doubles("c" + c, random.doubles(50).toArray()));
        Frame tooMany = many.build();
        assertThat(Reconstruction.learn(Profile.reference(tooMany), tooMany)).isEmpty();
        assertThat(Reconstruction.obstacle(Profile.reference(tooMany))).contains("101 columns vary (at most: 100)");
        Frame most = tooMany.select(tooMany.names().subList(0, Reconstruction.MOST_COLUMNS));
        assertThat(learned(most).toJson().length()).as("bounded").isLessThan(150_000);
    }

    @Test
    void columnsThatFollowFromEachOtherAreMadeAgainExactly() {
        double[] x = new Random(1).doubles(600).toArray();
        Frame rows = Frame.of(600)
                .doubles("a", x)
                .doubles("b", Arrays.stream(x).map(v -> 2 * v).toArray())
                .doubles("c", Arrays.stream(x).map(v -> 1 - v).toArray())
                .doubles("d", Arrays.stream(x).map(v -> 7 * v - 3).toArray())
                .build();
        Reconstruction learned = learned(rows).limitedBy(rows, order(600));
        assertThat(of(learned, rows).value()).isLessThan(1e-6);
        assertThat(of(learned, rows).isDrift()).isFalse();
        double[] other = new Random(2).doubles(600).toArray();
        Frame apart = Frame.of(600)
                .doubles("a", x)
                .doubles("b", other)
                .doubles("c", x)
                .doubles("d", x)
                .build();
        assertThat(of(learned, apart).isDrift()).isTrue();
    }

    @Test
    void jsonReadsBackAndWhatWasTamperedWithIsRefused() {
        Frame trained = drawn(new Random(1), 1_000, false);
        Profile profile = Profile.fromJson(Profile.reference(trained).toJson());
        Reconstruction learned = learned(trained).limitedBy(trained, order(1_000));
        String json = learned.toJson();
        Reconstruction read = Reconstruction.fromJson(json, profile);
        assertThat(read.toJson()).isEqualTo(json);
        assertThat(of(read, trained)).isEqualTo(of(learned, trained));
        assertThat(Reconstruction.fromJson(learned(trained).toJson(), profile).limits())
                .isEmpty();
        for (String text : List.of(
                "",
                "{}",
                "[",
                json.replace("pca", "tsne"),
                json.replace("\"x3\"", "\"x9\""),
                json.replace("\"x3\",", ""),
                json.replaceFirst("\\[\\[[^,]*,", "[[0.0,"),
                json.replaceFirst("\\[\\[[^,]*,", "[["),
                json.replaceFirst("\"components\":.*]]", "\"components\":[]"),
                json.replaceFirst("\"deviation\":[^,]*", "\"deviation\":-1"),
                json.replaceFirst("\"room\":[^}]*", "\"room\":\"wide\""),
                json.replaceFirst("\"chunk\":[^,]*", "\"chunk\":0"))) {
            assertThat(text).isNotEqualTo(json);
            assertThatThrownBy(() -> Reconstruction.fromJson(text, profile))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
