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

/**
 * Cards and evidence in a real browser: they fit, a section is written, a pack is taken away. On the same records, the first
 * page of each role.
 */
class EvidencePagesTest {
    private static final String VERSION = "/models/delays/versions/1";

    @TempDir
    static Path folder;

    private static Millwright server;
    private static Chromium chromium;
    private static FirstPage pages;

    @BeforeAll
    static void start() throws IOException {
        var tokens = EvidenceLine.in(folder.resolve("server"));
        EvidenceLine.ask(folder.resolve("server"));
        server = Millwright.start(Settings.embedded(folder.resolve("server"), 0), Clock.systemUTC());
        chromium = new Chromium();
        pages = new FirstPage(server, tokens);
        pages.work(folder.resolve("backup"));
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
            assertThat(page.locator("#validation\\.independent").innerText())
                    .contains("answered", "Findings of validation: 1 ");
            Path file = folder.resolve("taken.zip");
            page.waitForDownload(() -> page.click("form button:has-text('Download')"))
                    .saveAs(file);

            assertThat(PackCheck.check(file, Optional.empty(), Optional.empty()).lines())
                    .allMatch(PackCheck.Line::holds);
        }
    }

    @Test
    void everyLinkLeadsSomewhereForWhoeverSeesIt() {
        for (String who : List.of("ana", "ben", "leo", "mia", "vera")) {
            var crawl = new Crawl(url(), pages.as(who));
            // The line's runs of a pipeline are in its ledger only.
            assertThat(crawl.faults()).as(who).allMatch(fault -> fault.matches("404 /runs/r[12] from .*"));
            assertThat(crawl.visited()).as(who).isGreaterThan(50);
        }
    }

    @Test
    void eachDeskFitsWithWhatThereIs() {
        var desks = java.util.stream.Stream.of(
                        "decisions",
                        "production",
                        "work",
                        "validation",
                        "endpoints",
                        "people",
                        "installation",
                        "records",
                        "projects")
                .map(desk -> "/?desk=" + desk)
                .toList();
        assertThat(chromium.faults(url(), desks)).isEmpty();
        assertThat(chromium.faults(url(), List.of("/", "/projects"), pages.as("ana")))
                .isEmpty();
    }

    @Test
    void aDataScientistSeesOwnRunsWhatStoppedThemAndWhatGatesAsk() {
        String page = pages.of("ana");
        assertThat(page)
                .contains("<h1 id=\"work\">Your work</h1>")
                .contains("Your newest run, check ", " is refused", "Step gate of check stopped a run.")
                .contains("notebook-1", "val_rmse 20.5")
                .contains("0 of 1 passed")
                .contains("enough-rows", "Evaluate on a whole month", "mw run explain", "mw resume")
                .contains("What the gates of <a href=\"/projects/delays\">delays</a> will ask")
                .contains("by policy ")
                .doesNotContain("<h2 id=");
        assertThat(pages.of("noor")).contains("You have no run yet.", "export MLFLOW_TRACKING_URI=" + url());
    }

    @Test
    void anMlEngineerSeesEndpointsRollOutsAlertsRunsAndFindings() {
        assertThat(pages.of("mia"))
                .contains("<h1 id=\"production\">Production</h1>")
                .contains("1 endpoint; no open alert; 1 roll-out in progress; no run at work; 1 open finding.")
                .contains("version 1</a> 100 % canary")
                .contains("high, blocks", "It was never tried in winter")
                .contains("mw run train");
    }

    @Test
    void operationsSeeHealthCapacityVersionsAndBackups() {
        assertThat(pages.of("olga"))
                .contains("<h1 id=\"installation\">Installation</h1>")
                .contains("Everything works")
                .contains(": metadata, deployments, ledger and anchors")
                .contains("<dt>Disk</dt>", "Memory of the process", "Writes that wait for the database")
                .contains("<dt>Millwright</dt><dd>0.1.0</dd>", "SQLite, in the data folder")
                .contains("The newest was written ", "by olga into <code>" + folder.resolve("backup") + "</code>");
    }

    @Test
    void anApplicationDeveloperSeesContractCallAndWhatIsPromised() {
        assertThat(pages.of("leo"))
                .contains("<h1 id=\"endpoints\">Endpoints</h1>")
                .contains("You may call 1 endpoint.")
                .contains("curl " + url() + "/deployments/delays/invocations")
                .contains("/deployments/delays/openapi.json", "models:/delays@champion")
                .contains("<td>double</td>")
                .contains("promises callers no time");
    }

    @Test
    void anApproverSeesDecisionsDueAndOwnProjects() {
        assertThat(pages.of("ben"))
                .contains("<h1 id=\"decisions\">Decisions</h1>")
                .contains("2 decisions wait for you; undecided by ")
                .contains("Project winter: Tells passengers in winter")
                .contains("Release delays/2 to delays", "skill 0.41 against 0.44", "worse", "passed")
                .contains("<td data-label=\"risk\">high</td>", "<td data-label=\"risk\">low</td>")
                .contains("href=\"/inbox\">Decide</a>")
                .contains("Projects that you answer for", "<a href=\"/projects/winter\">winter</a>");
    }

    @Test
    void anAuditorSeesPortfolioEvidenceAndTheLog() {
        assertThat(pages.of("eva"))
                .contains("<h1 id=\"records\">Records</h1>")
                .contains("<form class=\"row\" action=\"/state\">")
                .contains("Projects in work", "<a href=\"/projects/delays\">delays</a>")
                .contains("Maturity</a></dt><dd>level ")
                .contains("mw ledger verify");
    }

    @Test
    void anAdministratorSeesPeopleAndWhatHoldsThemUp() {
        assertThat(pages.of("ada"))
                .contains("<h1 id=\"people\">People</h1>", "<h2 id=\"installation\">Installation</h2>")
                .contains("nil has no role and may do nothing", "mw user grant nil data-scientist")
                .contains("<td data-label=\"in projects\">delays: app-developer</td>")
                .contains("/projects/winter/request", " may decide")
                .contains("user.role-granted");
    }

    @Test
    void aValidatorSeesVersionsAskedForFindingsAndDoubts() {
        assertThat(pages.of("vera"))
                .contains("<h1 id=\"validation\">Validation</h1>")
                .contains("1 open finding, 1 of them blocking.")
                .contains("It was never tried in winter", "mw finding close ")
                .contains("1 version waits for a release", "mw reproduce model:delays/2");
    }

    @Test
    void anApproversCardShowsAllThatTheDecisionTurnsOn() {
        String inbox = pages.get("ben", "/inbox");
        String release = card(inbox, "Release delays/2 to delays");
        assertThat(release)
                .contains("Version 2 of delays is to be the first that answers at delays.")
                .contains("Risk tier low, as stated: the intake is not answered")
                .contains("Is it better?", "<th class=\"num\">Version 1</th>", "0.38 to 0.44", "−0.03", "worse")
                .contains("Where it is weakest", "carrier = ZZ")
                .contains("better than the mean", "It was never tried in winter")
                .contains("<dt>Reproduced</dt><dd>same predictions")
                .contains("Way back", "There is nothing to roll back to; mw deployment stop delays ends it.")
                .contains("Nothing is deployed: there is no version before it.")
                .contains("Tells passengers how late", "flights: internal");
        String project = card(inbox, "Project winter");
        assertThat(project)
                .contains("Risk tier high; the answers mean at least high")
                .contains("Annex III", "EU AI Act, Article 6(2) and Annex III")
                .contains("<dt>Business owner</dt><dd>ben</dd>", "Tells passengers in winter");
    }

    private static String card(String inbox, String title) {
        int begin = inbox.indexOf(title);
        assertThat(begin).as(inbox).isPositive();
        return inbox.substring(begin, inbox.indexOf("<form", begin));
    }

    @Test
    void whoHasSeveralRolesSeesEachAndMayChooseOne() {
        assertThat(pages.of("sam"))
                .contains("<h1 id=\"decisions\">Decisions</h1>", "<h2 id=\"records\">Records</h2>")
                .contains("href=\"#records\"");
        assertThat(pages.get("sam", "/?desk=records"))
                .contains("<h1 id=\"records\">Records</h1>")
                .doesNotContain("<h2 id=\"decisions\"");
        assertThat(pages.get("sam", "/?desk=people")).contains("Your roles have no desk ");
    }

    @Test
    void aRoleOfOneProjectShowsThatProjectOnly() {
        assertThat(pages.of("pia")).contains("<h1 id=\"endpoints\">Endpoints</h1>", "You may call 1 endpoint.");
        assertThat(pages.get("pia", "/projects"))
                .contains("<a href=\"/projects/delays\">")
                .doesNotContain("/projects/winter");
        assertThat(pages.of("nil"))
                .contains("You have no role yet", "mw user grant nil data-scientist")
                .doesNotContain("/projects/delays");
    }

    @Test
    void aRoleOfTheInstallationShowsWhatItsPermissionsAreFor() {
        assertThat(pages.of("cleo"))
                .contains("<h1 id=\"validation\">Validation</h1>", "<h2 id=\"installation\">Installation</h2>");
        assertThat(pages.of("rex")).contains("<h1>Projects</h1>", "/projects/winter");
    }

    @Test
    void whoOwnsTheServerWithoutAccountsSeesProjectsAndChooses() {
        assertThat(pages.of(""))
                .contains("<h1>Projects</h1>", "2 projects;")
                .contains("<a href=\"/?desk=production\">Production</a>", "<a href=\"/?desk=records\">");
    }
}
