package org.millwright.scoring.codec;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.InvalidInput;

/** What the parser says of a body that is no JSON, as the caller's fault. */
final class Malformed {
    private Malformed() {}

    static InvalidInput json(JsonProcessingException e) {
        // A number that is too long is refused without a place.
        @Nullable JsonLocation place = e.getLocation();
        String where = place == null ? "" : " at line " + place.getLineNr() + ", column " + place.getColumnNr();
        return InvalidInput.of(
                "the body is not valid JSON" + where + ": " + InvalidInput.shorten(e.getOriginalMessage()));
    }
}
