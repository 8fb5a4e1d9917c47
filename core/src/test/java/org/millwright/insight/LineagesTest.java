package org.millwright.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.identity.Actor;
import org.millwright.insight.Lineages.Answered;
import org.millwright.insight.Lineages.Time;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.ledger.TestLedger;
import org.millwright.lineage.Edges;
import org.millwright.monitor.Line;
import org.millwright.window.Volumes;

/** Which predictions a bad file touched: versions, deployments, times and counts, of really monitored predictions. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class LineagesTest {
    private static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");
    private static final long HOUR = 3_600_000;

    private final Database database;

    @TempDir
    Path folder;

    private Line line;
    private Lineages lineages;

    LineagesTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() {
        line = new Line(database, folder);
        var edges = new Edges(database, line.clock);
        lineages = new Lineages(
                new Chronicle(line.ledger()),
                edges,
                name -> "dataset:" + name,
                new Volumes(database),
                line.users.access());
        edges.record("r1", List.of("source:s", "artifact:bad"), List.of("artifact:features"));
        edges.record("r1", "artifact:features", "model:delays/1");
        edges.record("r2", "artifact:features", "model:delays/2");
        edges.record("r2", "artifact:good", "model:delays/3");
        deployed(0, "deployment.canary-started", "1", "");
        deployed(1, "deployment.promoted", "1", "1");
        deployed(5, "deployment.canary-started", "3", "1");
        deployed(6, "deployment.promoted", "3", "3");
        deployed(8, "deployment.rolled-back", "3", "1");
        line.month("2013-08", "2013-09", "1", 0, 0);
        line.month("2013-09", "2013-10", "3", 0, 0);
        line.month("2013-10", "2013-11", "1", 0, 0);
    }

    @AfterEach
    void close() {
        line.monitor.close();
        database.close();
    }

    /** What serving notes, so many hours after the beginning. */
    private void deployed(long hours, String action, String version, String production) {
        Clock then = Clock.fixed(BEGIN.plusMillis(hours * HOUR), ZoneOffset.UTC);
        var ledger = TestLedger.open(database, then, new Ids(then), folder);
        var details = Json.object().put("version", version);
        if (!production.isEmpty()) {
            details.put("production", production);
        }
        database.write(() -> ledger.append(
                Actor.SYSTEM,
                action,
                List.of("deployment:" + Line.DEPLOYMENT, "model:delays/" + version, "project:delays"),
                details));
    }

    private static long at(long hours) {
        return BEGIN.toEpochMilli() + hours * HOUR;
    }

    @Test
    void aBadFileTouchedThePredictionsOfTheVersionsThatCameFromIt() {
        Lineages.Trace trace = lineages.down(line.ana, "artifact:bad");

        assertThat(trace.assets())
                .containsExactly("artifact:bad", "artifact:features", "model:delays/1", "model:delays/2");
        assertThat(trace.touched())
                .containsExactly(
                        new Lineages.Touched(
                                "model:delays/1",
                                List.of(new Answered(
                                        Line.DEPLOYMENT,
                                        List.of(
                                                new Time(true, at(0), Optional.of(at(1))),
                                                new Time(false, at(1), Optional.of(at(6))),
                                                new Time(false, at(8), Optional.empty())),
                                        800,
                                        800))),
                        new Lineages.Touched("model:delays/2", List.of()));
        assertThat(trace.predictions()).isEqualTo(800);
        assertThat(lineages.down(line.ana, "artifact:good").predictions()).isEqualTo(400);
    }

    @Test
    void saysWhatAModelCameFrom() {
        Lineages.Trace trace = lineages.up(line.ana, "model:delays/1");

        assertThat(trace.assets())
                .containsExactlyInAnyOrder("model:delays/1", "artifact:features", "source:s", "artifact:bad");
        assertThat(trace.touched()).isEmpty();
    }

    @Test
    void refusesWhatIsNoAssetOrUnknownAndWhoMayNotRead() {
        assertThatThrownBy(() -> lineages.down(line.ana, "nonsense")).isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> lineages.down(line.ana, "artifact:never")).isInstanceOf(Problem.NotFound.class);
        assertThatThrownBy(() -> lineages.down(line.ana, "x:" + "y".repeat(600)))
                .isInstanceOf(Problem.Invalid.class);
        var stranger = new Actor("u-x", "eve", Actor.Kind.PERSON, true, Set.of(), Optional.empty());
        assertThatThrownBy(() -> lineages.down(stranger, "artifact:bad")).isInstanceOf(Problem.Denied.class);
    }
}
