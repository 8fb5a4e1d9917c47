package org.millwright.app;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The browser that tests of pages look through. */
final class Chromium implements AutoCloseable {
    private final Playwright playwright;
    private final Browser browser;
    private final String audit;

    Chromium() {
        try (InputStream in = Chromium.class.getResourceAsStream("page-audit.js")) {
            audit = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(path())
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
    }

    private static Path path() {
        return Stream.of(
                        System.getenv("MW_CHROMIUM"),
                        "/usr/bin/chromium",
                        "/usr/bin/chromium-browser",
                        "/usr/bin/google-chrome")
                .filter(Objects::nonNull)
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("No Chromium found: apt-get install chromium"));
    }

    Browser browser() {
        return browser;
    }

    /**
     * Opens every path wide and narrow, light and dark; tells what fails: an error, no heading, sideways scrolling, and what
     * {@code page-audit.js} finds, such as a text that hardly differs from its background.
     */
    List<String> faults(String server, List<String> paths) {
        return faults(server, paths, Map.of());
    }

    /** The same of pages that are asked for with these headers. */
    List<String> faults(String server, List<String> paths, Map<String, String> headers) {
        var faults = new ArrayList<String>();
        for (int width : new int[] {1440, 390}) {
            for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                var options = new Browser.NewContextOptions()
                        .setViewportSize(width, 900)
                        .setColorScheme(scheme)
                        .setExtraHTTPHeaders(headers);
                try (var context = browser.newContext(options)) {
                    Page page = context.newPage();
                    page.onConsoleMessage(message -> {
                        if (message.type().equals("error") && !message.text().contains("404")) {
                            faults.add(page.url() + ": " + message.text());
                        }
                    });
                    page.onPageError(faults::add);
                    for (String path : paths) {
                        page.navigate(server + path);
                        if (page.locator("h1").count() != 1) {
                            faults.add(path + " has " + page.locator("h1").count() + " headings");
                        }
                        if (!Boolean.TRUE.equals(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))) {
                            faults.add(path + " scrolls sideways at " + width + " px " + scheme);
                        }
                        for (Object fault : (List<?>) page.evaluate(audit)) {
                            faults.add(path + " at " + width + " px " + scheme + ": " + fault);
                        }
                    }
                }
            }
        }
        return faults;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
