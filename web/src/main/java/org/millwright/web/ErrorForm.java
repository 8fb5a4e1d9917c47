package org.millwright.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import org.millwright.kernel.Problem;

/** How one protocol tells a client what went wrong. */
public interface ErrorForm {
    /** Whether errors of this path take this form. */
    boolean owns(String path);

    /** Writes status and body for a problem of the caller. */
    void write(ServerRequest request, ServerResponse response, Problem problem);

    /** The body for a request that could not be read; such requests have no path, or one that says little. */
    JsonNode unreadable(String message);

    /** Writes status and body for a fault of ours, which was logged under the id. */
    void fault(ServerRequest request, ServerResponse response, String id);
}
