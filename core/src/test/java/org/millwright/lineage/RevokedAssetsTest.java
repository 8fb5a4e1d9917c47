package org.millwright.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.TestLedger;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class RevokedAssetsTest {
    private static final String FLIGHTS = "dataset:flights@2013-01/1";

    private final Database database;

    @TempDir
    Path dir;

    private Ledger ledger;
    private RevokedAssets revoked;
    private Edges edges;

    RevokedAssetsTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() {
        Clock clock = Clock.systemUTC();
        ledger = TestLedger.open(database, clock, Ids.seeded(clock, 1), dir);
        revoked = new RevokedAssets(database, ledger, clock);
        edges = new Edges(database, clock);
        edges.record("r1", FLIGHTS, "artifact:features");
        edges.record("r1", "artifact:features", "model:delays/1");
        edges.record("r2", "artifact:features", "model:delays/2");
        edges.record("r3", "dataset:flights@2013-02/1", "model:delays/3");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aRevokedDatasetMarksAllThatCameFromItAndComesLater() {
        revoked.requireNone("model:delays/1");
        revoked.revoke(Actor.LOCAL, FLIGHTS, "wrong units", List.of("project:flights"));

        assertThatThrownBy(() -> revoked.requireNone("model:delays/1"))
                .isInstanceOf(Problem.Refused.class)
                .hasMessage("model:delays/1 comes from " + FLIGHTS + ", which was revoked: wrong units");
        assertThatThrownBy(() -> revoked.requireNone(FLIGHTS)).hasMessage(FLIGHTS + " was revoked: wrong units");
        revoked.requireNone("model:delays/3");
        assertThat(ledger.about("model:delays/2"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.action()).isEqualTo("asset.revoked"))
                .satisfies(entry -> assertThat(entry.details().path("models").toString())
                        .isEqualTo("[\"model:delays/1\",\"model:delays/2\"]"));

        edges.record("r4", "artifact:features", "model:delays/4");
        assertThat(revoked.above("model:delays/4")).extracting(Revoked::subject).containsExactly(FLIGHTS);
    }

    @Test
    void itIsForGoodAndToldOnce() {
        Revoked first = revoked.revoke(Actor.LOCAL, FLIGHTS, "wrong units", List.of());
        assertThat(revoked.revoke(Actor.LOCAL, FLIGHTS, "another reason", List.of()))
                .isEqualTo(first);
        assertThat(ledger.about(FLIGHTS)).hasSize(1);
        assertThat(revoked.all()).containsExactly(first);
    }

    @Test
    void aRunTakesWhatItMadeWithIt() {
        revoked.revoke(Actor.LOCAL, "run:r1", "ran on a broken disk", List.of());
        assertThatThrownBy(() -> revoked.requireNone("model:delays/1")).hasMessageContaining("comes from run:r1");
        assertThat(revoked.descendants("run:r1")).containsExactlyInAnyOrder("model:delays/1", "model:delays/2");
        revoked.requireNone("model:delays/3");
    }
}
