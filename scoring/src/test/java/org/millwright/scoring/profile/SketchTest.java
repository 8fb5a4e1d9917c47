package org.millwright.scoring.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.millwright.scoring.Oracles;

class SketchTest {
    private static final double BOUND = 0.0045;

    @Property(tries = 40)
    void ranksStayWithinTheBoundHoweverTheStreamWasSplit(
            @ForAll Random random,
            @ForAll @IntRange(min = 1, max = 60_000) int n,
            @ForAll @IntRange(min = 1, max = 12) int parts) {
        double[] values = new double[n];
        QuantileSketch[] sketches = new QuantileSketch[parts];
        Arrays.setAll(sketches, i -> new QuantileSketch(800));
        for (int i = 0; i < n; i++) {
            values[i] = Math.exp(random.nextGaussian() * 3);
            sketches[(int) ((long) i * parts / n)].add(values[i]);
        }
        QuantileSketch all = sketches[0];
        for (int i = 1; i < parts; i++) {
            all.merge(sketches[i]);
        }
        assertThat(all.size()).isEqualTo(n);
        Sample sample = all.sample();
        assertThat(sample.size()).isEqualTo(n);
        assertThat(all.bytes().length).isLessThan(24_000);
        Arrays.sort(values);
        for (double q = 0.01; q < 1; q += 0.01) {
            double at = values[(int) (q * n)];
            double rank = (Math.floor(q * n) + 1) / n;
            assertThat(sample.shareUpTo(at)).isCloseTo(rank, within(2 * BOUND));
        }
    }

    @Property(tries = 20)
    void ranksStayWithinTheBoundWhenPartsAreMerged(
            @ForAll Random random,
            @ForAll @IntRange(min = 1, max = 60) int parts,
            @ForAll @IntRange(min = 1, max = 5_000) int each) {
        double[] values = new double[parts * each];
        QuantileSketch all = new QuantileSketch(800);
        Distinct distinct = new Distinct();
        for (int from = 0; from < values.length; from += each) {
            QuantileSketch part = all.part();
            Distinct some = distinct.part();
            for (int i = from; i < from + each; i++) {
                values[i] = random.nextGaussian() + (double) i / values.length;
                some.add(values[i]);
            }
            part.add(values, from, from + each);
            all.merge(part);
            distinct.merge(some);
        }
        assertThat(all.size()).isEqualTo(values.length);
        assertThat(all.sample().size()).isEqualTo(values.length);
        assertThat(distinct.estimate()).isCloseTo(values.length, within(0.08 * values.length));
        Arrays.sort(values);
        for (double q = 0.01; q < 1; q += 0.01) {
            int at = (int) (q * values.length);
            assertThat(all.sample().shareUpTo(values[at])).isCloseTo((at + 1.0) / values.length, within(2 * BOUND));
        }
    }

    @Property(tries = 6)
    void ranksStayWithinTheBoundOfManyValues(@ForAll Random random, @ForAll @IntRange(max = 1) int parted) {
        double[] values = new double[2_000_000];
        QuantileSketch all = new QuantileSketch(800);
        for (int from = 0; from < values.length; from += 5_000) {
            QuantileSketch part = parted == 1 ? all.part() : new QuantileSketch(800);
            for (int i = from; i < from + 5_000; i++) {
                values[i] = random.nextGaussian() + (double) i / values.length;
            }
            part.add(values, from, from + 5_000);
            all.merge(part);
        }
        assertThat(all.size()).isEqualTo(values.length);
        assertThat(all.bytes().length).isLessThan(24_000);
        Arrays.sort(values);
        double worst = 0;
        for (double q = 0.005; q < 1; q += 0.005) {
            int at = (int) (q * values.length);
            worst = Math.max(worst, Math.abs(all.sample().shareUpTo(values[at]) - (at + 1.0) / values.length));
        }
        assertThat(worst).isLessThan(BOUND);
    }

    @Example
    void quantilesAndBoundsAsDataSketches() {
        JsonNode oracle = Oracles.json("sketches.json");
        QuantileSketch sketch = new QuantileSketch(800);
        oracle.path("kll_exact_below_k").path("values").forEach(value -> sketch.add(value.asDouble()));
        assertThat(sketch.size())
                .isEqualTo(oracle.path("kll_exact_below_k").path("n").asLong());
        oracle.path("kll_exact_below_k")
                .path("quantiles")
                .fields()
                .forEachRemaining(want -> assertThat(sketch.sample().quantile(Double.parseDouble(want.getKey())))
                        .isEqualTo(want.getValue().asDouble()));
        for (JsonNode size : oracle.path("kll_k_size_table")) {
            if (size.path("k").asInt() == 800) {
                assertThat(size.path("rank_error_pmf").asDouble()).isCloseTo(BOUND, within(5e-5));
            }
        }
    }

    @Example
    void sortedStreamsAreNoWorse() {
        QuantileSketch sketch = new QuantileSketch(800);
        int n = 300_000;
        for (int i = 0; i < n; i++) {
            sketch.add(i);
        }
        for (double q = 0.001; q < 1; q += 0.001) {
            assertThat(sketch.sample().quantile(q) / n).isCloseTo(q, within(BOUND));
        }
    }

    @Property(tries = 60)
    void valuesWithCountsAreAsGoodAsThemselves(
            @ForAll Random random,
            @ForAll @IntRange(min = 1, max = 64) int distinct,
            @ForAll @IntRange(min = 1, max = 30_000) int most) {
        double[] values = new double[distinct];
        long[] counts = new long[distinct];
        for (int i = 0; i < distinct; i++) {
            values[i] = i;
            counts[i] = 1 + random.nextInt(most);
        }
        QuantileSketch sketch = QuantileSketch.of(800, values, counts);
        double[] more = random.doubles(20_000).map(v -> v * distinct).toArray();
        sketch.add(more, 0, more.length);
        long n = sketch.size();
        assertThat(n).isEqualTo(Arrays.stream(counts).sum() + more.length);
        Sample sample = sketch.sample();
        assertThat(sample.size()).isEqualTo(n);
        assertThat(sketch.bytes().length).isLessThan(24_000);
        Arrays.sort(more);
        long upTo = 0;
        for (int i = 0; i < distinct; i++) {
            upTo += counts[i];
            int at = Arrays.binarySearch(more, values[i]);
            long below = at < 0 ? -at - 1 : at + 1;
            assertThat(sample.shareUpTo(values[i])).isCloseTo((double) (upTo + below) / n, within(2 * BOUND));
        }
    }

    @Example
    void bytesReadBackAndDamageIsNoticed() {
        QuantileSketch sketch = new QuantileSketch(800);
        Distinct distinct = new Distinct();
        new Random(5).doubles(10_000).forEach(v -> {
            sketch.add(v);
            distinct.add(v);
        });
        byte[] bytes = sketch.bytes();
        assertThat(QuantileSketch.read(bytes).bytes()).isEqualTo(bytes);
        assertThat(Distinct.read(distinct.bytes()).estimate()).isEqualTo(distinct.estimate());
        for (int cut : new int[] {0, 1, 21, bytes.length - 1}) {
            assertThatThrownBy(() -> QuantileSketch.read(Arrays.copyOf(bytes, cut)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        byte[] registers = distinct.bytes();
        registers[100] = 99;
        assertThatThrownBy(() -> Distinct.read(registers)).isInstanceOf(IllegalArgumentException.class);
    }

    /** As versions before stored them, in the order in which they came. */
    @Example
    void valuesInAnyOrderAreReadAndWhatIsNoNumberIsRefused() {
        assertThat(QuantileSketch.read(stored(3, 1, 2)).sample().values()).containsExactly(1, 2, 3);
        assertThat(QuantileSketch.read(QuantileSketch.read(stored(3, 1, 2)).bytes())
                        .sample()
                        .values())
                .containsExactly(1, 2, 3);
        for (double none : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertThatThrownBy(() -> QuantileSketch.read(stored(1, none)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("among its values");
        }
    }

    private static byte[] stored(double... values) {
        ByteBuffer out = ByteBuffer.allocate(26 + 8 * values.length);
        out.put((byte) 1)
                .putInt(800)
                .putLong(values.length)
                .putLong(5)
                .put((byte) 1)
                .putInt(values.length);
        for (double value : values) {
            out.putDouble(value);
        }
        return out.array();
    }

    @Property(tries = 30)
    void distinctCountsHoldAtEverySize(@ForAll @IntRange(min = 1, max = 200_000) int n) {
        Distinct whole = new Distinct();
        Distinct left = new Distinct();
        Distinct right = new Distinct();
        for (int i = 0; i < n; i++) {
            whole.add(i * 0.5);
            whole.add(i * 0.5);
            (i % 3 == 0 ? left : right).add(i * 0.5);
        }
        left.merge(right);
        assertThat(left.estimate()).isEqualTo(whole.estimate());
        assertThat(whole.estimate()).isCloseTo(n, within(n <= 256 ? 0 : 0.08 * n));
    }

    @Example
    void frequentCountsAreNeverTooHighNorLowerThanTheErrorSays() {
        Frequent frequent = new Frequent();
        Frequent other = new Frequent();
        for (int i = 0; i < 100_000; i++) {
            (i % 2 == 0 ? frequent : other).add(i % 5 == 0 ? "hot" : "cold" + i, 1);
        }
        frequent.merge(other);
        assertThat(frequent.counts().size()).isLessThanOrEqualTo(2 * Frequent.LIMIT);
        assertThat(frequent.counts().get("hot")).isBetween(20_000 - frequent.error(), 20_000L);
        assertThat(frequent.error()).isLessThanOrEqualTo(100_000 / Frequent.LIMIT);
    }
}
