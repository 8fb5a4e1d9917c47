package org.millwright.verdict;

import java.util.Optional;

/**
 * What serving knows of a deployment at a moment.
 *
 * @param production version that answers; empty when none does
 * @param halted whether somebody stopped it
 * @param registeredAt when that version was registered, milliseconds since the epoch; 0 when unknown
 * @param requests of the last hour
 * @param p99 milliseconds in which 99 of 100 of them were answered; NaN without any
 * @param errors share of them that failed
 * @param refused requests of the last hour that did not fit the model's signature
 * @param load what these requests took; empty without any
 */
public record Served(
        Optional<String> production,
        boolean halted,
        long registeredAt,
        long requests,
        double p99,
        double errors,
        long refused,
        Optional<Load> load) {
    /**
     * What the requests of the last hour took.
     *
     * @param busy processors that they kept busy on average
     * @param processors that there are
     * @param thousand price of a thousand predictions, at the installation's rates
     * @param currency of that
     */
    public record Load(double busy, int processors, double thousand, String currency) {}

    /** The same where nobody counts what requests take. */
    public Served(
            Optional<String> production,
            boolean halted,
            long registeredAt,
            long requests,
            double p99,
            double errors,
            long refused) {
        this(production, halted, registeredAt, requests, p99, errors, refused, Optional.empty());
    }
}
