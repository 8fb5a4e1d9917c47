package org.millwright.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.millwright.alert.Verdict;
import org.millwright.project.Agreement;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;
import org.millwright.scoring.profile.ColumnCounts;
import org.millwright.scoring.profile.ColumnDrift;
import org.millwright.scoring.profile.Drift;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;
import org.millwright.scoring.profile.Shares;

class DriftedTest {
    private static final List<String> METHODS = List.of(
            "psi", "ks", "wasserstein", "jensen-shannon", "hellinger", "chi-square", "l-infinity", "total-variation");
    /** Deciles of the standard normal distribution. */
    private static final double[] EDGES = {-1.2816, -0.8416, -0.5244, -0.2533, 0, 0.2533, 0.5244, 0.8416, 1.2816};

    private static final Agreement.Drift PSI = new Agreement.Drift("psi", 0.1, 0.25, 0.5);

    private static Drifted drifted(Reference reference, Frame frame, Agreement.Drift limits) {
        return Drifted.of(reference, window(reference, frame), Optional.of(limits));
    }

    private static Profile window(Reference reference, Frame frame) {
        Profile window = reference.window();
        window.update(frame);
        window.column(Reference.OUTPUT).orElseThrow().update(new Vector.Doubles(new double[frame.rows()]));
        return window;
    }

    /** Many categories, as destinations of flights. */
    private static Frame frame(Random random, int rows, double shift, int categories) {
        var x = new double[rows];
        var c = new String[rows];
        for (int i = 0; i < rows; i++) {
            x[i] = random.nextGaussian() + shift;
            c[i] = "d" + (int) (categories * Math.pow(random.nextDouble(), 2 + shift));
        }
        return Frame.of(rows).doubles("x", x).strings("c", c).build();
    }

    private static Reference reference(int categories) {
        Frame frame = frame(new Random(1), 20_000, 0, categories);
        return Reference.of(frame, new double[20_000], new double[20_000], 0, 0);
    }

    @Test
    void windowsWithoutDriftDoNotAlarm() {
        Reference reference = reference(100);
        var random = new Random(2);
        int alarms = 0;
        for (int i = 0; i < 300; i++) {
            for (Drifted.Column column : drifted(reference, frame(random, i % 2 == 0 ? 150 : 2_000, 0, 100), PSI)
                    .columns()) {
                alarms += column.verdict() == Verdict.BROKEN ? 1 : 0;
            }
        }
        assertThat(alarms).isLessThanOrEqualTo(3);
    }

    @Test
    void bothKindsOfColumnSeeAShift() {
        Drifted drifted = drifted(reference(100), frame(new Random(3), 2_000, 1.5, 100), PSI);
        assertThat(drifted.columns())
                .allSatisfy(column -> assertThat(column.verdict()).isEqualTo(Verdict.BROKEN));
        assertThat(drifted.share(Verdict.BROKEN)).isEqualTo(1);
        assertThat(drifted.columns()).extracting(Drifted.Column::method).containsExactly("psi", "jensen-shannon");
    }

    @Test
    void aCategorysLimitIsTheDistanceOfASmallChangeWithThatPsi() {
        long[] before = {5_000, 5_000};
        long[] after = {5_100, 4_900};
        double psi = Shares.psi(before, after);
        assertThat(Drifted.distance(psi)).isCloseTo(Shares.jensenShannon(before, after), within(1e-5));
    }

    @Test
    void aColumnThatVanishesHasMoved() {
        var x = new double[500];
        java.util.Arrays.fill(x, Double.NaN);
        Frame frame = Frame.of(500)
                .doubles("x", x)
                .strings("c", frame(new Random(4), 500, 0, 100).row(0).get("c") == null ? null : strings(500))
                .build();
        Drifted.Column column = drifted(reference(100), frame, PSI).columns().getFirst();
        assertThat(column.verdict()).isEqualTo(Verdict.BROKEN);
        assertThat(column.method()).isEqualTo("psi-missing");
    }

    private static String[] strings(int rows) {
        var c = new String[rows];
        var random = new Random(5);
        for (int i = 0; i < rows; i++) {
            c[i] = "d" + (int) (100 * Math.pow(random.nextDouble(), 2));
        }
        return c;
    }

    @Test
    void tooFewRowsSayNothing() {
        Drifted drifted = drifted(reference(100), frame(new Random(6), 99, 5, 100), PSI);
        assertThat(drifted.columns())
                .allSatisfy(column -> assertThat(column.verdict()).isEqualTo(Verdict.INSUFFICIENT));
        assertThat(drifted.share(Verdict.BROKEN)).isNaN();
    }

    @Test
    void theAgreedMethodDecides() {
        Frame frame = frame(new Random(7), 2_000, 0.4, 100);
        for (String method : METHODS) {
            Drifted.Column x = drifted(reference(100), frame, new Agreement.Drift(method, 0.03, 0.05, 0.5))
                    .columns()
                    .getFirst();
            assertThat(x.method()).isEqualTo(method);
            assertThat(x.verdict()).as(method + " " + x.value()).isEqualTo(Verdict.BROKEN);
        }
    }

    /** Smooth, skewed and discrete numbers, and texts of few and of many values. */
    private static Frame kinds(Random random, int rows) {
        var normal = new double[rows];
        var skewed = new double[rows];
        var discrete = new double[rows];
        var few = new String[rows];
        var many = new String[rows];
        for (int i = 0; i < rows; i++) {
            normal[i] = random.nextGaussian();
            skewed[i] = Math.exp(2 * random.nextGaussian());
            discrete[i] = random.nextInt(4);
            few[i] = "f" + (int) (3 * Math.pow(random.nextDouble(), 2));
            many[i] = "m" + (int) (100 * Math.pow(random.nextDouble(), 2));
        }
        return Frame.of(rows)
                .doubles("normal", normal)
                .doubles("skewed", skewed)
                .doubles("discrete", discrete)
                .strings("few", few)
                .strings("many", many)
                .build();
    }

    /** At the default limits, in the smallest windows that are judged; the figures are in docs/how-to/agreement.md. */
    @Test
    void noMethodAlarmsOnAThousandWindowsWithoutDrift() {
        Reference reference = kinds();
        var broken = new TreeMap<String, Integer>();
        var moved = new TreeMap<String, Integer>();
        for (int i = 0; i < 1_000; i++) {
            var random = new Random(i);
            Profile window = window(reference, kinds(random, 100 + random.nextInt(100)));
            for (String method : METHODS) {
                Drifted drifted = Drifted.of(reference, window, Optional.of(agreed(method)));
                broken.merge(method, drifted.share(Verdict.BROKEN) >= 0.3 ? 1 : 0, Integer::sum);
                moved.merge(method, drifted.moved(Verdict.BROKEN) > 0 ? 1 : 0, Integer::sum);
            }
        }
        assertThat(broken.values()).containsOnly(0);
        assertThat(moved.values()).allMatch(windows -> windows <= 20);
    }

    private static Agreement.Drift agreed(String method) {
        return new Agreement.Drift(method, 0.1, 0.25, 0.3);
    }

    private static Reference kinds() {
        return Reference.of(kinds(new Random(1), 20_000), new double[20_000], new double[20_000], 0, 0);
    }

    /** Bins are frozen and counts exact; quantiles come of a sketch, whose error moves a share by at most 0.009. */
    @Test
    void profilesGiveTheEffectsOfRawRows() {
        Reference reference = kinds();
        Frame frame = kinds(new Random(9), 5_000);
        double[] moved = frame.doubles("normal").clone();
        java.util.Arrays.setAll(moved, i -> 1.3 * moved[i] + 0.4);
        frame = Frame.of(5_000)
                .doubles("normal", moved)
                .strings("few", tilted(5_000))
                .build();
        Frame trained = kinds(new Random(1), 20_000);
        for (String method : METHODS) {
            Drifted drifted = Drifted.of(reference, window(reference, frame), Optional.of(agreed(method)));
            for (Drifted.Column column : drifted.columns()) {
                if (column.name().equals("normal") || column.name().equals("few")) {
                    double raw = raw(column.method(), counts(trained, column.name()), counts(frame, column.name()));
                    assertThat(column.value()).as(method).isCloseTo(raw, within(0.01));
                    assertThat(column.value()).as(method).isGreaterThan(0.05);
                }
            }
        }
    }

    private static ColumnCounts counts(Frame frame, String column) {
        return ColumnCounts.of(frame, frame.position(column));
    }

    private static double raw(String method, ColumnCounts reference, ColumnCounts current) {
        ColumnDrift raw = Drift.between(reference, current);
        return switch (method) {
            case "psi" -> raw.psi();
            case "ks" -> raw.ks();
            case "wasserstein" -> raw.wasserstein();
            case "jensen-shannon" -> raw.jensenShannon();
            case "hellinger" -> raw.hellinger();
            case "l-infinity" -> raw.lInfinity();
            case "total-variation" -> raw.totalVariation();
            default -> Shares.cramersV(cells(reference), cells(current));
        };
    }

    private static long[] cells(ColumnCounts counts) {
        return counts instanceof ColumnCounts.Categories texts
                ? new TreeMap<>(texts.counts())
                        .values().stream().mapToLong(Long::longValue).toArray()
                : ((ColumnCounts.Numbers) counts).sample().counts(EDGES);
    }

    /** Fewer of the first of three categories than {@link #kinds} has. */
    private static String[] tilted(int rows) {
        var few = new String[rows];
        java.util.Arrays.setAll(few, i -> "f" + (i % 5 < 2 ? 0 : i % 5 < 4 ? 1 : 2));
        return few;
    }

    @Test
    void theChiSquareTestHasToAgreeWithTheSize() {
        Reference reference = reference(2);
        long rows = 0;
        for (int[] size : new int[][] {{100, 0}, {2_000, 1}}) {
            var texts = new String[size[0]];
            java.util.Arrays.setAll(texts, i -> i < texts.length * 0.79 ? "d0" : "d1");
            Frame frame = Frame.of(size[0])
                    .doubles("x", frame(new Random(8), size[0], 0, 2).doubles("x"))
                    .strings("c", texts)
                    .build();
            Drifted drifted = drifted(reference, frame, new Agreement.Drift("chi-square", 0.05, 0.06, 0.5));
            Drifted.Column c = drifted.columns().get(1);
            assertThat(c.method()).isEqualTo("chi-square");
            assertThat(c.value()).isBetween(0.06, 0.12);
            assertThat(c.verdict()).isEqualTo(size[1] == 0 ? Verdict.KEPT : Verdict.BROKEN);
            assertThat(c.p() <= 0.05).isEqualTo(size[1] == 1);
            assertThat(DriftJson.of(drifted).path("columns").path(1).path("p").asDouble())
                    .isEqualTo(c.p());
            rows += c.n();
        }
        assertThat(rows).isEqualTo(2_100);
    }

    @Test
    void aColumnHasItsOwnLimitsOrIsIgnored() {
        Frame frame = frame(new Random(7), 2_000, 0.4, 100);
        var agreed = new Agreement.Drift(
                "psi",
                0.1,
                0.25,
                0.5,
                Map.of(
                        "c", new Agreement.DriftLimits("l-infinity", 0.9, 0.95),
                        "speling", new Agreement.DriftLimits("ks", 0.1, 0.2)),
                Set.of("x", "gone"),
                false);

        Drifted drifted = drifted(reference(100), frame, agreed);

        assertThat(drifted.columns()).extracting(Drifted.Column::name).containsExactly("c");
        assertThat(drifted.columns().getFirst().method()).isEqualTo("l-infinity");
        assertThat(drifted.columns().getFirst().alert()).isEqualTo(0.95);
        assertThat(drifted.columns().getFirst().verdict()).isEqualTo(Verdict.KEPT);
        assertThat(drifted.unknown()).containsExactly("speling", "gone");
    }
}
