package org.millwright.evidence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;

/** What a query finds, while it looks: facts, one sentence, and what is lacking. */
final class Found {
    private final ObjectNode record;
    private final List<Answer.Lacking> lacking = new ArrayList<>();
    private String said;

    private Found(String said, ObjectNode record) {
        this.said = said;
        this.record = record;
    }

    /** {@code 1 entry}, {@code 2 entries}. */
    static String count(long n, String noun) {
        return n + " "
                + (n == 1 ? noun : noun.endsWith("y") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s");
    }

    static Found of(String said, ObjectNode record) {
        return new Found(said, record);
    }

    /** Nothing at all. */
    static Found nothing(String said, Role owes) {
        return new Found(said, Json.object()).lacks(said, owes);
    }

    Found lacks(String what, Role owes) {
        lacking.add(new Answer.Lacking(what, owes));
        return this;
    }

    Found lacksUnless(boolean there, String what, Role owes) {
        return there ? this : lacks(what, owes);
    }

    Answer answer(String query, String title) {
        return new Answer(query, title, said, record, lacking);
    }
}
