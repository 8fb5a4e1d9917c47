package org.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.identity.User;
import org.millwright.web.WebSettings;

/** The pages in a real browser: no error, no sideways scrolling, by keyboard, without JavaScript. */
class PagesTest {
    private static final List<String> PAGES = List.of(
            "/",
            "/projects",
            "/?desk=decisions",
            "/?desk=production",
            "/?desk=work",
            "/?desk=validation",
            "/?desk=endpoints",
            "/?desk=people",
            "/?desk=installation",
            "/?desk=records",
            "/runs",
            "/experiments",
            "/models",
            "/deployments",
            "/data",
            "/alerts",
            "/channels",
            "/inbox",
            "/ledger",
            "/evidence",
            "/environments",
            "/policies",
            "/policies/tier-high",
            "/search",
            "/help",
            "/state",
            "/request",
            "/portfolio",
            "/insight",
            "/insight/models",
            "/maturity",
            "/lineage",
            "/sign-in",
            "/nowhere");

    @TempDir
    static Path folder;

    private static Millwright open;
    private static Millwright closed;
    private static Chromium chromium;
    private static Browser browser;

    @BeforeAll
    static void start() {
        open = Millwright.start(Settings.embedded(folder.resolve("open"), 0), Clock.systemUTC());
        var asks = new WebSettings("127.0.0.1", 0, true, Set.of());
        var embedded = Settings.embedded(folder.resolve("closed"), 0);
        closed = Millwright.start(
                new Settings(embedded.data(), embedded.shared(), asks, embedded.database()), Clock.systemUTC());
        chromium = new Chromium();
        browser = chromium.browser();
    }

    @AfterAll
    static void stop() {
        chromium.close();
        open.close();
        closed.close();
    }

    @Test
    void everyPageFitsAndRaisesNoError() {
        assertThat(chromium.faults(url(open), PAGES)).isEmpty();
    }

    @Test
    void keysLeadFromPageToPage() {
        try (var context = browser.newContext()) {
            Page page = context.newPage();
            page.navigate(url(open) + "/");
            page.keyboard().press("g");
            page.keyboard().press("m");
            page.waitForURL("**/models");
            page.keyboard().press("/");
            assertThat((Object) page.evaluate("document.activeElement.id")).isEqualTo("q");
        }
    }

    @Test
    void readsWithoutJavaScript() {
        try (var context = browser.newContext(new Browser.NewContextOptions().setJavaScriptEnabled(false))) {
            Page page = context.newPage();
            page.navigate(url(open) + "/");
            assertThat(page.locator("main").innerText()).contains("./mw demo");
            page.locator("nav >> text=Inbox").click();
            assertThat(page.locator("main").innerText()).contains("Nothing waits for your decision");
        }
    }

    @Test
    void asksBrowsersToSignInAndKeepsTheirToken() {
        closed.users().add(Actor.LOCAL, "ana", "Ana", Actor.Kind.PERSON, Set.of(Role.DATA_SCIENTIST), null);
        User ana = closed.users().get("ana");
        String token = closed.users().issueToken(Actor.LOCAL, ana.name(), "test", java.time.Duration.ofHours(1));
        try (var context = browser.newContext()) {
            Page page = context.newPage();
            page.navigate(url(closed) + "/runs");
            assertThat(page.locator("h1").innerText()).isEqualTo("Sign in");
            page.fill("input[name=secret]", "mw_no_token");
            page.click("main button");
            assertThat(page.locator("h1").innerText()).isEqualTo("Sign in");
            page.fill("input[name=secret]", token);
            page.click("main button");
            assertThat(page.locator("h1").innerText()).isEqualTo("Runs");
            assertThat(page.locator(".who").innerText()).isEqualTo("ana");
            assertThat(context.cookies().getFirst().httpOnly).isTrue();
        }
    }

    private static String url(Millwright server) {
        return "http://127.0.0.1:" + server.port();
    }
}
