package org.millwright.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.millwright.alert.Alerts;
import org.millwright.alert.Clause;
import org.millwright.alert.Verdict;
import org.millwright.project.Agreement;

/** How fast and how well the requests of the last hour were answered, and what that took. */
final class ServiceReadings {
    /** Requests that say something. */
    private static final int LEAST_REQUESTS = 100;
    /** Part of a limit from which a clause is at risk. */
    private static final double NEAR = 0.9;

    private final Optional<Agreement.Service> agreed;
    private final Served served;

    private ServiceReadings(Optional<Agreement.Service> agreed, Served served) {
        this.agreed = agreed;
        this.served = served;
    }

    /** All of them, also what nothing was agreed on; none without a request. */
    static List<Reading> of(Optional<Agreement.Service> agreed, Served served) {
        return served.requests() == 0 ? List.of() : new ServiceReadings(agreed, served).all();
    }

    /** Broken above the limit, at risk near it; without a limit there is nothing to say. */
    static Verdict verdict(double value, OptionalDouble limit) {
        if (limit.isEmpty() || Double.isNaN(value)) {
            return Verdict.INSUFFICIENT;
        }
        return value > limit.getAsDouble()
                ? Verdict.BROKEN
                : value > NEAR * limit.getAsDouble() ? Verdict.AT_RISK : Verdict.KEPT;
    }

    private List<Reading> all() {
        var all = new ArrayList<Reading>();
        OptionalDouble slowest = agreed.flatMap(Agreement.Service::p99)
                .map(time -> OptionalDouble.of(time.toNanos() / 1e6))
                .orElse(OptionalDouble.empty());
        all.add(reading(
                Agreement.Service.P99,
                served.p99(),
                "ms",
                slowest,
                "99 of 100 requests of the last hour were answered in " + Alerts.figure(served.p99()) + " ms"
                        + agreedText(slowest, " ms")));
        OptionalDouble errors = limit(Agreement.Service::errors);
        all.add(reading(
                Agreement.Service.ERRORS,
                served.errors(),
                "share",
                errors,
                Alerts.figure(100 * served.errors()) + " % of " + served.requests()
                        + " requests of the last hour failed" + agreedText(errors, "")
                        + (served.refused() > 0 ? "; " + served.refused() + " were refused" : "")));
        served.load().ifPresent(load -> {
            all.add(saturation(load));
            all.add(cost(load));
        });
        return all;
    }

    private Reading saturation(Served.Load load) {
        OptionalDouble limit = limit(Agreement.Service::saturation);
        return reading(
                Agreement.Service.SATURATION,
                load.busy() / load.processors(),
                "share",
                limit,
                "the requests of the last hour kept " + Alerts.figure(load.busy()) + " of " + load.processors()
                        + " processors busy" + agreedText(limit, " of them"));
    }

    private Reading cost(Served.Load load) {
        OptionalDouble limit = limit(Agreement.Service::cost);
        return reading(
                Agreement.Service.COST,
                load.thousand(),
                load.currency(),
                limit,
                "a thousand predictions of the last hour cost " + Alerts.figure(load.thousand()) + " " + load.currency()
                        + agreedText(limit, " " + load.currency()));
    }

    private OptionalDouble limit(Function<Agreement.Service, OptionalDouble> key) {
        return agreed.map(key).orElse(OptionalDouble.empty());
    }

    private Reading reading(String clause, double value, String unit, OptionalDouble limit, String note) {
        boolean enough = served.requests() >= LEAST_REQUESTS;
        return new Reading(
                Clause.of(clause),
                value,
                unit,
                limit,
                enough ? verdict(value, limit) : Verdict.INSUFFICIENT,
                served.requests(),
                note);
    }

    private static String agreedText(OptionalDouble limit, String unit) {
        return limit.isPresent() ? " (agreed: at most " + Alerts.figure(limit.getAsDouble()) + unit + ")" : "";
    }
}
