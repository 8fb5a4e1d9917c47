package org.millwright.retraining;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.millwright.alert.Clause;
import org.millwright.alert.Judgement;
import org.millwright.alert.Verdict;
import org.millwright.alert.WindowKind;
import org.millwright.project.Agreement;
import org.millwright.project.Hours;
import org.millwright.project.Trigger;

/** Whatever comes, in whatever order: retraining keeps within what was agreed. */
class RetrainingPropertiesTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Hours NIGHT =
            new Hours(Set.of(DayOfWeek.values()), LocalTime.of(20, 0), LocalTime.of(8, 0), ZoneId.of("UTC"));

    /** An hour in which something came, or nothing. */
    record Hour(boolean data, boolean push, int labels, boolean broken, boolean fails, int took) {}

    @Provide
    Arbitrary<List<Hour>> weeks() {
        Arbitrary<Boolean> rarely =
                Arbitraries.frequency(net.jqwik.api.Tuple.of(9, false), net.jqwik.api.Tuple.of(1, true));
        return Combinators.combine(
                        rarely,
                        rarely,
                        Arbitraries.integers().between(0, 50),
                        Arbitraries.of(true, false),
                        rarely,
                        Arbitraries.integers().between(1, 300))
                .as(Hour::new)
                .list()
                .ofMinSize(24)
                .ofMaxSize(24 * 14);
    }

    @Provide
    Arbitrary<Trigger> trees() {
        Arbitrary<Trigger> leaf = Arbitraries.of(
                new Trigger.Broken("performance"),
                new Trigger.NewData(""),
                new Trigger.Push(),
                new Trigger.NewLabels(500),
                new Trigger.Every(Duration.ofHours(30)),
                RetrainingTest.cron("0 */6 * * *", Trigger.CatchUp.LAST),
                RetrainingTest.cron("30 5 * * *", Trigger.CatchUp.ALL));
        Arbitrary<Trigger> flat = leaf.list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .flatMap(of -> Arbitraries.of(new Trigger.Any(of), new Trigger.All(of)));
        return Arbitraries.oneOf(
                leaf, flat, flat.list().ofMinSize(1).ofMaxSize(2).map(Trigger.All::new));
    }

    /** A world that does what is decided and notes it. */
    private static final class World {
        final Agreement.Retrain rule;
        final List<Retraining.Past> past = new ArrayList<>();
        final List<String> events = new ArrayList<>();
        final Map<String, Instant> fired = new HashMap<>();
        final Map<String, Integer> trained = new HashMap<>();
        final Map<String, Boolean> failing = new HashMap<>();
        Optional<Retraining.Arrived> data = Optional.empty();
        Optional<Retraining.Arrived> push = Optional.empty();
        long labels;
        long lastDataEnd;

        World(Agreement.Retrain rule) {
            this.rule = rule;
        }

        void hour(Hour hour, Instant now) {
            if (hour.data()) {
                data = Optional.of(new Retraining.Arrived("d", "dataset:d@" + now, now, 0));
            }
            if (hour.push()) {
                push = Optional.of(new Retraining.Arrived("p", "push:" + now, now, 0));
            }
            labels += hour.labels();
            Optional<Retraining.Broken> broken = hour.broken() ? Optional.of(broken(now)) : Optional.empty();
            broken.ifPresent(asked -> decide(hour, now, broken, Optional.of(asked)));
            decide(hour, now, broken, Optional.empty());
        }

        private Retraining.Broken broken(Instant now) {
            long days = Duration.between(START, now).toDays();
            String alert = "a" + days / 5;
            var window = WindowKind.DAY.at(now.minus(Duration.ofDays(1)).toEpochMilli());
            var judgement = new Judgement(
                    "d",
                    "1",
                    window,
                    Clause.PERFORMANCE,
                    Verdict.BROKEN,
                    true,
                    "skill",
                    0,
                    0,
                    0,
                    "",
                    org.millwright.kernel.Json.object(),
                    now.toEpochMilli());
            return new Retraining.Broken(
                    Clause.PERFORMANCE, alert, List.of(judgement), trained.getOrDefault("alert:" + alert, 0));
        }

        private void decide(
                Hour hour, Instant now, Optional<Retraining.Broken> broken, Optional<Retraining.Broken> asked) {
            var facts = new Retraining.Facts(
                    now,
                    START,
                    START,
                    broken.stream().toList(),
                    "1",
                    lastDataEnd,
                    labels,
                    now.toEpochMilli(),
                    data.stream().toList(),
                    push,
                    fired,
                    past.reversed());
            if (Retraining.decide(Optional.of(rule), facts, asked) instanceof Retraining.Decision.Train train) {
                assertThat(facts.past().stream()
                                .filter(run -> run.automatic() && run.end().isEmpty()))
                        .isEmpty();
                events.add(train.event() + (asked.isPresent() ? "@" + train.dataEnd() : ""));
                trained.merge(train.event(), 1, Integer::sum);
                for (String event : train.event().split(" \\+ ", -1)) {
                    if (event.startsWith("cron:")) {
                        int at = event.lastIndexOf('@');
                        fired.merge(
                                event.substring(0, at),
                                Instant.parse(event.substring(at + 1)),
                                (a, b) -> a.isAfter(b) ? a : b);
                    }
                }
                past.add(new Retraining.Past(
                        now, Optional.of(now.plus(Duration.ofMinutes(hour.took()))), true, hour.fails()));
                labels = 0;
                lastDataEnd = train.dataEnd();
            }
        }
    }

    private static World lived(Agreement.Retrain rule, List<Hour> hours) {
        var world = new World(rule);
        for (int i = 0; i < hours.size(); i++) {
            world.hour(hours.get(i), START.plus(Duration.ofHours(i)));
        }
        return world;
    }

    @Property(tries = 300)
    void neverMoreThanAgreed(@ForAll("trees") Trigger tree, @ForAll("weeks") List<Hour> hours) {
        var budget = new Agreement.Budget(Duration.ofDays(4), Optional.of(3), Optional.of(400));
        var rule = new Agreement.Retrain(
                "train", tree, 1, 1, Duration.ofHours(20), 0, Optional.of(budget), List.of(NIGHT), Optional.empty(), 2);

        World world = lived(rule, hours);

        assertThat(world.events).doesNotHaveDuplicates();
        assertThat(world.past).allMatch(run -> NIGHT.contains(run.start()));
        assertThat(world.trained.entrySet())
                .filteredOn(entry -> entry.getKey().startsWith("alert:"))
                .allMatch(entry -> entry.getValue() <= 2);
        for (Retraining.Past run : world.past) {
            List<Retraining.Past> before = world.past.stream()
                    .filter(other -> other.start().isBefore(run.start())
                            && other.start().isAfter(run.start().minus(budget.per())))
                    .toList();
            assertThat(before).hasSizeLessThan(3);
            assertThat(before.stream()
                            .mapToLong(other -> Duration.between(
                                            other.start(), other.end().orElseThrow())
                                    .toMinutes())
                            .sum())
                    .isLessThan(400);
        }
        assertThat(failedInARow(world.past)).isLessThanOrEqualTo(2);
    }

    private static int failedInARow(List<Retraining.Past> past) {
        int most = 0;
        int row = 0;
        for (Retraining.Past run : past) {
            row = run.failed() ? row + 1 : 0;
            most = Math.max(most, row);
        }
        return most;
    }

    @Property(tries = 300)
    void theCoolDownLiesBetweenTwo(@ForAll("trees") Trigger tree, @ForAll("weeks") List<Hour> hours) {
        var rule = new Agreement.Retrain(
                "train", tree, 1, 1, Duration.ofHours(50), 0, Optional.empty(), List.of(), Optional.empty(), 1_000);

        World world = lived(rule, hours);

        boolean byClause = tree.watches("performance");
        for (int i = 1; i < world.past.size() && !byClause; i++) {
            assertThat(Duration.between(
                            world.past.get(i - 1).start(), world.past.get(i).start()))
                    .isGreaterThanOrEqualTo(Duration.ofHours(50));
        }
    }

    @Property(tries = 300)
    void anyIsOrAndAllIsAnd(@ForAll("trees") Trigger a, @ForAll("trees") Trigger b, @ForAll("weeks") List<Hour> hours) {
        var rule = RetrainingTest.rule(a);
        World world = lived(rule, hours);
        Instant now = START.plus(Duration.ofHours(hours.size()));
        var facts = new Retraining.Facts(
                now,
                START,
                START,
                List.of(world.broken(now)),
                "1",
                0,
                world.labels,
                0,
                world.data.stream().toList(),
                world.push,
                world.fired,
                world.past.reversed());

        boolean first = met(a, facts);
        boolean second = met(b, facts);

        assertThat(met(new Trigger.Any(List.of(a, b)), facts)).isEqualTo(first || second);
        assertThat(met(new Trigger.All(List.of(a, b)), facts)).isEqualTo(first && second);
    }

    private static boolean met(Trigger tree, Retraining.Facts facts) {
        return !new Conditions(RetrainingTest.rule(tree), facts).met().isEmpty();
    }
}
