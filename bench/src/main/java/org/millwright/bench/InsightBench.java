package org.millwright.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.millwright.app.Millwright;
import org.millwright.app.Settings;
import org.millwright.kernel.Json;

/**
 * How soon the pages that look over everything come, in a server with a long log in which something happened since the last
 * look; and the first time after a start.
 *
 * @param kept where the filled data folder stays from one run of the bench to the next
 * @param entries of its log
 */
record InsightBench(Path kept, int rounds, long entries) implements Measurement {
    private static final double MOST_MILLIS = 1_000;
    private static final List<String> PAGES = List.of(
            "/insight",
            "/insight?project=p1",
            "/insight/models",
            "/maturity",
            "/portfolio",
            "/api/1/state/project:p1",
            "/api/1/state/deployment:m1");
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    /** That none of a thousand made-up deployments has a bundle is no news, nor is it that a server starts. */
    private static final List<Logger> QUIET = List.of(Logger.getLogger(""), Logger.getLogger("org.millwright.serving"));

    @Override
    public void run(Report report) {
        QUIET.getFirst().setLevel(Level.WARNING);
        QUIET.getLast().setLevel(Level.OFF);
        Path data = kept.resolve("insight-" + entries);
        long filling = System.nanoTime();
        FilledFactory.at(data, entries);
        report.note(String.format(
                Locale.ROOT,
                "%,d entries, %,d models in %d projects, made ready in %.0f s",
                entries,
                FilledFactory.MODELS,
                FilledFactory.PROJECTS,
                (System.nanoTime() - filling) / 1e9));
        try (Millwright server = Millwright.start(Settings.embedded(data, 0), Clock.systemUTC())) {
            String url = "http://127.0.0.1:" + server.port();
            var first = new double[PAGES.size()];
            for (int i = 0; i < first.length; i++) {
                first[i] = get(url + PAGES.get(i));
            }
            for (int i = 0; i < first.length; i++) {
                var millis = new double[rounds];
                var worked = new double[rounds];
                for (int round = 0; round < rounds; round++) {
                    change(url);
                    double cpu = LedgerBench.cpu();
                    millis[round] = get(url + PAGES.get(i));
                    worked[round] = 1e3 * (LedgerBench.cpu() - cpu);
                }
                report.below(PAGES.get(i), Samples.of(millis), "%.0f ms", MOST_MILLIS);
                report.note(String.format(
                        Locale.ROOT,
                        "%.0f ms of a processor; the first time after the start: %.0f ms",
                        Samples.of(worked).median(),
                        first[i]));
            }
        }
    }

    /** Milliseconds until the whole answer is there. */
    private static double get(String url) {
        long start = System.nanoTime();
        send(HttpRequest.newBuilder(URI.create(url)).build());
        return (System.nanoTime() - start) / 1e6;
    }

    /** Something that insights count. */
    private static void change(String url) {
        URI project = URI.create(url + "/api/1/projects/p2");
        boolean paused = Json.parse(send(HttpRequest.newBuilder(project).build()))
                .path("state")
                .asText()
                .equalsIgnoreCase("paused");
        String body = Json.write(
                Json.object().put("action", paused ? "resume" : "pause").put("reason", "To see it counted"));
        send(HttpRequest.newBuilder(URI.create(project + "/state"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private static String send(HttpRequest request) {
        try {
            HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(request.uri() + " answered " + answer.statusCode() + ": "
                        + answer.body().substring(0, Math.min(300, answer.body().length())));
            }
            return answer.body();
        } catch (IOException e) {
            throw new IllegalStateException(request.uri() + " did not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
