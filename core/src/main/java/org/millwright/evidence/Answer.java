package org.millwright.evidence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;

/**
 * What the records say to one named query.
 *
 * @param said one sentence of it
 * @param record what was found, as data; empty when there is nothing
 * @param lacking what is not there although it should be
 */
public record Answer(String query, String title, String said, ObjectNode record, List<Lacking> lacking) {
    public Answer {
        lacking = List.copyOf(lacking);
    }

    /** How far records answer a question. */
    public enum State {
        ANSWERED,
        PARTLY,
        MISSING;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Something that is not recorded.
     *
     * @param owes the role whose work it is
     */
    public record Lacking(String what, Role owes) {}

    public State state() {
        if (record.isEmpty()) {
            return State.MISSING;
        }
        return lacking.isEmpty() ? State.ANSWERED : State.PARTLY;
    }

    /** Where a pack keeps the record. */
    String file() {
        return "records/" + query + ".json";
    }

    /** Hex SHA-256 of the record's canonical form. */
    public String digest() {
        return Json.digest(record);
    }
}
