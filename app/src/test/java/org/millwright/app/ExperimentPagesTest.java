package org.millwright.app;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.kernel.Json;

/** Experiments and runs in a real browser, filled as an MLflow client fills them. */
class ExperimentPagesTest {
    private static final int RUNS = 230;
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final byte[] PNG = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    @TempDir
    static Path folder;

    private static Millwright server;
    private static Chromium chromium;
    private static String experiment = "";
    private static String first = "";
    private static String running = "";

    @BeforeAll
    static void start() {
        server = Millwright.start(Settings.embedded(folder.resolve("data"), 0), Clock.systemUTC());
        chromium = new Chromium();
        experiment = call("experiments/create", object("name", "grid"))
                .path("experiment_id")
                .asText();
        for (int i = 0; i < RUNS; i++) {
            String id = run("run-%03d".formatted(i), 1_000_000L + i * 60_000L);
            first = i == 0 ? id : first;
            log(id, "rmse", 20 - i * 0.05, 0, "lr", Integer.toString(1 + i % 4));
            if (i < 2) {
                for (int step = 1; step < 50; step++) {
                    log(id, "val_loss", 9.0 / step + i, step, "", "");
                }
            }
            call(
                    "runs/update",
                    object("run_id", id).put("status", "FINISHED").put("end_time", 2_000_000L + i * 60_000L));
        }
        running = run("still-running", System.currentTimeMillis());
        log(running, "val_loss", 5, 0, "lr", "9");
        log(running, "val_loss", 4, 1, "", "");
        put("plot.png", PNG);
        put("plots/drawing.svg", bytes("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"));
        put("report.html", bytes("<h1>Report</h1><script>document.body.textContent = 'it ran'</script>"));
        put("table.csv", bytes("name,value\n\"a, b\",1\nc,2\n"));
        put("config.json", bytes("{\"a\":{\"b\":1}}"));
    }

    @AfterAll
    static void stop() {
        chromium.close();
        server.close();
    }

    @Test
    void everyPageFitsAndRaisesNoError() {
        String run = "/experiments/" + experiment + "/runs/" + first;
        assertThat(chromium.faults(
                        url(),
                        List.of(
                                "/experiments?name=gr",
                                "/experiments/0",
                                page("?order=metrics.rmse%20ASC&col=metrics.rmse&col=params.lr"),
                                page("?filter=lr%20%3C"),
                                page("?view=deleted"),
                                page("/compare?order=metrics.rmse%20ASC"),
                                page("/compare?run=" + first + "&run=" + running
                                        + "&metric=val_loss&smooth=0.6&log=on"),
                                run,
                                run + "/files?path=plot.png",
                                run + "/files?path=config.json",
                                run + "/files?path=table.csv")))
                .isEmpty();
    }

    @Test
    void theTableHoldsOnlyTheRowsInSight() {
        try (var context = context(true)) {
            Page page = context.newPage();
            page.navigate(url() + page(""));
            assertThat(page.locator("#total")).hasText((RUNS + 1) + " runs");
            page.locator("#grid input").first().check();
            page.evaluate("document.querySelector('#grid').scrollTop = 1e9");
            assertThat(page.locator("#grid a:text-is('run-000')")).isVisible();
            assertThat(page.locator("#grid tbody tr").count()).isLessThan(120);
            page.locator("tr:has(a:text-is('run-000')) input").check();
            page.evaluate("document.querySelector('#grid').scrollTop = 0");
            assertThat(page.locator("#grid a:text-is('still-running')")).isVisible();
            assertThat(page.locator("#grid input").first()).isChecked();
            page.locator("button:text-is('Compare 2 runs')").click();
            assertThat(page.locator("h1")).hasText("Compare 2 runs");
            assertThat(page.locator("#curve-plot canvas")).isVisible();
            page.locator("select[name=up]").selectOption("params.lr");
            page.waitForURL("**up=params.lr**");
            assertThat(page.locator("#scatter svg .name").first()).hasText("lr");
        }
    }

    @Test
    void keysReachFilterAndRuns() {
        try (var context = context(true)) {
            Page page = context.newPage();
            page.navigate(url() + "/");
            page.keyboard().press("g");
            page.keyboard().press("e");
            page.waitForURL("**/experiments");
            page.locator("main a:text-is('grid')").press("Enter");
            page.waitForURL("**" + page(""));
            page.keyboard().press("f");
            page.keyboard().type("run-00");
            page.keyboard().press("Enter");
            assertThat(page.locator("#filter-help")).containsText("Invalid clause(s) in filter string");
            page.locator("#filter-help a").press("Enter");
            assertThat(page.locator("#total")).hasText("10 runs match");
            assertThat(page.locator("#grid tbody tr.best, #grid td.best").first())
                    .containsText("19.55");
        }
    }

    @Test
    void everythingReadsWithoutScripts() {
        try (var context = context(false)) {
            Page page = context.newPage();
            page.navigate(url() + page(""));
            page.locator("text=Next").click();
            assertThat(page.locator(".pages")).containsText("Rows 51 to 100");
            page.fill("[name=filter]", "params.lr = '2' and metrics.rmse < 9");
            page.click("#filter button");
            page.locator("th a:text-is('rmse')").click();
            assertThat(page.locator("#grid tbody tr").first()).containsText("run-229");
            assertThat(page.locator("th[aria-sort=ascending]")).hasText("rmse");
            page.locator("summary:text-is('Save this view')").click();
            page.fill(".inline input[name=name]", "Best of two");
            page.click(".inline button:text-is('Save')");
            assertThat(page.locator(".chips a[aria-current]")).hasText("Best of two");
            String shared = page.url();
            page.navigate(url() + page(""));
            page.locator(".chips a:text-is('Best of two')").click();
            assertThat(page.locator("#grid tbody tr").first()).containsText("run-229");
            page.navigate(shared);
            assertThat(page.locator("#grid tbody tr").first()).containsText("run-229");
            page.locator("#grid input").nth(0).check();
            page.locator("#grid input").nth(1).check();
            page.click("button:text-is('Compare the chosen')");
            assertThat(page.locator("main")).containsText("They have the same parameters.");
            page.navigate(url() + "/runs/" + first);
            page.waitForURL("**" + page("/runs/" + first));
            assertThat(page.locator("table.metrics tr:has-text('val_loss')")).containsText("0.1837");
            assertThat(page.locator("table.metrics svg")).hasCount(1);
        }
    }

    @Test
    void notesAreKeptAsTextAndDeletedRunsComeBack() {
        String id = run("noted", 5);
        try (var context = context(true)) {
            Page page = context.newPage();
            page.navigate(url() + page("/runs/" + id));
            page.locator("summary:text-is('Write notes')").click();
            page.fill("#notes textarea", "<b>first</b>\nsecond");
            page.click("#notes button");
            assertThat(page.locator("#notes .plain")).hasText("<b>first</b>\nsecond");
            call("runs/delete", object("run_id", id));
            page.navigate(url() + page("?view=deleted"));
            page.locator("a:text-is('noted')").click();
            page.click("button:text-is('Restore it')");
            assertThat(page.locator("button:text-is('Restore it')")).hasCount(0);
        }
        assertThat(post(page("/runs/" + id + "/note"), "note=x").statusCode()).isEqualTo(409);
        call("runs/delete", object("run_id", id));
    }

    @Test
    void aRunningRunIsFollowedUntilItEnds() {
        String id = run("followed", System.currentTimeMillis());
        log(id, "val_loss", 8, 0, "", "");
        log(id, "val_loss", 7, 1, "", "");
        try (var context = context(true)) {
            Page page = context.newPage();
            page.navigate(url() + page("/runs/" + id));
            Page plot = context.newPage();
            plot.navigate(url() + page("/compare?run=" + id + "&metric=val_loss"));
            assertThat(plot.locator("#curve-plot[data-points='2']")).isVisible();
            log(id, "val_loss", 3.25, 2, "", "");
            assertThat(plot.locator("#curve-plot[data-points='3']")).isVisible();
            assertThat(page.locator("table.metrics tbody tr")).containsText("3.25");
            call(
                    "runs/update",
                    object("run_id", id).put("status", "FINISHED").put("end_time", System.currentTimeMillis()));
            assertThat(page.locator("#live .lead")).containsText("finished");
            assertThat(page.locator("#live[hx-get]")).hasCount(0);
        }
        call("runs/delete", object("run_id", id));
    }

    @Test
    void uploadedFilesCannotActAsPagesOfOurs() throws Exception {
        String files = page("/runs/" + first);
        HttpResponse<String> image = get(files + "/view?path=plot.png");
        assertThat(image.headers().firstValue("content-type")).contains("image/png");
        assertThat(image.headers().firstValue("x-content-type-options")).contains("nosniff");
        HttpResponse<String> page = get(files + "/view?path=report.html");
        assertThat(page.headers().firstValue("content-security-policy").orElse(""))
                .startsWith("sandbox; default-src 'none'");
        assertThat(get(files + "/view?path=plots/drawing.svg").statusCode()).isEqualTo(400);
        HttpResponse<String> drawing = get(files + "/file?path=plots/drawing.svg");
        assertThat(drawing.headers().firstValue("content-disposition").orElse(""))
                .startsWith("attachment");
        assertThat(get(files + "/view?path=..%2Fplot.png").statusCode()).isEqualTo(400);
        try (var context = context(true)) {
            Page browser = context.newPage();
            browser.navigate(url() + files + "/files?path=report.html");
            assertThat(browser.frameLocator("iframe").locator("h1")).hasText("Report");
            assertThat(browser.frameLocator("iframe").locator("body")).not().containsText("it ran");
            browser.navigate(url() + files + "/view?path=report.html");
            assertThat(browser.locator("body")).not().containsText("it ran");
            browser.navigate(url() + files + "/files?path=plots/drawing.svg");
            assertThat(browser.locator("pre.source")).containsText("<script>");
            assertThat(browser.locator(".tree .tree a").first()).hasText("drawing.svg");
            browser.navigate(url() + files + "/files?path=table.csv");
            assertThat(browser.locator("section td").first()).hasText("a, b");
            browser.navigate(url() + files + "/files?path=config.json");
            assertThat(browser.locator("pre.source")).containsText("\"b\" : 1");
        }
    }

    private static BrowserContext context(boolean scripts) {
        return chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(1440, 900)
                        .setJavaScriptEnabled(scripts));
    }

    private static String page(String below) {
        return "/experiments/" + experiment + below;
    }

    private static String url() {
        return "http://127.0.0.1:" + server.port();
    }

    private static String run(String name, long start) {
        return call(
                        "runs/create",
                        object("experiment_id", experiment)
                                .put("run_name", name)
                                .put("start_time", start))
                .path("run")
                .path("info")
                .path("run_id")
                .asText();
    }

    private static void log(String run, String metric, double value, int step, String param, String setting) {
        ObjectNode batch = object("run_id", run);
        batch.putArray("metrics")
                .addObject()
                .put("key", metric)
                .put("value", value)
                .put("timestamp", 1_000 + step)
                .put("step", step);
        if (!param.isEmpty()) {
            batch.putArray("params").addObject().put("key", param).put("value", setting);
        }
        call("runs/log-batch", batch);
    }

    private static void put(String path, byte[] bytes) {
        send(HttpRequest.newBuilder(URI.create(url() + "/api/2.0/mlflow-artifacts/artifacts/" + experiment + "/" + first
                        + "/artifacts/" + path))
                .PUT(BodyPublishers.ofByteArray(bytes))
                .build());
    }

    private static ObjectNode object(String key, String value) {
        return Json.object().put(key, value);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static JsonNode call(String path, ObjectNode body) {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(url() + "/api/2.0/mlflow/" + path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()))
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.parse(answer.body());
    }

    private static HttpResponse<String> post(String path, String form) {
        return send(HttpRequest.newBuilder(URI.create(url() + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form))
                .build());
    }

    private static HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(URI.create(url() + path)).build());
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
