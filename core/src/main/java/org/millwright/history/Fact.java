package org.millwright.history;

import com.fasterxml.jackson.databind.JsonNode;
import org.millwright.ledger.Entry;

/**
 * Something that was the case about an asset, and the entry that says so.
 *
 * @param name such as {@code production} or {@code alias.champion}
 * @param index place of the entry in the log
 * @param at milliseconds since the epoch, as {@code by} of the entry
 */
public record Fact(
        String name,
        JsonNode value,
        long index,
        String entry,
        long at,
        String by,
        boolean authenticated,
        String action) {
    static Fact of(String name, JsonNode value, Entry entry) {
        return new Fact(
                name,
                value,
                entry.index(),
                entry.id(),
                entry.at(),
                entry.actor(),
                entry.authenticated(),
                entry.action());
    }
}
