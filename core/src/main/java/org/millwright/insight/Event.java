package org.millwright.insight;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * A change as insights need it: an entry of the ledger without its proof.
 *
 * @param at milliseconds since the epoch
 * @param actor id of who made it
 * @param details a few of the entry's details
 */
record Event(long at, String actor, String action, List<String> subjects, JsonNode details) {
    Event {
        subjects = List.copyOf(subjects);
    }

    boolean is(String... actions) {
        for (String each : actions) {
            if (each.equals(action)) {
                return true;
            }
        }
        return false;
    }

    /** What it is about, of a kind such as {@code model}: the first subject {@code model:…} without its kind. */
    Optional<String> about(String kind) {
        for (String subject : subjects) {
            if (subject.length() > kind.length() && subject.charAt(kind.length()) == ':' && subject.startsWith(kind)) {
                return Optional.of(subject.substring(kind.length() + 1));
            }
        }
        return Optional.empty();
    }

    String text(String detail) {
        return details.path(detail).asText();
    }
}
