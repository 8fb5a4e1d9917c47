package org.millwright.scoring.codec;

import java.util.List;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;

/**
 * A decoded scoring request.
 *
 * @param id the caller's request id, empty when none was sent
 * @param frame the rows, in the signature's columns
 * @param ids the caller's id of each row's prediction, empty when none were sent
 * @param eventTimes when each row happened, milliseconds since 1970 UTC; one entry means all rows, empty means not sent
 * @param outputs names of the outputs wanted, empty for all
 * @param warnings what the caller should know of a request that is answered all the same, a phrase each
 */
public record ScoringRequest(
        String id, Frame frame, List<String> ids, long[] eventTimes, List<String> outputs, List<String> warnings) {
    static final int LONGEST_ID = 200;

    /** {@link InvalidInput} for an id that no database could keep. */
    public ScoringRequest {
        requireId(id);
        ids.forEach(ScoringRequest::requireId);
        ids = List.copyOf(ids);
        outputs = List.copyOf(outputs);
        warnings = List.copyOf(warnings);
    }

    private static void requireId(String id) {
        if (id.length() > LONGEST_ID || id.indexOf('\0') >= 0) {
            throw InvalidInput.of(
                    "the id '" + InvalidInput.shorten(id) + "' has a NUL or more than " + LONGEST_ID + " characters");
        }
    }
}
