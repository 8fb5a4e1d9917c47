package org.millwright.insight;

import java.util.Collection;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What projects cost and are worth in a period, in the currency of the rates.
 *
 * @param stepSeconds that pipeline steps worked
 * @param servingSeconds that deployments were in production
 * @param outcomes predictions whose outcome is known
 * @param cost steps, serving and predictions at the rates
 * @param value what the projects' files declare, by prediction, outcome or time in production; empty when no file does
 * @param valued cost of those projects whose file does
 * @param declared number of them, of {@code projects}
 * @param roi value less cost, by cost, of those projects; empty when none declares a value or nothing was spent on them
 */
public record Money(
        double stepSeconds,
        double servingSeconds,
        long predictions,
        long outcomes,
        double cost,
        OptionalDouble value,
        double valued,
        int declared,
        int projects,
        OptionalDouble roi) {
    private static final double HOUR = 3600;

    static Money of(
            Rates rates,
            double stepSeconds,
            double servingSeconds,
            long predictions,
            long outcomes,
            Optional<Declared.Value> declared) {
        double cost = stepSeconds / HOUR * rates.stepHour()
                + servingSeconds / HOUR * rates.servingHour()
                + predictions / 1e6 * rates.millionPredictions();
        boolean says = declared.isPresent();
        OptionalDouble value = says
                ? OptionalDouble.of(declared.get().of(servingSeconds, predictions, outcomes))
                : OptionalDouble.empty();
        double valued = says ? cost : 0;
        return new Money(
                stepSeconds,
                servingSeconds,
                predictions,
                outcomes,
                cost,
                value,
                valued,
                says ? 1 : 0,
                1,
                roi(value, valued));
    }

    static Money sum(Collection<Money> all) {
        double value = all.stream().mapToDouble(each -> each.value.orElse(0)).sum();
        double valued = all.stream().mapToDouble(Money::valued).sum();
        int declared = all.stream().mapToInt(Money::declared).sum();
        OptionalDouble said = declared > 0 ? OptionalDouble.of(value) : OptionalDouble.empty();
        return new Money(
                all.stream().mapToDouble(Money::stepSeconds).sum(),
                all.stream().mapToDouble(Money::servingSeconds).sum(),
                all.stream().mapToLong(Money::predictions).sum(),
                all.stream().mapToLong(Money::outcomes).sum(),
                all.stream().mapToDouble(Money::cost).sum(),
                said,
                valued,
                declared,
                all.stream().mapToInt(Money::projects).sum(),
                roi(said, valued));
    }

    private static OptionalDouble roi(OptionalDouble value, double cost) {
        return value.isPresent() && cost > 0
                ? OptionalDouble.of((value.getAsDouble() - cost) / cost)
                : OptionalDouble.empty();
    }
}
