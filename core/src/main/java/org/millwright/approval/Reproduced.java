package org.millwright.approval;

import org.millwright.ledger.Entry;

/** That a version was made again, and whether the same came out; {@code at} in milliseconds since the epoch. */
public record Reproduced(String verdict, String reason, String by, long at) {
    static Reproduced of(Entry entry) {
        return new Reproduced(
                entry.details().path("verdict").asText("unknown"),
                entry.details().path("reason").asText(""),
                entry.actor(),
                entry.at());
    }
}
