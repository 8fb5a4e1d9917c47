package org.millwright.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * One state change as recorded.
 *
 * @param index position in the log, from 0
 * @param at milliseconds since the epoch
 * @param subjects the asset that changed first, then those it is about as well
 * @param leaf the exact text that is hashed
 * @param hash hex RFC 6962 leaf hash
 */
public record Entry(
        long index,
        String id,
        long at,
        String actor,
        boolean authenticated,
        String action,
        List<String> subjects,
        JsonNode details,
        String leaf,
        String hash) {
    public Entry {
        subjects = List.copyOf(subjects);
    }

    public String subject() {
        return subjects.getFirst();
    }
}
