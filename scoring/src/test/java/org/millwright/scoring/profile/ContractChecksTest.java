package org.millwright.scoring.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;
import org.millwright.scoring.performance.RowSignals;
import org.millwright.scoring.profile.ContractCheck.Kind;
import org.millwright.scoring.profile.ContractCheck.Most;
import org.millwright.scoring.profile.ContractCheck.Severity;

class ContractChecksTest {
    private static final ContractCheck RANGE = check("x.range", "x", Kind.RANGE, "1", "6000");
    private static final ContractCheck LISTED = check("city.invalidValues", "city", Kind.ONE_OF, "EWR", "JFK");

    private static ContractCheck check(String rule, String column, Kind kind, String... arguments) {
        return check(rule, column, kind, Most.NONE, arguments);
    }

    private static ContractCheck check(String rule, String column, Kind kind, Most most, String... arguments) {
        return new ContractCheck(
                new ContractCheck.Source("delays 1.0.0", "d1g", "flights", rule),
                column,
                kind,
                List.of(arguments),
                most,
                Severity.ERROR,
                "whatever");
    }

    private static ContractChecks of(ContractCheck... checks) {
        return new ContractChecks(List.of(checks), List.of());
    }

    /** Rows looked at and rows that break it, of one rule. */
    private static String counted(ContractCheck check, Frame... frames) {
        ContractChecks contract = of(check);
        Profile window = new Profile(List.of());
        for (Frame frame : frames) {
            contract.update(window, frame);
        }
        ContractChecks.Counted counted = contract.counts(window).get(0);
        return counted.broken() + " of " + counted.rows();
    }

    private static Frame numbers(double... values) {
        return Frame.of(values.length).doubles("x", values).build();
    }

    private static Frame texts(String... values) {
        return Frame.of(values.length).strings("x", values).build();
    }

    @Example
    void eachKindKnowsWhatBreaksIt() {
        assertThat(counted(RANGE, numbers(0, 1, 6000, 6001, Double.NaN, Double.POSITIVE_INFINITY)))
                .as("a missing value breaks only what asks for one")
                .isEqualTo("3 of 6");
        assertThat(counted(check("r", "x", Kind.RANGE, "0", "", "low"), numbers(0, 0.1, -1)))
                .isEqualTo("2 of 3");
        assertThat(counted(check("r", "x", Kind.RANGE, "", "5", "high"), numbers(5, 4.9)))
                .isEqualTo("1 of 2");
        assertThat(counted(check("r", "x", Kind.REQUIRED), numbers(1, Double.NaN)))
                .isEqualTo("1 of 2");
        assertThat(counted(check("r", "x", Kind.REQUIRED), texts("", null, null)))
                .isEqualTo("2 of 3");
        assertThat(counted(check("r", "x", Kind.PRESENT, "NA", "-999"), texts("NA", null, "3")))
                .isEqualTo("2 of 3");
        assertThat(counted(check("r", "x", Kind.PRESENT, "-999"), numbers(-999, Double.NaN, 4)))
                .isEqualTo("2 of 3");
        assertThat(counted(check("r", "x", Kind.INTEGER), numbers(1, 1.5, Double.NEGATIVE_INFINITY, Double.NaN)))
                .isEqualTo("2 of 4");
        assertThat(counted(check("r", "x", Kind.NUMBER), numbers(1.5, Double.NaN)))
                .isEqualTo("0 of 2");
        assertThat(counted(check("r", "x", Kind.BOOLEAN), texts("TRUE", "no", "perhaps")))
                .isEqualTo("1 of 3");
        assertThat(counted(check("r", "x", Kind.MULTIPLE, "0.1"), numbers(0.3, 0.35, 1e9)))
                .isEqualTo("1 of 3");
        assertThat(counted(check("r", "x", Kind.LENGTH, "2", "3"), texts("a", "ab", "😀😀😀", "abcd")))
                .isEqualTo("2 of 4");
        assertThat(counted(check("r", "x", Kind.LENGTH, "2", "-1"), texts("a", "abcd")))
                .isEqualTo("1 of 2");
        assertThat(counted(check("r", "x", Kind.PATTERN, "^[A-Z]{3}$"), texts("JFK", "jfk", "JFKX")))
                .isEqualTo("2 of 3");
        assertThat(counted(check("r", "x", Kind.ONE_OF, "EWR", "7"), texts("EWR", "7", "LGA", null)))
                .isEqualTo("1 of 4");
        assertThat(counted(check("r", "x", Kind.ONE_OF, "7"), numbers(7, 8))).isEqualTo("1 of 2");
        assertThat(counted(check("r", "x", Kind.ONE_OF_NUMBERS, "1", "2.50"), numbers(1, 2.5, 2, -0.0)))
                .isEqualTo("2 of 4");
        assertThat(counted(check("r", "x", Kind.ONE_OF_NUMBERS, "0"), numbers(-0.0)))
                .isEqualTo("0 of 1");
    }

    @Example
    void aNumberThatComesAsTextIsJudgedAsTheNumber() {
        assertThat(counted(RANGE, texts("12", " 7000 ", "1e3", "twelve", "0x10", "NaN", "", "1e", "--1", null)))
                .isEqualTo("1 of 10");
        assertThat(counted(check("r", "x", Kind.INTEGER), texts("12", "12.0", "12.5", "twelve", "", null)))
                .isEqualTo("3 of 6");
        assertThat(counted(check("r", "x", Kind.NUMBER), texts("1.5", "-.5e-3", "+3.", "1.2.3", "1_000", "9e999")))
                .isEqualTo("3 of 6");
    }

    @Example
    void wholeNumbersAndTruthsAreLookedAtToo() {
        var nulls = new BitSet();
        nulls.set(1);
        Frame whole = Frame.of(3)
                .column("x", DataType.LONG, new Vector.Longs(new long[] {7, 0, 9_000}, nulls))
                .build();
        assertThat(counted(RANGE, whole)).isEqualTo("1 of 3");
        assertThat(counted(check("r", "x", Kind.REQUIRED), whole)).isEqualTo("1 of 3");
        Frame truths = Frame.of(2).booleans("x", new boolean[] {true, false}).build();
        assertThat(counted(check("r", "x", Kind.ONE_OF, "true"), truths)).isEqualTo("1 of 2");
        assertThat(counted(check("r", "x", Kind.BOOLEAN), truths)).isEqualTo("0 of 2");
    }

    @Example
    void aColumnThatIsNotThereSaysNothing() {
        Frame other = Frame.of(2).doubles("y", new double[2]).build();
        assertThat(counted(check("r", "x", Kind.REQUIRED), other)).isEqualTo("0 of 0");
    }

    @Example
    void aShareOrAnNumberOfRowsMayBreakARule() {
        assertThat(Most.NONE.allows(1, 2_000, 0.001)).as("agreed").isTrue();
        assertThat(Most.NONE.allows(3, 2_000, 0.001)).isFalse();
        assertThat(Most.NONE.allows(1, 2_000, 0)).isFalse();
        assertThat(Most.NONE.limit(2_000, 0.001)).isEqualTo(0.001);
        Most rows = new Most(5, false, false);
        assertThat(rows.allows(5, 100, 0.001)).isTrue();
        assertThat(rows.allows(6, 100, 0.001)).isFalse();
        assertThat(rows.allows(6, 10_000, 0.001)).isTrue();
        assertThat(rows.limit(100, 0.001)).isEqualTo(0.05);
        Most below = new Most(0.1, true, true);
        assertThat(below.allows(10, 100, 0.5))
                .as("the contract's own share counts")
                .isFalse();
        assertThat(below.allows(9, 100, 0)).isTrue();
        assertThat(new Most(0.1, true, false).allows(10, 100, 0)).isTrue();
        assertThat(below.allows(0, 0, 0)).isTrue();
    }

    @Example
    void whatTrainingRowsBreakIsNotClaimed() {
        Frame training = Frame.of(4)
                .doubles("x", new double[] {1, 2, 7_000, 4})
                .strings("city", new String[] {"EWR", "JFK", "JFK", "EWR"})
                .build();
        ContractChecks kept = of(RANGE, LISTED).keptBy(training);
        assertThat(kept.checks()).containsExactly(LISTED);
        assertThat(kept.unchecked())
                .containsExactly(
                        new ContractChecks.Unchecked(RANGE.source(), "the training rows break it themselves, 1 of 4"));
        ContractCheck half = check("x.range", "x", Kind.RANGE, new Most(0.5, true, false), "1", "6000");
        assertThat(of(half).keptBy(training).checks())
                .as("within its own limit")
                .containsExactly(half);
    }

    @Property(tries = 50)
    void replicasMergeToWhatOneWouldHaveCountedInAnyOrder(@ForAll long seed) {
        var random = new Random(seed);
        List<Frame> parts = new ArrayList<>();
        for (int part = 0; part < 5; part++) {
            int rows = random.nextInt(40);
            double[] x = random.doubles(rows, -10, 20_000).toArray();
            String[] city = IntStream.range(0, rows)
                    .mapToObj(i -> random.nextInt(5) == 0
                            ? null
                            : List.of("EWR", "JFK", "LGA").get(random.nextInt(3)))
                    .toArray(String[]::new);
            parts.add(Frame.of(rows).doubles("x", x).strings("city", city).build());
        }
        ContractCheck required = check("city.required", "city", Kind.REQUIRED);
        ContractChecks contract = of(RANGE, LISTED, required);
        Profile once = new Profile(List.of());
        contract.update(once, Frame.concat(parts));
        Collections.shuffle(parts, random);
        Profile merged = new Profile(List.of());
        for (Frame part : parts) {
            Profile replica = new Profile(List.of());
            ContractChecks.fromJson(contract.toJson()).update(replica, part);
            merged.merge(Profile.fromJson(replica.toJson()));
        }
        assertThat(contract.counts(merged)).isEqualTo(contract.counts(once));
        assertThat(contract.counts(once).get(0).rows())
                .isEqualTo(parts.stream().mapToInt(Frame::rows).sum());
    }

    @Example
    void aMillionDifferentTextsAreCountedInBoundedMemory() {
        ContractCheck length = check("city.length", "city", Kind.LENGTH, "1", "6");
        ContractChecks contract = of(length, LISTED);
        Profile window = new Profile(List.of());
        for (int part = 0; part < 100; part++) {
            int from = part * 10_000;
            String[] values =
                    IntStream.range(from, from + 10_000).mapToObj(i -> "v" + i).toArray(String[]::new);
            contract.update(window, Frame.of(10_000).strings("city", values).build());
        }
        assertThat(contract.counts(window))
                .extracting(ContractChecks.Counted::broken)
                .containsExactly(900_000L, 1_000_000L);
        assertThat(window.toJson().length())
                .as("of the profile, whatever came in")
                .isLessThan(1_000);
    }

    /** Patterns that explode elsewhere, or as they are compiled. */
    @Example
    void patternsCannotMakeScoringSlow() {
        String bomb = "a".repeat(30) + "!";
        assertThat(counted(check("r", "x", Kind.PATTERN, "^(a+)+$"), texts(bomb, "aaa")))
                .isEqualTo("1 of 2");
        assertThat(counted(check("r", "x", Kind.PATTERN, "(.*)(.*)(.*)(.*)(.*)(.*)Z"), texts("1,".repeat(100) + "!")))
                .isEqualTo("1 of 1");
        assertThat(counted(check("r", "x", Kind.PATTERN, "(x+x+)+y"), texts("x".repeat(500))))
                .isEqualTo("1 of 1");
        assertThat(counted(check("r", "x", Kind.PATTERN, "(x+x+)+y"), texts("x".repeat(1_000_000), "y")))
                .as("a text that would take long is not judged")
                .isEqualTo("1 of 1");
        for (String pattern : List.of(
                "(a{1000}){1000}",
                "((((((a{10}){10}){10}){10}){10}){10})",
                "[a-z]{1000}{1000}",
                "(?:[^x]{2,900}y){900}",
                "a".repeat(501))) {
            ContractChecks contract = of(check("r", "x", Kind.PATTERN, pattern));
            assertThat(contract.checks()).as(pattern).isEmpty();
            assertThat(contract.unchecked().get(0).why()).containsAnyOf("repeats too much", "above 500");
        }
        assertThat(of(check("r", "x", Kind.PATTERN, "(?=a)b"))
                        .unchecked()
                        .get(0)
                        .why())
                .contains("none of RE2");
        assertThat(of(check("r", "x", Kind.PATTERN, "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"))
                        .checks())
                .hasSize(1);
        assertThat(of(check("r", "x", Kind.PATTERN, "(".repeat(240) + "a" + ")".repeat(240)))
                        .checks())
                .hasSize(1);
    }

    @Example
    void rulesAreBounded() {
        List<ContractCheck> many = IntStream.range(0, 300)
                .mapToObj(i -> check("rule" + i, "c" + i % 8, Kind.RANGE, "0", "1"))
                .toList();
        ContractChecks contract = new ContractChecks(many, List.of());
        assertThat(contract.checks()).hasSize(ContractChecks.MOST);
        assertThat(contract.unchecked()).hasSize(100);
        ContractChecks one = new ContractChecks(
                IntStream.range(0, 40)
                        .mapToObj(i -> check("rule" + i, "x", Kind.RANGE, Integer.toString(i), ""))
                        .toList(),
                List.of());
        assertThat(one.checks()).hasSize(31);
        Profile window = new Profile(List.of());
        one.update(window, texts("-1", "29.5"));
        assertThat(one.counts(window))
                .extracting(ContractChecks.Counted::broken)
                .startsWith(1L)
                .endsWith(2L);
    }

    @Example
    void aReferenceKeepsThemAndReadsWithoutThem() {
        Frame rows = Frame.of(3).doubles("x", new double[] {1, 2, 3}).build();
        Reference before = Reference.of(rows, new double[3], new double[3], 0, 0);
        assertThat(ContractChecks.of(Reference.fromJson(before.toJson()))).isEmpty();
        assertThat(before.toJson()).doesNotContain("contract");
        ContractCheck strict = new ContractCheck(
                new ContractCheck.Source("c 1", "d", "t", "x.odd"),
                "x",
                Kind.RANGE,
                List.of("0", "", "low"),
                new Most(0.1, true, true),
                Severity.WARNING,
                "above 0");
        var left = new ContractChecks.Unchecked(LISTED.source(), "it compares rows");
        Reference with = before.with(new ContractChecks(List.of(RANGE, strict), List.of(left)));
        Reference read =
                Reference.fromJson(with.with(with.estimator(), Map.of("x", 1.0)).toJson());
        ContractChecks contract = ContractChecks.of(read).orElseThrow();
        assertThat(contract.checks()).containsExactly(RANGE, strict);
        assertThat(contract.unchecked()).containsExactly(left);
        Profile window = read.window();
        RowSignals signals = RowSignals.of(read);
        signals.update(window, rows, place -> new double[3]);
        assertThat(window.columns())
                .filteredOn(column -> Profile.isDerived(column.name()))
                .as("a server takes them from replicas")
                .hasSizeGreaterThan(1)
                .allMatch(column -> signals.knows(column.name()));
        assertThat(contract.counts(window))
                .extracting(ContractChecks.Counted::rows)
                .containsExactly(3L, 3L);
    }

    @Example
    void whatALaterVersionWroteIsNotChecked() {
        String text = of(RANGE).toJson().replace("\"range\"", "\"checksum\"");
        assertThat(ContractChecks.fromJson(text).checks()).isEmpty();
        assertThat(ContractChecks.fromJson(text).unchecked().get(0).why()).contains("take a newer Millwright");
        assertThatThrownBy(() -> ContractChecks.fromJson("{\"format\": 2}")).hasMessageContaining("format 2");
        assertThatThrownBy(() -> ContractChecks.fromJson("[")).isInstanceOf(IllegalArgumentException.class);
        String damaged = of(RANGE).toJson().replace("[\"1\",\"6000\"]", "[\"one\"]");
        assertThat(ContractChecks.fromJson(damaged).unchecked()).hasSize(1);
    }

    @Example
    void namesThatAreLongOrAlikeAreCountedApart() {
        String longest = "r".repeat(400);
        ContractChecks contract =
                of(check(longest + "a", "x", Kind.RANGE, "5", ""), check(longest + "b", "x", Kind.RANGE, "", "1"));
        Profile window = new Profile(List.of());
        contract.update(window, numbers(0, 2, 3));
        assertThat(contract.counts(window))
                .extracting(ContractChecks.Counted::broken)
                .containsExactly(3L, 2L);
        Map<String, Long> names = new TreeMap<>(
                window.derivedTexts("rows that break the contract").counts());
        assertThat(names.keySet()).allMatch(name -> name.length() <= 220);
    }

    @Example
    void manyThreadsCountAlike() {
        ContractChecks contract = of(LISTED);
        String[] values = new String[2_000];
        Arrays.setAll(values, i -> i % 3 == 0 ? "EWR" : "v" + i);
        Frame frame = Frame.of(values.length).strings("city", values).build();
        assertThat(IntStream.range(0, 8)
                        .parallel()
                        .mapToLong(thread -> {
                            Profile window = new Profile(List.of());
                            contract.update(window, frame);
                            return contract.counts(window).get(0).broken();
                        })
                        .distinct()
                        .toArray())
                .hasSize(1);
    }
}
