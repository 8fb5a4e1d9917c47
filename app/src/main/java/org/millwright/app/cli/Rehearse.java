package org.millwright.app.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.millwright.app.Millwright;
import org.millwright.app.Settings;
import picocli.CommandLine.Command;

/** {@code mw rehearse}: what a server does when it starts, for a JVM that records its start-up cache. */
@Command(name = "rehearse", hidden = true, description = "Start and stop once, for the start-up cache.")
final class Rehearse implements Callable<Integer> {
    private static final List<String> PAGES = List.of("health", "", "ledger", "api/1/projects", "static/mw.css");

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path data = Files.createTempDirectory("millwright-rehearsal");
        try (Millwright millwright = Millwright.start(Settings.embedded(data, 0), Clock.systemUTC())) {
            return visit("http://127.0.0.1:" + millwright.port() + "/");
        } finally {
            Scratch.delete(data);
        }
    }

    private static int visit(String server) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (String page : PAGES) {
                HttpRequest request = HttpRequest.newBuilder(URI.create(server + page))
                        .header("Accept", "text/html, application/json")
                        .build();
                int status = http.send(request, BodyHandlers.discarding()).statusCode();
                if (status >= 500) {
                    throw new IOException(request.uri() + " answered " + status);
                }
            }
        }
        return Exit.OK;
    }
}
