package org.millwright.insight;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * How projects deliver in a period. Durations are milliseconds; what is no number yet is empty.
 *
 * @param leadTime from the request to production, of the projects that got there in the period
 * @param promotions versions that went into production
 * @param promotionsPerMonth the same in thirty days
 * @param releases releases that ended in the period, in production or not
 * @param changeFailureRate share of them that failed, were rolled back or stopped
 * @param restore from an alert or a stop to the next good state, of incidents that ended in the period
 * @param openIncidents those that go on at its end
 * @param waiting how long decisions took that were made in the period
 * @param gates subjects that a gate judged for the first time
 * @param approved projects approved in the period
 * @param reachedProduction of these, how many reached production by its end
 */
public record Figures(
        Spread leadTime,
        int promotions,
        double promotionsPerMonth,
        int releases,
        int failedReleases,
        OptionalDouble changeFailureRate,
        Spread restore,
        int openIncidents,
        int retrainings,
        double retrainingsPerMonth,
        Spread waiting,
        int stillWaiting,
        int gates,
        int gatesPassedFirst,
        OptionalDouble passedFirstShare,
        int loops,
        int approved,
        int reachedProduction,
        OptionalDouble successRate) {
    private static final double MONTH = 30;

    static Figures of(Collection<Samples> all, Period period) {
        var tally = new Tally(period);
        all.forEach(tally::add);
        List<Samples.Outcome> releases = within(all, Samples::releases, Samples.Outcome::at, period);
        int failed = (int) releases.stream().filter(Samples.Outcome::failed).count();
        List<Samples.Gate> gates = within(all, Samples::gates, Samples.Gate::at, period);
        int first = (int) gates.stream().filter(Samples.Gate::passed).count();
        int promotions = within(all, Samples::promotions, at -> at, period).size();
        int retrainings = within(all, Samples::retrainings, at -> at, period).size();
        return new Figures(
                Spread.of(tally.leads),
                promotions,
                perMonth(promotions, period),
                releases.size(),
                failed,
                share(failed, releases.size()),
                Spread.of(tally.restores),
                tally.open,
                retrainings,
                perMonth(retrainings, period),
                Spread.of(tally.waits),
                tally.waiting,
                gates.size(),
                first,
                share(first, gates.size()),
                within(all, Samples::loops, at -> at, period).size(),
                tally.approved,
                tally.reached,
                share(tally.reached, tally.approved));
    }

    /** What is counted project by project. */
    private static final class Tally {
        final Period period;
        final List<Long> leads = new ArrayList<>();
        final List<Long> restores = new ArrayList<>();
        final List<Long> waits = new ArrayList<>();
        int open;
        int waiting;
        int approved;
        int reached;

        Tally(Period period) {
            this.period = period;
        }

        void add(Samples samples) {
            Optional<Long> production = samples.journey().production();
            if (production.filter(period::holds).isPresent()) {
                samples.journey().total().ifPresent(leads::add);
            }
            if (samples.approved().filter(period::holds).isPresent()) {
                approved++;
                reached += production.filter(at -> at < period.to()).isPresent() ? 1 : 0;
            }
            for (Incident incident : samples.incidents()) {
                incident.until().filter(period::holds).ifPresent(end -> restores.add(end - incident.from()));
                open += goesOn(incident.from(), incident.until()) ? 1 : 0;
            }
            for (Waiting each : samples.waits()) {
                if (each.counts() && each.until().filter(period::holds).isPresent()) {
                    waits.add(each.took(period.to()));
                }
                waiting += goesOn(each.from(), each.until()) ? 1 : 0;
            }
        }

        /** Whether something goes on at the period's end. */
        private boolean goesOn(long from, Optional<Long> until) {
            return from < period.to() && until.orElse(Long.MAX_VALUE) >= period.to();
        }
    }

    private static <T> List<T> within(
            Collection<Samples> all, Function<Samples, List<T>> items, Function<T, Long> at, Period period) {
        return all.stream()
                .flatMap(samples -> items.apply(samples).stream())
                .filter(item -> period.holds(at.apply(item)))
                .toList();
    }

    private static double perMonth(int count, Period period) {
        return period.days() <= 0 ? 0 : count * MONTH / period.days();
    }

    private static OptionalDouble share(int part, int all) {
        return all == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) part / all);
    }
}
