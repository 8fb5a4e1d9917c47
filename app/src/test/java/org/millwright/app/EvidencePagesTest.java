package org.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.evidence.PackCheck;

/** Cards and evidence in a real browser: they fit, a section is written, a pack is taken away. */
class EvidencePagesTest {
    private static final String VERSION = "/models/delays/versions/1";

    @TempDir
    static Path folder;

    private static Millwright server;
    private static Chromium chromium;

    @BeforeAll
    static void start() throws IOException {
        EvidenceLine.in(folder.resolve("server"));
        server = Millwright.start(Settings.embedded(folder.resolve("server"), 0), Clock.systemUTC());
        chromium = new Chromium();
    }

    @AfterAll
    static void stop() {
        chromium.close();
        server.close();
    }

    private static String url() {
        return "http://127.0.0.1:" + server.port();
    }

    @Test
    void everyPageFitsAndRaisesNoError() {
        var pages = List.of(
                "/evidence",
                VERSION,
                VERSION + "/card",
                VERSION + "/evidence",
                VERSION + "/evidence?framework=iso-42001",
                "/data/flights@2013-01",
                "/data/flights/card");
        assertThat(chromium.faults(url(), pages)).isEmpty();
    }

    @Test
    void aSectionIsWrittenOnThePage() {
        try (var context = chromium.browser().newContext()) {
            Page page = context.newPage();
            page.navigate(url() + VERSION + "/card");
            page.click("#section-contact summary");
            page.fill("#section-contact textarea", "<b>Ana</b>, at the desk");
            page.click("#section-contact button");

            assertThat(page.locator("#section-contact .plain").innerText()).isEqualTo("<b>Ana</b>, at the desk");
            page.navigate(url() + "/models/delays/versions/2/card");
            assertThat(page.locator("#section-contact").innerText()).contains("Written for version 1 by");
        }
    }

    @Test
    void aPackIsTakenAwayAndHolds() {
        try (var context = chromium.browser().newContext()) {
            Page page = context.newPage();
            page.navigate(url() + VERSION + "/evidence?framework=sr-26-2");
            assertThat(page.locator("#validation\\.independent").innerText()).contains("partly");
            Path file = folder.resolve("taken.zip");
            page.waitForDownload(() -> page.click("form button:has-text('Download')"))
                    .saveAs(file);

            assertThat(PackCheck.check(file, Optional.empty(), Optional.empty()).lines())
                    .allMatch(PackCheck.Line::holds);
        }
    }
}
