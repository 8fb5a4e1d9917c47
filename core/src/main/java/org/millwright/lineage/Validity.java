package org.millwright.lineage;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.scoring.signing.Untrusted;

/** From when to when a certificate is valid, as its signed statement says; older statements say nothing and do not expire. */
record Validity(Instant from, Instant until) {
    /** The result among the statement's byproducts. */
    static final String NAME = "validity";

    JsonNode json() {
        return Json.object().put("from", from.toString()).put("until", until.toString());
    }

    static Optional<Validity> of(JsonNode statement) {
        for (JsonNode byproduct : statement.path("predicate").path("runDetails").path("byproducts")) {
            if (byproduct.path("name").asText().equals(NAME)) {
                JsonNode result = byproduct.path("annotations").path("result");
                return Optional.of(new Validity(time(result, "from"), time(result, "until")));
            }
        }
        return Optional.empty();
    }

    private static Instant time(JsonNode result, String field) {
        try {
            return Instant.parse(result.path(field).asText());
        } catch (DateTimeParseException e) {
            throw new Untrusted("its validity has no time '" + field + "'", e);
        }
    }
}
