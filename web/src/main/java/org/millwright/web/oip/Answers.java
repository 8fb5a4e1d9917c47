package org.millwright.web.oip;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.function.Supplier;
import org.millwright.kernel.Problem;
import org.millwright.scoring.InvalidInput;
import org.millwright.serving.Answer;
import org.millwright.web.Http;

/** What both scoring protocols share: headers of an answer, and the caller's faults as problems. */
final class Answers {
    private static final HeaderName VERSION = HeaderNames.create("x-mw-model-version");
    private static final HeaderName REQUEST = HeaderNames.create("x-mw-request-id");
    private static final HeaderName WARNINGS = HeaderNames.create("x-mw-warnings");

    private Answers() {}

    static void send(ServerResponse response, Answer answer, List<String> warnings, byte[] body) {
        send(response, answer, warnings, "application/json", body);
    }

    static void send(ServerResponse response, Answer answer, List<String> warnings, String type, byte[] body) {
        response.header(VERSION, printable(answer.version()));
        response.header(REQUEST, printable(answer.requestId()));
        if (!warnings.isEmpty()) {
            response.header(WARNINGS, printable(String.join("; ", warnings)));
        }
        Http.bytes(response, Status.OK_200, type, body);
    }

    /** Reads or scores the caller's rows; what does not fit is an invalid request. */
    static <T> T checked(Supplier<T> work) {
        try {
            return work.get();
        } catch (InvalidInput e) {
            throw new Problem.Invalid(String.valueOf(e.getMessage()));
        }
    }

    private static String printable(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= '~') ? text : text.replaceAll("[^ -~]", "?");
    }
}
