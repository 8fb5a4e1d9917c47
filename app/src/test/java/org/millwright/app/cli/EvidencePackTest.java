package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millwright.app.EvidenceLine;
import org.millwright.app.Settings;
import org.millwright.app.cli.Terminal.Result;
import org.millwright.evidence.PackCheck;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;

/** Packs of a released model convince strangers, and show what is missing. */
class EvidencePackTest {
    @TempDir
    static Path folder;

    private static Map<String, String> tokens = Map.of();
    private static Terminal terminal;
    private static Path pack;

    @BeforeAll
    static void start() throws IOException {
        tokens = EvidenceLine.in(folder.resolve("server"));
        terminal = new Terminal(folder);
        pack = folder.resolve("pack.zip");
        Result made = as("eva", "evidence", "model:delays/1", "--framework", "eu-ai-act", "--out", pack.toString());
        assertThat(made.exit()).as(made.err()).isZero();
    }

    @AfterAll
    static void stop() {
        terminal.close();
    }

    static Result as(String name, String... arguments) {
        return as(terminal, tokens.getOrDefault(name, ""), arguments);
    }

    private static Result as(Terminal server, String token, String... arguments) {
        return Terminal.mw(Map.of("MW_SERVER", server.url(), "MW_TOKEN", token), folder, arguments);
    }

    private static Path unpacked(Path zip, String name) throws IOException {
        Path target = folder.resolve(name);
        try (var file = new ZipFile(zip.toFile())) {
            for (Enumeration<? extends ZipEntry> all = file.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                Path to = target.resolve(entry.getName());
                Files.createDirectories(to.getParent());
                try (InputStream in = file.getInputStream(entry)) {
                    Files.copy(in, to);
                }
            }
        }
        return target;
    }

    @ParameterizedTest
    @ValueSource(strings = {"eu-ai-act", "nist-ai-rmf", "iso-42001", "sr-26-2", "sr-11-7"})
    void answersFromRecordsAndSaysWhoOwesTheRest(String framework) {
        JsonNode assessed = as("ana", "evidence", "model:delays/1", "--framework", framework, "-o", "json")
                .json();

        var states = new HashMap<String, Integer>();
        for (JsonNode item : assessed.path("items")) {
            String state = item.path("state").asText();
            states.merge(state, 1, Integer::sum);
            assertThat(item.path("lacking").isEmpty()).as(item.toString()).isEqualTo(state.equals("answered"));
            item.path("lacking")
                    .forEach(gap -> assertThat(gap.path("owes").asText()).isNotEmpty());
        }
        assertThat(states).containsKeys("answered", "partly", "missing");
        assertThat(assessed.toString()).doesNotContainIgnoringCase("compliant");
    }

    @Test
    void aMissingItemNamesTheRoleAndThePerson() {
        Result shown = as("ana", "evidence", "model:delays/1", "--framework", "eu-ai-act");

        assertThat(shown.exit()).as(shown.err()).isZero();
        assertThat(line(shown, "annex-iv.8"))
                .contains("missing")
                .contains("Nobody has written 'Declaration': approver (ben)");
        assertThat(line(shown, "annex-iv.1.g")).contains("answered");
        assertThat(line(shown, "article-10")).contains("partly").contains("data-scientist (ana)");
    }

    private static String line(Result shown, String id) {
        return shown.out()
                .lines()
                .filter(line -> line.startsWith(id + " "))
                .findFirst()
                .orElse("");
    }

    @Test
    void whatNobodyCheckedIsMissing() {
        JsonNode assessed = as("mia", "evidence", "model:delays/2", "--framework", "sr-26-2", "-o", "json")
                .json();

        JsonNode implementation = item(assessed, "implementation");
        assertThat(implementation.path("state").asText()).isEqualTo("missing");
        assertThat(implementation.path("lackingText").asText())
                .contains("Its portable form was not compared with the original: ml-engineer (mia)");
    }

    private static JsonNode item(JsonNode assessed, String id) {
        for (JsonNode item : assessed.path("items")) {
            if (item.path("id").asText().equals(id)) {
                return item;
            }
        }
        throw new AssertionError("no item " + id + " in " + assessed);
    }

    @Test
    void thePackHoldsAndTellsWhoApprovedWhat() {
        Result verified = Terminal.mw(Map.of(), folder, "evidence", "verify", pack.toString());

        assertThat(verified.exit()).as(verified.out() + verified.err()).isZero();
        assertThat(verified.out()).contains("ben approved release:").contains("about model:delays/1 with digest");
    }

    @Test
    void strangersToolsAcceptIt() throws Exception {
        Path here = unpacked(pack, "stranger");
        Strangers.convinces(here);

        Files.writeString(here.resolve("model/probe.json"), "{}");
        assertThat(Strangers.modelSigning(here).code()).isEqualTo(1);
    }

    /** The same line in PostgreSQL answers the same, and its pack convinces when its server is gone. */
    @Test
    void strangersAcceptAPackFromPostgresqlToo() throws Exception {
        Settings embedded = Settings.embedded(folder.resolve("postgresql/server"), 0);
        var database = new Settings.DatabaseUrl(OnDatabases.postgresUrl(), "postgres", "");
        var settings = new Settings(embedded.data(), embedded.shared(), embedded.web(), Optional.of(database));
        Map<String, String> known = EvidenceLine.in(settings);
        Path file = folder.resolve("postgresql.zip");
        String[] asked = {"evidence", "model:delays/1", "--framework", "eu-ai-act"};
        try (var server = new Terminal(folder, settings)) {
            String token = known.getOrDefault("eva", "");
            Result made = as(server, token, with(asked, "--out", file.toString()));
            assertThat(made.exit()).as(made.err()).isZero();
            assertThat(states(as(server, token, with(asked, "-o", "json")).json()))
                    .isEqualTo(states(as("eva", with(asked, "-o", "json")).json()));
        }

        Result verified = Terminal.mw(Map.of(), folder, "evidence", "verify", file.toString());
        assertThat(verified.exit()).as(verified.out() + verified.err()).isZero();
        assertThat(verified.out()).contains("ben approved release:").contains("about model:delays/1 with digest");
        Strangers.convinces(unpacked(file, "postgresql-stranger"));
    }

    private static String[] with(String[] command, String... options) {
        return Stream.concat(Stream.of(command), Stream.of(options)).toArray(String[]::new);
    }

    private static Map<String, String> states(JsonNode assessed) {
        var states = new TreeMap<String, String>();
        assessed.path("items")
                .forEach(item ->
                        states.put(item.path("id").asText(), item.path("state").asText()));
        return states;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "records/metrics.json",
                "card.md",
                "index.json",
                "index.html",
                "model/probe.json",
                "statements/certificate.sigstore.json",
                "ledger/checkpoints/*",
                "ledger/entries/*.json",
                "ledger/entries/*.tlog-proof",
                "keys/model-signing.pem"
            })
    void anAlteredFileIsNoticed(String pattern) throws IOException {
        Path copy = copy("altered-" + pattern.replaceAll("\\W", "-"));
        try (FileSystem zip = FileSystems.newFileSystem(copy)) {
            Path file = first(zip, pattern);
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);
        }

        assertRefused(copy);
    }

    private static Path copy(String name) throws IOException {
        return Files.copy(pack, folder.resolve(name + ".zip"));
    }

    private static Path first(FileSystem zip, String pattern) throws IOException {
        if (!pattern.contains("*")) {
            return zip.getPath(pattern);
        }
        String end = pattern.substring(pattern.indexOf('*') + 1);
        try (var files = Files.list(zip.getPath(pattern.substring(0, pattern.lastIndexOf('/'))))) {
            return files.filter(file -> file.toString().endsWith(end))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void assertRefused(Path copy) {
        Result verified = Terminal.mw(Map.of(), folder, "evidence", "verify", copy.toString());
        assertThat(verified.exit()).as(verified.out() + verified.err()).isEqualTo(Exit.REFUSED);
    }

    @Test
    void aFileMoreOrLessIsNoticed() throws IOException {
        Path more = copy("more");
        try (FileSystem zip = FileSystems.newFileSystem(more)) {
            Files.writeString(zip.getPath("records/invented.json"), "{}");
        }
        assertRefused(more);
        Path less = copy("less");
        try (FileSystem zip = FileSystems.newFileSystem(less)) {
            Files.delete(first(zip, "ledger/entries/*.json"));
        }
        assertRefused(less);
        assertRefused(Files.writeString(folder.resolve("no.zip"), "no zip"));
    }

    @Test
    void anotherKeyThanTheOneKnownIsNoticed() throws IOException {
        Path here = unpacked(pack, "keys");
        String known = Files.readString(here.resolve("ledger/vkey.txt"));
        assertThat(PackCheck.check(pack, Optional.of(known), Optional.empty()).holds())
                .isTrue();

        assertThat(PackCheck.check(pack, Optional.of(known.replace("millwright+", "other+")), Optional.empty())
                        .holds())
                .isFalse();
    }

    @Test
    void theSameRecordsMakeTheSameFiles() throws IOException {
        Path one = folder.resolve("one.zip");
        Path two = folder.resolve("two.zip");
        for (Path out : List.of(one, two)) {
            Result made = as("mia", "evidence", "delays/1", "--framework", "iso-42001", "--out", out.toString());
            assertThat(made.exit()).as(made.err()).isZero();
        }

        assertThat(contents(one)).isEqualTo(contents(two)).containsKey("index.json");
    }

    /** What stands outside of the proofs. */
    private static Map<String, String> contents(Path file) throws IOException {
        var contents = new TreeMap<String, String>();
        try (var zip = new ZipFile(file.toFile())) {
            for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                if (!entry.getName().startsWith("ledger/")) {
                    byte[] bytes = zip.getInputStream(entry).readAllBytes();
                    contents.put(entry.getName() + " " + entry.getTime(), Json.sha256(bytes));
                    contents.put(entry.getName(), new String(bytes, StandardCharsets.UTF_8));
                }
            }
        }
        return contents;
    }

    @Test
    void thePageNeedsNothingElse() throws IOException {
        Path here = unpacked(pack, "page");
        String page = Files.readString(here.resolve("index.html"));

        assertThat(page)
                .doesNotContain("<script", "http:", "https:", "<link", "<img")
                .doesNotContainIgnoringCase("compliant")
                .contains("Nobody has written &#39;Declaration&#39;".replace("&#39;", "'"), "records/metrics.json");
        assertThat(Files.readString(here.resolve("README.txt"))).contains("model_signing verify key");
    }

    @Test
    void onlyMembersAndAuditorsTakeItAway() {
        Result refused = as(
                "leo",
                "evidence",
                "delays/1",
                "--framework",
                "sr-26-2",
                "--out",
                folder.resolve("leo").toString());

        assertThat(refused.exit()).isEqualTo(Exit.FORBIDDEN);
        assertThat(refused.err()).contains("neither an auditor nor a member");
        assertThat(folder.resolve("leo")).doesNotExist();
        Result unknown = as("eva", "evidence", "delays/1", "--framework", "sr-26-1");
        assertThat(unknown.err()).contains("did you mean 'sr-26-2'?");
    }

    @Test
    void theModelsFilesCanBeLeftOut() throws IOException {
        Path small = folder.resolve("small.zip");
        as("eva", "evidence", "delays/1", "--framework", "sr-11-7", "--without-model", "--out", small.toString());

        try (var zip = new ZipFile(small.toFile())) {
            assertThat(zip.getEntry("model/model.sig")).isNotNull();
            assertThat(zip.getEntry("model/bundle.json")).isNull();
        }
        assertThat(Terminal.mw(Map.of(), folder, "evidence", "verify", small.toString())
                        .out())
                .contains("its files were left out");
    }

    @Test
    void anOrganisationsOwnMapJoins() throws IOException {
        Path maps = Files.createDirectories(folder.resolve("server/frameworks"));
        Files.writeString(maps.resolve("house.yaml"), """
                apiVersion: millwright/v1
                kind: FrameworkMap
                framework: house-rules
                title: What we ask of our models
                version: "3"
                date: 2026-11-30
                source: The house
                items:
                  - {id: approved, title: Somebody else looked at it, records: [approvals, separation], owes: approver}
                """);

        assertThat(as("ana", "evidence", "list", "-o", "name").out()).contains("house-rules");
        assertThat(as("ana", "evidence", "delays/1", "--framework", "house-rules")
                        .out())
                .contains("approved")
                .contains("answered");
    }
}
