package org.millwright.monitor.signal;

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
 */
public record Served(
        Optional<String> production,
        boolean halted,
        long registeredAt,
        long requests,
        double p99,
        double errors,
        long refused) {}
