package org.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
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
            "/request?as=yaml",
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
    void asksForAProjectByAFormThatKeepsWhatWasTyped() {
        String token = tokenOf("ida");
        var options = new Browser.NewContextOptions()
                .setJavaScriptEnabled(false)
                .setViewportSize(360, 780)
                .setExtraHTTPHeaders(Map.of("Authorization", "Bearer " + token));
        try (var context = browser.newContext(options)) {
            Page page = context.newPage();
            page.navigate(url(closed) + "/request");
            assertThat(page.inputValue("#in-owner")).isEqualTo("ida");
            page.fill("#in-name", "churn");
            page.fill("#in-purpose", "short");
            page.selectOption("#in-model\\.task", "classification");
            page.fill("#in-model\\.label", "left");
            page.fill("[name='data[0].name']", "users");
            page.check("[id='in-intake.high-risk-area/employment']");
            page.click("main button.primary");
            assertThat(page.locator("[role=alert]").innerText()).contains("Purpose: say in one sentence");
            assertThat(page.locator("[id='fault-purpose']").innerText()).contains("say in one sentence");
            assertThat(page.locator("[id='help-intake.safety-component']").innerText())
                    .contains("is not answered");
            assertThat(page.inputValue("#in-name")).isEqualTo("churn");
            assertThat(page.isChecked("[id='in-intake.high-risk-area/employment']"))
                    .isTrue();
            page.fill("#in-purpose", "Tell: who will \"leave\", for the retention team");
            for (String answer : List.of("prohibited-practice/none", "safety-component/no", "worst-error/money")) {
                page.check("[id='in-intake." + answer + "']");
            }
            page.check("[id='in-intake.transparency/none']");
            page.check("[id='in-intake.decides-about-people/decides']");
            page.click("button[value=yaml]");
            assertThat(page.inputValue("#file")).contains("risk-tier: high", "high-risk-area: employment");
            page.fill("#file", page.inputValue("#file") + "review-every: 30d\n");
            page.click("main button.primary");
            assertThat(page.url()).endsWith("/projects/churn/request");
            assertThat(page.locator("main").innerText())
                    .contains("Tell: who will \"leave\"", "every 30 days", "Risk tier high");
        }
    }

    private static String tokenOf(String name) {
        closed.users().add(Actor.LOCAL, name, name, Actor.Kind.PERSON, Set.of(Role.DATA_SCIENTIST), null);
        return closed.users().issueToken(Actor.LOCAL, name, "test", java.time.Duration.ofHours(1));
    }

    @Test
    void asksBrowsersToSignInAndKeepsTheirToken() {
        String token = tokenOf("ana");
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
