package org.millwright.web;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ErrorHandler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.UncheckedIOException;
import java.util.List;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What filter and routes throw, told in the form of the path. */
record Failures(Ids ids, List<ErrorForm> forms) implements ErrorHandler<Throwable> {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    @Override
    public void handle(ServerRequest request, ServerResponse response, Throwable thrown) {
        if (isDisconnect(thrown)) {
            throw (RuntimeException) thrown;
        }
        response.headers().remove(HeaderNames.CONTENT_LENGTH);
        if (Incoming.Broken.is(request)) {
            response.headers().set(HeaderValues.CONNECTION_CLOSE);
        }
        if (thrown instanceof Problem.Busy) {
            response.headers().set(HeaderValues.create(HeaderNames.RETRY_AFTER, "1"));
        }
        String path = request.path().path();
        switch (thrown) {
            case Problem problem -> form(path).write(request, response, problem);
            case RequestException e ->
                form(path).write(request, response, new Problem.Invalid(String.valueOf(e.getMessage())));
            case HttpException e ->
                form(path).write(request, response, new Problem.Invalid(String.valueOf(e.getMessage())));
            default -> {
                String id = ids.next("fault");
                LOG.error("{} {} failed ({})", request.prologue().method().text(), path, id, thrown);
                form(path).fault(request, response, id);
            }
        }
    }

    /** The form of the errors of a path. */
    ErrorForm form(String path) {
        return forms.stream().filter(each -> each.owns(path)).findFirst().orElseThrow();
    }

    private static boolean isDisconnect(Throwable thrown) {
        return thrown instanceof UncheckedIOException || thrown instanceof CloseConnectionException;
    }
}
