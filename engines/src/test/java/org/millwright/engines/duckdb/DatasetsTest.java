package org.millwright.engines.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.artifact.Artifacts;
import org.millwright.dataset.Acquisition;
import org.millwright.dataset.Contract;
import org.millwright.dataset.ContractTable;
import org.millwright.dataset.DatasetVersion;
import org.millwright.dataset.Datasets;
import org.millwright.dataset.Origin;
import org.millwright.dataset.RuleResult;
import org.millwright.dataset.ValidationReport.Verdict;
import org.millwright.identity.Actor;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.TestLedger;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class DatasetsTest {
    private static final String CONTRACT = """
            apiVersion: v3.1.0
            kind: DataContract
            id: trips
            version: 1.0.0
            status: active
            schema:
              - name: trips
                properties:
                  - {name: id, logicalType: string, primaryKey: true}
                  - {name: distance, logicalType: integer, required: true, logicalTypeOptions: {minimum: 1, maximum: 100}}
                  - name: origin
                    logicalType: string
                    quality:
                      - {metric: invalidValues, arguments: {validValues: [EWR, JFK]}, mustBe: 0}
                  - name: delay
                    logicalType: number
                    quality:
                      - {metric: nullValues, unit: percent, mustBeLessThan: 40}
                  - {name: at, logicalType: timestamp, required: true}
                quality:
                  - {metric: rowCount, mustBeBetween: [3, 1000]}
                  - {type: sql, name: no-jfk-over-50, query: "select count(*) from ${table} where origin = 'JFK' and distance > 50", mustBe: 0, severity: warning}
                customProperties:
                  - {property: missing, value: [NA]}
            slaProperties:
              - {property: freshness, value: 2, unit: d, element: trips.at}
            """;
    private static final String GOOD = """
            id,distance,origin,delay,at
            a,10,EWR,1.5,2013-01-02 10:00:00
            b,60,EWR,NA,2013-01-15 10:00:00
            c,30,JFK,-3,2013-01-30 10:00:00
            """;

    private final Database database;

    @TempDir
    Path dir;

    private Ledger ledger;
    private DuckTables tables;
    private Artifacts artifacts;
    private Datasets datasets;

    DatasetsTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() {
        var clock = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
        var ids = Ids.seeded(clock, 1);
        ledger = TestLedger.open(database, clock, ids, dir);
        tables = new DuckTables(dir.resolve("scratch"));
        artifacts = new Artifacts(dir.resolve("artifacts"), ids);
        var access = new Users(database, ledger, clock, ids).access();
        datasets = new Datasets(database, ledger, access, artifacts, tables, dir.resolve("in"), clock, ids);
    }

    @AfterEach
    void close() {
        tables.close();
        database.close();
    }

    @Test
    void acceptsDataThatKeepsItsContract() throws IOException {
        DatasetVersion version = acquire("2013-01", GOOD);

        assertThat(version.state()).isEqualTo(DatasetVersion.State.ACCEPTED);
        assertThat(version.ref()).isEqualTo("dataset:trips@2013-01/1");
        assertThat(version.report().orElseThrow().verdict()).isEqualTo(Verdict.KEPT);
        assertThat(version.rows()).isEqualTo(3);
        assertThat(version.profile().column("delay").orElseThrow().missing()).isEqualTo(1);
        assertThat(tables.head(artifacts.path(version.sha256()), List.of("id", "distance", "delay"), 2)
                        .row(1))
                .containsEntry("distance", 60L)
                .containsEntry("delay", null);
        assertThat(ledger.about("dataset:trips")).extracting(Entry::action).containsExactly("dataset.version-accepted");
        assertThat(ledger.about("run:r1")).hasSize(1);
        assertThat(datasets.get("trips@2013-01")).isEqualTo(version);
        assertThat(dir.resolve("in")).isEmptyDirectory();
    }

    @Test
    void theSameBytesAreTheSameVersion() throws IOException {
        DatasetVersion first = acquire("2013-01", GOOD);

        assertThat(acquire("2013-01", GOOD)).isEqualTo(first);
        assertThat(acquire("2013-01", GOOD.replace("1.5", "1.50"))).isEqualTo(first);
        assertThat(ledger.about("dataset:trips@2013-01")).hasSize(1);

        DatasetVersion corrected = acquire("2013-01", GOOD.replace("1.5", "1.6"));
        assertThat(corrected.number()).isEqualTo(2);
        assertThat(datasets.get("dataset:trips@2013-01/1")).isEqualTo(first);
        assertThat(datasets.get("trips@2013-01")).isEqualTo(corrected);
    }

    @Test
    void keepsDamagedDataInQuarantineWithTheRowsThatBrokeARule() throws IOException {
        String damaged = """
                id,distance,origin,delay,at
                a,10,EWR,1.5,2013-01-02 10:00:00
                a,-60,EWR,NA,2013-01-15 10:00:00
                c,many,JFK,-3,2013-01-30 10:00:00
                d,7.5,XXX,NA,2013-01-30 11:00:00
                ,80,JFK,x,
                """;
        DatasetVersion version = acquire("2013-01", damaged);

        assertThat(version.state()).isEqualTo(DatasetVersion.State.QUARANTINED);
        Map<String, Double> broken = version.report().orElseThrow().broken().stream()
                .collect(java.util.stream.Collectors.toMap(RuleResult::rule, RuleResult::measured));
        assertThat(broken)
                .containsOnly(
                        Map.entry("id.required", 1.0),
                        Map.entry("primaryKey", 1.0),
                        Map.entry("distance.type", 2.0),
                        Map.entry("distance.required", 1.0),
                        Map.entry("distance.range", 1.0),
                        Map.entry("origin.invalidValues", 1.0),
                        Map.entry("delay.type", 1.0),
                        Map.entry("delay.nullValues", 60.0),
                        Map.entry("at.required", 1.0),
                        Map.entry("no-jfk-over-50", 1.0));
        RuleResult type = result(version, "distance.type");
        assertThat(type.samples()).extracting(RuleResult.Sample::row).containsExactly(3L, 4L);
        assertThat(type.samples().getFirst().values())
                .containsEntry("distance", "many")
                .containsEntry("origin", "JFK");
        assertThat(result(version, "primaryKey").failing()).isEqualTo(2);
        Path failing = artifacts.path(version.failingSha256().orElseThrow());
        assertThat(tables.columns(failing).getFirst().name()).isEqualTo("rule");
        assertThat(tables.rows(failing)).isEqualTo(13);
        assertThat(artifacts.has(version.sourceSha256())).isTrue();
        assertThat(ledger.about(version.ref()))
                .extracting(Entry::action)
                .containsExactly("dataset.version-quarantined");
        assertThat(datasets.select("trips", Optional.empty(), Optional.empty())).isEmpty();
        assertThatThrownBy(() -> datasets.get("trips@2013-01")).isInstanceOf(Problem.NotFound.class);

        assertThat(acquire("2013-01", damaged)).isEqualTo(version);
        assertThat(acquire("2013-01", GOOD).number()).isEqualTo(2);
    }

    @Test
    void aBrokenWarningLetsDataIn() throws IOException {
        DatasetVersion version = acquire("2013-01", GOOD.replace("30,JFK", "80,JFK"));

        assertThat(version.isAccepted()).isTrue();
        assertThat(version.report().orElseThrow().verdict()).isEqualTo(Verdict.WARNED);
    }

    @Test
    void oldDataAndMissingColumnsAreNoticed() throws IOException {
        DatasetVersion stale = acquire("2013-02", GOOD);
        assertThat(stale.isAccepted()).isFalse();
        assertThat(stale.report().orElseThrow().broken())
                .extracting(RuleResult::line)
                .containsExactly(
                        "at.freshness: 2556000 (must be less or equal to 172800), the newest value is 29.6 days"
                                + " older than 2013-03-01T00:00:00Z (promised: 2.0)");

        DatasetVersion narrow = acquire("2013-01", "id,extra,at\na,1,2013-01-31\nb,2,2013-01-31\nc,3,2013-01-31\n");
        assertThat(narrow.report().orElseThrow().broken())
                .extracting(RuleResult::line)
                .containsExactlyInAnyOrder(
                        "columns: 3 (must be 0), missing: distance, origin, delay",
                        "other-columns: 1 (must be 0), unknown: extra");
        assertThat(result(narrow, "distance.range").outcome()).isEqualTo(RuleResult.Outcome.NOT_RUN);
    }

    @Test
    void selectsTheNewestVersionOfEachPeriod() throws IOException {
        for (String month : List.of("01", "02", "03")) {
            acquire("2013-" + month, GOOD.replace("2013-01", "2013-" + month).replace("-02-30 ", "-02-28 "));
        }

        assertThat(datasets.select("trips", Optional.of("2013-02"), Optional.of("2013-03")))
                .extracting(DatasetVersion::ref)
                .containsExactly("dataset:trips@2013-02/1", "dataset:trips@2013-03/1");
        assertThat(datasets.names("flights")).containsExactly("trips");
        assertThat(datasets.versions("trips")).hasSize(3);
    }

    @Test
    void aDatasetHasOneOwner() throws IOException {
        acquire("2013-01", GOOD);
        Path file = Files.writeString(dir.resolve("other.csv"), GOOD);

        assertThatThrownBy(() -> datasets.acquire(
                        Actor.LOCAL, new Acquisition("other", "trips", "2013-01", file, Optional.empty(), origin())))
                .isInstanceOf(Problem.Conflict.class)
                .hasMessage("The dataset trips belongs to project flights");
    }

    @Test
    void refusesWhatIsNoTable() throws IOException {
        Path text = Files.writeString(dir.resolve("x.parquet"), "no parquet");
        assertThatThrownBy(() -> datasets.acquire(
                        Actor.LOCAL, new Acquisition("flights", "trips", "2013-01", text, Optional.empty(), origin())))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageStartingWith("Reading x.parquet: ");
        assertThatThrownBy(() -> acquire("2013-01", GOOD + "d,1,EWR,1,2013-01-30 10:00:00,more\n"))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("Line: 5")
                .hasMessageContaining("Expected Number of Columns: 5 Found: 6")
                .message()
                .doesNotContain("LINE 1");
        assertThatThrownBy(() -> acquire("../x", GOOD)).hasMessageContaining("is no period");
        assertThat(ledger.size()).isZero();
    }

    private DatasetVersion acquire(String period, String csv) throws IOException {
        Path file = Files.writeString(dir.resolve("trips.csv"), csv);
        ContractTable contract = Contract.parse("contract.yaml", CONTRACT).table("trips");
        return datasets.acquire(
                Actor.LOCAL, new Acquisition("flights", "trips", period, file, Optional.of(contract), origin()));
    }

    private static Origin origin() {
        return new Origin("trips.csv", Optional.of("r1"));
    }

    private static RuleResult result(DatasetVersion version, String rule) {
        return version.report().orElseThrow().results().stream()
                .filter(result -> result.rule().equals(rule))
                .findFirst()
                .orElseThrow();
    }
}
