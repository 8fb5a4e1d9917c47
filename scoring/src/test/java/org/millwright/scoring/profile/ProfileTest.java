package org.millwright.scoring.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.DeflaterOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.millwright.scoring.Frame;

class ProfileTest {
    private static final double[] EDGES = {-5, 0, 1, 10, 100};

    @Property(tries = 200)
    void mergingIsAssociativeAndEqualsOnePass(@ForAll("parts") List<List<Double>> parts) {
        Profile left = empty();
        Profile once = empty();
        for (List<Double> part : parts) {
            left.merge(of(part));
            feed(once, part);
        }
        Profile right = empty();
        for (int i = parts.size() - 1; i >= 0; i--) {
            Profile head = of(parts.get(i));
            head.merge(right);
            right = head;
        }
        same(left, once);
        same(right, once);
    }

    @Property(tries = 100)
    void jsonKeepsEverything(@ForAll("parts") List<List<Double>> parts) {
        Profile profile = empty();
        parts.forEach(part -> feed(profile, part));
        Profile read = Profile.fromJson(profile.toJson());
        same(read, profile);
        assertThat(read.toJson()).isEqualTo(profile.toJson());
    }

    @Provide
    Arbitrary<List<List<Double>>> parts() {
        Arbitrary<Double> value = Arbitraries.oneOf(
                Arbitraries.doubles().between(-1e6, 1e6),
                Arbitraries.integers().between(-3, 12).map(Integer::doubleValue),
                Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0.0));
        return value.list().ofMaxSize(60).list().ofMaxSize(6);
    }

    @Example
    void aWindowLikeItsReferenceHasNoDriftAndAShiftedOneHas() {
        Random random = new Random(7);
        Profile reference = Profile.reference(flights(random, 20_000, 0));
        Profile same = reference.like();
        same.update(flights(random, 5_000, 0));
        Profile shifted = reference.like();
        shifted.update(flights(random, 5_000, 1.5));
        for (ColumnDrift drift : Drift.between(reference, same)) {
            assertThat(drift.psi()).as(drift.column()).isLessThan(0.01);
            assertThat(drift.p()).as(drift.column()).isGreaterThan(1e-4);
        }
        ColumnDrift delay = Drift.between(reference, shifted).get(0);
        assertThat(delay.psi()).isGreaterThan(0.25);
        assertThat(delay.wasserstein()).isCloseTo(1.5, within(0.1));
        assertThat(delay.ks()).isCloseTo(0.547, within(0.03));
    }

    @Example
    void sketchedKsStaysWithinItsBound() {
        Random random = new Random(11);
        double[] a = random.doubles(30_000).toArray();
        double[] b = random.doubles(30_000).map(v -> v * 0.9).toArray();
        NumericProfile pa = new NumericProfile("x", Quantiles.edges(a, 10));
        NumericProfile pb = pa.like();
        for (int i = 0; i < a.length; i++) {
            pa.add(a[i]);
            pb.add(b[i]);
        }
        double exact = TwoSamples.kolmogorovSmirnov(Sample.of(a), Sample.of(b)).distance();
        assertThat(Drift.between(pa, pb).ks()).isCloseTo(exact, within(0.009));
        assertThat(pa.distinct()).isCloseTo(30_000, within(1_500.0));
    }

    @Example
    void theTestOfFewRowsIsExactAndOfMoreAsymptotic() {
        Random random = new Random(12);
        for (int rows : new int[] {150, 2_000}) {
            double[] a = random.doubles(rows).toArray();
            double[] b = random.doubles(rows / 2).map(v -> v + 0.05).toArray();
            NumericProfile pa = new NumericProfile("x", Quantiles.edges(a, 10));
            NumericProfile pb = pa.like();
            for (double value : a) {
                pa.add(value);
            }
            for (double value : b) {
                pb.add(value);
            }
            TwoSamples.KolmogorovSmirnov raw = TwoSamples.kolmogorovSmirnov(Sample.of(a), Sample.of(b));
            assertThat(Drift.between(pa, pb).p()).isEqualTo(rows == 150 ? raw.p() : raw.asymptotic());
            assertThat(raw.asymptotic()).isCloseTo(raw.p(), withinPercentage(15));
        }
    }

    @Example
    void newCategoriesAndMissingValuesAreShares() {
        CategoryProfile reference = new CategoryProfile("carrier");
        CategoryProfile current = new CategoryProfile("carrier");
        for (int i = 0; i < 100; i++) {
            reference.add(i % 2 == 0 ? "UA" : "AA");
            current.add(i % 2 == 0 ? "UA" : i % 4 == 1 ? "AA" : "ZZ");
        }
        current.addNull();
        ColumnDrift drift = Drift.between(reference, current);
        assertThat(drift.newShare()).isEqualTo(0.25);
        assertThat(drift.lInfinity()).isEqualTo(0.25);
        assertThat(drift.currentMissing()).isCloseTo(1 / 101.0, within(1e-12));
    }

    @Example
    void aMillionRowsOfManyCategoriesStayBoundedAndAccountForEveryRow() {
        CategoryProfile column = new CategoryProfile("tail");
        for (int i = 0; i < 1_000_000; i++) {
            column.add("N" + (i % 2 == 0 ? i % 10 : i));
        }
        assertThat(column.isExact()).isFalse();
        assertThat(column.counts().get("N4")).isCloseTo(100_000L, within(1_200L));
        assertThat(column.distinct()).isCloseTo(500_005, within(30_000.0));
        Profile profile = new Profile(List.of(column));
        assertThat(profile.toJson().length()).isLessThan(200_000);
        Profile read = Profile.fromJson(profile.toJson());
        read.merge(profile);
        assertThat(read.rows()).isEqualTo(2_000_000);
        assertThat(Drift.between(column, column).psi()).isEqualTo(0);
    }

    @Example
    void tenThousandColumnsAreComparedAndOneRowOrOneCategoryIsNoRiddle() {
        int columns = 10_000;
        Frame.Builder wide = Frame.of(10);
        for (int c = 0; c < columns; c++) {
            String name = "c" + c;
            if (c % 2 == 0) {
                int start = c;
                wide.doubles(
                        name,
                        java.util.stream.IntStream.range(0, 10)
                                .mapToDouble(i -> start + i)
                                .toArray());
            } else {
                wide.strings(name, java.util.Collections.nCopies(10, "a").toArray(String[]::new));
            }
        }
        Frame rows = wide.build();
        Profile reference = Profile.reference(rows);
        Profile window = reference.like();
        window.update(rows.slice(0, 1));
        Profile sent = Profile.fromJson(window.toJson());
        List<ColumnDrift> drifts = Drift.between(reference, sent);
        assertThat(drifts).hasSize(columns);
        assertThat(drifts).allMatch(drift -> !(drift.psi() < 0));
        assertThat(drifts.get(1).psi()).as("one category").isZero();
        sent.merge(window);
        assertThat(sent.rows()).isEqualTo(2);
    }

    @Example
    void theReferenceOfTenThousandColumnsIsReadAsItWasWritten() {
        int columns = 10_000;
        Random random = new Random(3);
        Frame.Builder wide = Frame.of(250);
        for (int c = 0; c < columns; c++) {
            wide.doubles("c" + c, random.doubles(250).toArray());
        }
        Reference written = Reference.of(wide.build(), new double[250], new double[250], 0, 0);
        String json = written.toJson();
        assertThat(json.length()).as("longer than a text may be by default").isGreaterThan(20_000_000);
        Reference read = Reference.fromJson(json);
        assertThat(read.inputs().columns()).hasSize(columns);
        assertThat(read.toJson()).isEqualTo(json);
    }

    @Example
    void emptyWindowsGiveNoFigureRatherThanZero() {
        Profile reference = Profile.reference(flights(new Random(1), 100, 0));
        for (ColumnDrift drift : Drift.between(reference, reference.like())) {
            assertThat(drift.psi()).isNaN();
            assertThat(drift.ks()).isNaN();
            assertThat(drift.p()).isNaN();
        }
    }

    @Example
    void profilesOfOtherBinsAreRefused() {
        NumericProfile one = new NumericProfile("x", new double[] {1});
        NumericProfile two = new NumericProfile("x", new double[] {2});
        assertThatThrownBy(() -> one.merge(two)).hasMessageContaining("'x'");
        assertThatThrownBy(() -> Drift.between(one, two)).hasMessageContaining("different bins");
        assertThatThrownBy(() -> Profile.fromJson("{\"format\":3}")).hasMessageContaining("format 3");
    }

    /** As every version before wrote them: all sketches deflated. */
    @Example
    void profilesOfBeforeAreReadAsTheyWere() {
        Profile profile = Profile.reference(flights(new Random(4), 5_000, 0));
        String now = profile.toJson();
        Matcher plain = Pattern.compile("\"=([^\"]*)\"").matcher(now);
        assertThat(now).startsWith("{\"format\":2").containsPattern(plain.pattern());
        String before = plain.replaceAll(sketch -> '"' + deflated(sketch.group(1)) + '"')
                .replace("\"format\":2", "\"format\":1");
        assertThat(Profile.fromJson(before).toJson()).isEqualTo(now);
        assertThat(Profile.fromJson(now).toJson()).isEqualTo(now);
        assertThat(Profile.reference(flights(new Random(4), 5, 0)).toJson()).startsWith("{\"format\":1");
        assertThatThrownBy(() -> Profile.fromJson(now.replaceFirst("\"=[^\"]*\"", "\"=AAAA\"")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a quantile sketch");
    }

    @Example
    void fieldsAreReadInAnyOrderAndUnknownOnesLeftOut() {
        Profile read = Profile.fromJson("""
                {"later":{"columns":[1]},"columns":[
                {"counts":{"b":2,"a":3,"c":[4]},"kind":"category","nulls":1,"n":5,"name":"text","later":[[{}]]},
                {"counts":[2,1],"values":[4,7.5],"later":{"n":9},"kind":"numeric","edges":[5],"name":"x","nan":2}],
                "format":1}""");
        assertThat(((CategoryProfile) read.columns().get(0)).counts()).isEqualTo(Map.of("a", 3L, "b", 2L, "c", 0L));
        assertThat(read.columns().get(0).rows()).isEqualTo(6);
        NumericProfile x = (NumericProfile) read.columns().get(1);
        assertThat(x.bins()).containsExactly(2, 1);
        assertThat(x.rows()).isEqualTo(5);
        assertThat(x.mean()).isCloseTo(15.5 / 3, within(1e-12));
    }

    @Example
    void whatIsNoProfileIsRefused() {
        String sketch = "{\"format\":2,\"columns\":[{\"kind\":\"numeric\",\"quantiles\":\"%s\"}]}";
        for (String text : new String[] {
            "",
            "[]",
            "7",
            "{\"format\":1,",
            "{\"format\":1,\"columns\":[{\"name\":",
            sketch.formatted(""),
            sketch.formatted("=AQ\u0141A"),
            sketch.formatted("AQAA"),
            sketch.formatted("=AQ!A")
        }) {
            assertThatThrownBy(() -> Profile.fromJson(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** The count of distinct texts is not stored as long as all are counted, but goes on when they become too many. */
    @Example
    void textsThatWereReadAndTheMoreOfThemAreEstimatedTogether() {
        Profile first = of(List.of());
        CategoryProfile texts = (CategoryProfile) first.columns().get(1);
        for (int i = 0; i < 900; i++) {
            texts.add("text " + i);
        }
        Profile read = Profile.fromJson(first.toJson());
        CategoryProfile more = (CategoryProfile) read.columns().get(1);
        for (int i = 600; i < 3_000; i++) {
            more.add("text " + i);
        }
        assertThat(more.isExact()).isFalse();
        assertThat(more.distinct()).isCloseTo(3_000, within(240.0));
        texts.merge(more);
        assertThat(texts.distinct()).isEqualTo(more.distinct());
        assertThat(Profile.fromJson(read.toJson()).columns().get(1).distinct()).isEqualTo(more.distinct());
    }

    private static String deflated(String base64) {
        var out = new ByteArrayOutputStream();
        try (var deflating = new DeflaterOutputStream(out)) {
            deflating.write(Base64.getDecoder().decode(base64));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(out.toByteArray());
    }

    private static Frame flights(Random random, int rows, double shift) {
        double[] delay = new double[rows];
        long[] hour = new long[rows];
        String[] carrier = new String[rows];
        for (int i = 0; i < rows; i++) {
            delay[i] = random.nextGaussian() + shift;
            hour[i] = random.nextInt(18);
            carrier[i] = random.nextInt(4) == 0 ? "AA" : "UA";
        }
        return Frame.of(rows)
                .doubles("delay", delay)
                .longs("hour", hour)
                .strings("carrier", carrier)
                .build();
    }

    private static Profile empty() {
        return new Profile(List.of(new NumericProfile("x", EDGES), new CategoryProfile("c")));
    }

    private static Profile of(List<Double> values) {
        Profile profile = empty();
        feed(profile, values);
        return profile;
    }

    private static void feed(Profile profile, List<Double> values) {
        double[] numbers = new double[values.size()];
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = values.get(i);
            texts.add(Double.isNaN(numbers[i]) ? null : String.valueOf(Math.round(numbers[i]) % 7));
        }
        profile.update(Frame.of(numbers.length)
                .doubles("x", numbers)
                .strings("c", texts.toArray(new String[0]))
                .build());
    }

    private static void same(Profile got, Profile expected) {
        NumericProfile a = (NumericProfile) got.columns().get(0);
        NumericProfile b = (NumericProfile) expected.columns().get(0);
        assertThat(a.rows()).isEqualTo(b.rows());
        assertThat(a.nans()).isEqualTo(b.nans());
        assertThat(a.infinite()).isEqualTo(b.infinite());
        assertThat(a.bins()).isEqualTo(b.bins());
        assertThat(a.fewValues().isPresent()).isEqualTo(b.fewValues().isPresent());
        assertThat(a.fewCounts()).isEqualTo(b.fewCounts());
        if (b.present() > 0) {
            assertThat(a.min()).isEqualTo(b.min());
            assertThat(a.max()).isEqualTo(b.max());
            assertThat(a.mean()).isCloseTo(b.mean(), within(1e-9 * (1 + Math.abs(b.mean()) + b.deviation())));
            assertThat(a.deviation()).isCloseTo(b.deviation(), within(1e-9 * (1 + b.deviation())));
            assertThat(a.quantile(0.5)).isEqualTo(b.quantile(0.5));
            assertThat(a.distinct()).isCloseTo(b.distinct(), within(0.05 * b.distinct() + 1));
        }
        CategoryProfile c = (CategoryProfile) got.columns().get(1);
        CategoryProfile d = (CategoryProfile) expected.columns().get(1);
        assertThat(c.counts()).isEqualTo(d.counts());
        assertThat(c.rows()).isEqualTo(d.rows());
    }
}
