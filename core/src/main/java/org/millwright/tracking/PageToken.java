package org.millwright.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.kernel.Page;
import org.millwright.kernel.Problem;

/** The token that leads to a next page: base64 of a JSON object with the offset, as clients of MLflow know it. */
public final class PageToken {
    private static final int MAX_OFFSET = 100_000_000;

    private PageToken() {}

    public static String of(long offset) {
        return Base64.getEncoder().encodeToString(("{\"offset\": " + offset + "}").getBytes(StandardCharsets.US_ASCII));
    }

    /** The offset that a token holds, 0 for "". */
    public static int offset(String token) {
        if (token.isEmpty()) {
            return 0;
        }
        byte[] decoded;
        try {
            decoded = Base64.getDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            throw new Problem.Invalid("Invalid page token, could not base64-decode");
        }
        try {
            JsonNode offset = Json.parse(decoded).path("offset");
            if (offset.canConvertToInt() && offset.asInt() >= 0 && offset.asInt() <= MAX_OFFSET) {
                return offset.asInt();
            }
        } catch (Problem.Invalid e) {
            // Told below, with what was decoded.
        }
        throw new Problem.Invalid("Invalid page token, decoded value="
                + Names.shortened(new String(decoded, StandardCharsets.UTF_8).replace('\0', ' ')));
    }

    /** The page of {@code limit} items; there is a next one when {@code found} holds one more. */
    public static <T> Page<T> page(List<T> found, int offset, int limit) {
        return found.size() <= limit
                ? Page.last(found)
                : new Page<>(found.subList(0, limit), Optional.of(of((long) offset + limit)));
    }
}
