package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.cyclonedx.Version;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.app.EvidenceLine;
import org.millwright.app.cli.Terminal.Result;
import org.millwright.kernel.Json;

/** Cards tell what is recorded, and keep what people wrote from version to version. */
class CardTest {
    @TempDir
    static Path folder;

    private static Map<String, String> tokens = Map.of();
    private static Terminal terminal;

    @BeforeAll
    static void start() throws IOException {
        tokens = EvidenceLine.in(folder.resolve("server"));
        terminal = new Terminal(folder);
    }

    @AfterAll
    static void stop() {
        terminal.close();
    }

    private static Result as(String name, String... arguments) {
        return Terminal.mw(
                Map.of("MW_SERVER", terminal.url(), "MW_TOKEN", tokens.getOrDefault(name, "")), folder, arguments);
    }

    /** Whether it is as the version of the format that it names says, by the schema of the format's makers. */
    private static void isCycloneDx(JsonNode bom) throws IOException {
        assertThat(bom.path("specVersion").asText()).isEqualTo(Version.VERSION_16.getVersionString());
        assertThat(new JsonParser().validate(Json.bytes(bom), Version.VERSION_16))
                .isEmpty();
    }

    private static JsonNode part(JsonNode card, String id) {
        for (JsonNode part : card.path("parts")) {
            if (part.path("id").asText().equals(id)) {
                return part.path("record");
            }
        }
        throw new AssertionError("no part " + id + " in " + card);
    }

    @Test
    void tellsWhatIsRecorded() {
        JsonNode card = as("leo", "card", "model:delays/1", "-o", "json").json();

        assertThat(part(card, "purpose").path("riskTier").asText()).isEqualTo("low");
        assertThat(part(card, "purpose").path("approvedBy").asText()).isEqualTo("ben");
        JsonNode data = part(card, "data-lineage").at("/datasets/0");
        assertThat(data.path("dataset").asText()).isEqualTo("dataset:flights@2013-01/1");
        assertThat(data.path("classification").asText()).isEqualTo("internal");
        assertThat(data.path("signed").asText()).isEqualTo("yes");
        JsonNode skill = part(card, "metrics").at("/metrics/1");
        assertThat(skill.toString())
                .isEqualTo("{\"metric\":\"skill\",\"value\":0.41,\"low\":0.38,\"high\":0.44,\"baseline\":0}");
        assertThat(part(card, "slices").path("slices")).hasSize(2);
        assertThat(part(card, "hand-off").path("agrees").asBoolean()).isTrue();
        assertThat(part(card, "approvals").at("/approvals/0/decidedBy").asText())
                .isEqualTo("ben");
        assertThat(part(card, "certificate").path("holds").asBoolean()).isTrue();
        assertThat(part(card, "deployments").at("/deployments/0/deployment").asText())
                .isEqualTo("deployment:delays");
        assertThat(part(card, "agreement").path("clauses").toString()).contains("performance");
        assertThat(card.path("gaps").toString()).contains("Nobody made it a second time to compare");
    }

    @Test
    void keepsWhatPeopleWroteForLaterVersions() throws IOException {
        Path file = Files.writeString(folder.resolve("limits.md"), "Knows no winter.\n");
        Result edited = as("ana", "card", "edit", "delays/1", "--section", "limitations", "--file", file.toString());
        assertThat(edited.exit()).as(edited.err()).isZero();

        assertThat(as("ana", "card", "delays/1", "--format", "md").out())
                .contains("## Limitations\n\n*Written for this version by ana, ")
                .contains("Knows no winter.");
        assertThat(as("ana", "card", "delays/2", "--format", "md").out())
                .contains("*Written for version 1 by ana, ")
                .contains("Knows no winter.");

        as("ana", "card", "edit", "delays/1", "--section", "ethical-considerations", "--text", "Nobody is judged.");
        as("ana", "card", "edit", "delays/1", "--section", "intended-use", "--text", "Boards at airports.");
        isCycloneDx(as("ana", "card", "delays/1", "--format", "cyclonedx").json());
        isCycloneDx(as("ana", "card", "delays/2", "--format", "cyclonedx").json());

        as("mia", "card", "edit", "delays", "--section", "limitations", "--text", "Knows winter now.");
        assertThat(as("ana", "card", "delays/1", "--format", "md").out()).contains("Knows no winter.");
        assertThat(as("ana", "card", "delays/2", "--format", "md").out())
                .contains("*Written for this version by mia, ")
                .contains("Knows winter now.")
                .doesNotContain("Knows no winter.");
        JsonNode entries = terminal.mw("ledger", "list", "--about", "model:delays/2", "-o", "json")
                .json();
        JsonNode last = entries.path(entries.size() - 1);
        assertThat(last.path("action").asText()).isEqualTo("card.section-written");
        assertThat(last.at("/details/sha256").asText()).isEqualTo(Json.sha256("Knows winter now.".getBytes()));
    }

    @Test
    void onlyThoseWhoKnowItWriteIt() {
        Result refused = as("eva", "card", "edit", "delays/1", "--section", "intended-use", "--text", "Everything");
        assertThat(refused.exit()).isEqualTo(Exit.FORBIDDEN);

        Result unknown = as("ana", "card", "edit", "delays/1", "--section", "limitation", "--text", "x");
        assertThat(unknown.err()).contains("did you mean 'limitations'?");
        Result empty = as("ana", "card", "edit", "delays/1", "--section", "contact", "--text", " ");
        assertThat(empty.err()).contains("The section is empty");
        Result tooLong = as("ana", "card", "edit", "delays/1", "--section", "contact", "--text", "x".repeat(20_001));
        assertThat(tooLong.err()).contains("20001 characters (expected: at most 20000)");
    }

    @Test
    void datasetsHaveCardsToo() {
        as("ana", "card", "edit", "dataset:flights", "--section", "collection", "--text", "By hand, at the gate.");
        JsonNode card = as("leo", "card", "dataset:flights", "-o", "json").json();

        assertThat(part(card, "purpose").path("classification").asText()).isEqualTo("internal");
        assertThat(part(card, "versions").at("/versions/0/rows").asInt()).isEqualTo(3);
        assertThat(part(card, "columns").at("/columns/1/column").asText()).isEqualTo("y");
        assertThat(part(card, "used-by").at("/models/0/model").asText()).isEqualTo("model:delays/1");
        assertThat(part(card, "section.collection").path("text").asText()).isEqualTo("By hand, at the gate.");
        assertThat(as("leo", "card", "dataset:flights@2013-01/1", "--format", "html")
                        .out())
                .startsWith("<!doctype html>")
                .contains("By hand, at the gate.");
    }

    @Test
    void isWrittenInItsForms() throws IOException {
        Path page = folder.resolve("card.html");
        assertThat(as("leo", "card", "delays/1", "--out", page.toString()).exit())
                .isZero();
        assertThat(Files.readString(page)).contains("<h1>delays version 1</h1>").doesNotContain("<script");

        JsonNode bom = as("leo", "card", "delays/1", "--format", "cyclonedx").json();
        assertThat(bom.at("/components/0/modelCard/modelParameters/datasets/0/name")
                        .asText())
                .isEqualTo("dataset:flights@2013-01/1");
        assertThat(bom.at("/components/0/modelCard/quantitativeAnalysis/performanceMetrics/1/confidenceInterval")
                        .toString())
                .isEqualTo("{\"lowerBound\":\"0.38\",\"upperBound\":\"0.44\"}");
        isCycloneDx(bom);
        ((ObjectNode) bom.at("/components/0")).put("type", "forest");
        assertThat(new JsonParser().validate(Json.bytes(bom), Version.VERSION_16))
                .as("a schema that takes anything shows nothing")
                .isNotEmpty();
        Result none = Terminal.mw(
                Map.of("MW_SERVER", terminal.url(), "MW_TOKEN", tokens.getOrDefault("leo", ""), "PATH", ""),
                folder,
                "card",
                "delays/1",
                "--pdf",
                "card.pdf");
        assertThat(none.err()).contains("No Chromium is on the PATH").contains("print it to PDF from your browser");
    }
}
