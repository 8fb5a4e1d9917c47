package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.app.ReadyModel;
import org.millwright.app.cli.Terminal.Result;

/** Deciding about releases from the command line and on the inbox's page, until they are deployed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DecideTest {
    private static final Pattern HIDDEN = Pattern.compile("name=\"(token|ref|seen)\" value=\"([^\"]*)\"");

    private final HttpClient client = HttpClient.newHttpClient();
    private Map<String, String> tokens = Map.of();
    private Terminal terminal;

    @BeforeAll
    void start(@TempDir Path folder) {
        tokens = ReadyModel.in(folder.resolve("server"), 4);
        terminal = new Terminal(folder);
        terminal.mw("user", "token", "ana");
        terminal.mw("user", "token", "ben");
        terminal.mw("user", "token", "mia");
        terminal.mw("user", "add", "omar", "--role", "operations");
        terminal.mw("user", "add", "vera", "--role", "validator");
    }

    @AfterAll
    void stop() {
        terminal.close();
    }

    @Test
    void aRequestIsTalkedAboutSentBackAskedAgainAndApprovedUnderACondition() {
        String ref = ask("delays/1");
        ok("approve", "say", ref, "--text", "Which months?", "--as", "ben");
        ok("approve", "say", ref, "--text", "All of them", "--as", "ana");
        ok("approve", ref, "--send-back", "--reason", "Say it in the report", "--as", "ben");
        assertThat(state(ref)).isEqualTo("sent_back");
        Result again = ok("release", "resubmit", ref, "--answer", "It is on page 3", "--as", "ana");
        assertThat(again.out()).contains("Nothing changed since it was asked for last.");

        JsonNode item = item(ref);
        assertThat(item.path("notes").findValuesAsText("kind"))
                .containsExactly("question", "answer", "sent back", "answer");
        ok(
                "approve",
                ref,
                "--condition",
                "Look at it in winter",
                "--due",
                day(30),
                "--seen",
                item.path("seen").asText(),
                "--as",
                "ben");
        assertThat(ok("approve", "conditions", "--as", "ben").out()).contains("Look at it in winter", "open");
        assertThat(ok("release", "show", ref).out()).contains("approved", "ben");
    }

    @Test
    void aFindingStopsARelease() {
        String ref = ask("delays/2");
        Result filed = ok(
                "finding",
                "add",
                "delays/2",
                "--severity",
                "high",
                "--text",
                "Wrong at night",
                "--owner",
                "ana",
                "--due",
                day(9),
                "--as",
                "vera",
                "-o",
                "json");
        String id = filed.json().path("id").asText();
        Result refused = terminal.mw("approve", ref, "--as", "mia");
        assertThat(refused.exit()).as(refused.err()).isEqualTo(Exit.REFUSED);
        assertThat(refused.err()).contains("Open finding " + id + " (high): Wrong at night");
        assertThat(ok("finding", "list", "--open", "--model", "delays").out()).contains(id);
        ok("finding", "waive", id, "--until", day(20), "--reason", "Rare", "--as", "mia");
        ok("finding", "close", id, "--reason", "Trained on nights", "--as", "vera");
        ok("approve", ref, "--as", "mia", "--reason", "Mended");
    }

    @Test
    void anEmergencyIsDeployedAndTold() {
        String ref = ask("delays/3", "--deployment", "urgent");
        Result own = terminal.mw("release", "break-glass", ref, "--reason", "Now", "--as", "ana");
        assertThat(own.exit()).as(own.err()).isEqualTo(Exit.FORBIDDEN);
        ok("release", "break-glass", ref, "--reason", "The old one answers nonsense", "--as", "omar");
        JsonNode alert = DemoRelease.waitFor("the alert", () -> {
            JsonNode alerts = ok("alert", "list", "--open", "-o", "json").json();
            for (JsonNode each : alerts) {
                if (each.path("clause").asText().equals("decision:" + ref)) {
                    return each;
                }
            }
            return null;
        });
        assertThat(alert.path("message").asText())
                .contains("let through in an emergency (The old one answers nonsense); it is for ben, mia");
        DemoRelease.waitFor(
                "the deployment",
                () -> terminal.mw("deployment", "show", "urgent", "-o", "json").exit() == 0 ? alert : null);
        ok("approve", ref, "--as", "mia");
        assertThat(ok("release", "show", ref).out()).contains("confirmed", "omar");
        DemoRelease.waitFor(
                "the end of the alert",
                () -> ok("alert", "list", "--open", "-o", "json").out().contains(ref) ? null : alert);
    }

    @Test
    void thePageShowsTheCaseAndTakesADecisionOnlyOnWhatItShowed() throws Exception {
        String ref = ask("delays/4", "--deployment", "page");
        String page = page();
        assertThat(page)
                .contains("Release delays/4 to page", "Way back", "If refused", "Nobody made it again.", "risk low");
        Map<String, String> form = form(page, ref);
        ok("approve", "say", ref, "--text", "Why?", "--as", "ben");
        HttpResponse<String> late = post(form, "approve");
        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(late.body()).contains("changed since you looked (questions)");
        assertThat(state(ref)).isEqualTo("requested");
        assertThat(page()).contains("Why?");
        assertThat(post(form(page(), ref), "approve").statusCode()).isEqualTo(303);
        assertThat(ok("release", "show", ref).out()).contains("mia");
        HttpResponse<String> version = get("/models/delays/versions/4");
        assertThat(version.body()).contains("mia approved");
    }

    @Test
    void aDeputyIsNamedAndDismissed() {
        Result none = terminal.mw("approve", "delegate", "--to", "ana", "--until", day(3), "--as", "ben");
        assertThat(none.exit()).as(none.err()).isEqualTo(Exit.FORBIDDEN);
        assertThat(none.err()).contains("ana has no role that approves");
        ok("approve", "delegate", "--to", "mia", "--until", day(3), "--as", "ben");
        assertThat(ok("approve", "deputies").out()).contains("ben", "mia");
        ok("approve", "delegate", "--end", "--as", "ben");
        assertThat(ok("approve", "deputies", "-o", "json").json()).isEmpty();
        assertThat(terminal.mw("approve", "delegate", "--to", "mia", "--until", "soon", "--as", "ben")
                        .err())
                .contains("until: 'soon' (expected: a day such as 2026-12-24");
    }

    private String ask(String... version) {
        var command = new String[version.length + 5];
        command[0] = "release";
        System.arraycopy(version, 0, command, 1, version.length);
        System.arraycopy(new String[] {"--as", "ana", "-o", "json"}, 0, command, version.length + 1, 4);
        return ok(command).json().path("ref").asText();
    }

    private Result ok(String... command) {
        Result result = terminal.mw(command);
        assertThat(result.exit())
                .as(String.join(" ", command) + ": " + result.err())
                .isZero();
        return result;
    }

    private JsonNode item(String ref) {
        for (JsonNode item : ok("inbox", "--as", "ben", "-o", "json").json()) {
            if (item.path("ref").asText().equals(ref)) {
                return item;
            }
        }
        throw new AssertionError(ref + " is not in the inbox");
    }

    private String state(String ref) {
        return ok("release", "show", ref, "-o", "json").json().path("state").asText();
    }

    private static String day(int days) {
        return LocalDate.now(ZoneOffset.UTC).plusDays(days).toString();
    }

    private String page() throws Exception {
        return get("/inbox").body();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(as(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder as(String path) {
        return HttpRequest.newBuilder(URI.create(terminal.url() + path.substring(1)))
                .header("Authorization", "Bearer " + tokens.get("mia"));
    }

    private static Map<String, String> form(String page, String ref) {
        String card = page.substring(0, page.indexOf("</article>", page.indexOf("value=\"" + ref + "\"")));
        Matcher hidden = HIDDEN.matcher(card.substring(card.lastIndexOf("<article")));
        var form = new java.util.HashMap<String, String>();
        while (hidden.find()) {
            form.put(hidden.group(1), hidden.group(2));
        }
        return form;
    }

    private HttpResponse<String> post(Map<String, String> form, String decision) throws Exception {
        String body = form.entrySet().stream()
                        .map(field ->
                                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"))
                + "&decision=" + decision;
        return client.send(
                as("/inbox")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
