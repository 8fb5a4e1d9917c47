package org.millwright.anchor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.egress.Destinations;
import org.millwright.identity.Actor;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Altered;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.SignedNote;
import org.millwright.ledger.TestLedger;
import org.millwright.scoring.sigstore.Lie;
import org.millwright.scoring.sigstore.SigstoreDouble;

/** Checkpoints in a transparency log: its answers are proven, kept, and proven again later without it. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class RekorAnchorTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
    private static final Map<Lie, String> LIES = Map.of(
            Lie.FOREIGN_PROMISE, "127.0.0.1 is not believed: the log's signed entry timestamp",
            Lie.FOREIGN_PROOF, "127.0.0.1 is not believed: the log's proof does not lead",
            Lie.FOREIGN_CHECKPOINT, "127.0.0.1 is not believed: the log's checkpoint is not signed",
            Lie.OTHER_TREE, "127.0.0.1 is not believed: the log's checkpoint signs another tree",
            Lie.OTHER_DIGEST, "127.0.0.1 is not believed: the log's entry is about the digest abab",
            Lie.NEVER_ENDS, "127.0.0.1 did not answer whole within 400 ms",
            Lie.TOO_LARGE, "127.0.0.1 answered with more than 262144 bytes",
            Lie.NO_JSON, "127.0.0.1 answered with something that is no JSON",
            Lie.UNAVAILABLE, "127.0.0.1 answered 503: being mended");

    private final Database database;
    private final SigstoreDouble log = new SigstoreDouble(CLOCK.instant().plusSeconds(5));

    @TempDir
    Path folder;

    private Ledger ledger;
    private String place;
    private Anchors anchors;

    RekorAnchorTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() {
        ledger = TestLedger.open(database, CLOCK, new Ids(CLOCK), folder);
        append(3);
        place = "rekor:" + log.url();
        anchors = anchors(place, Optional.of(log.logKey(folder.resolve("log.pem"))));
    }

    @AfterEach
    void close() {
        anchors.close();
        log.close();
        database.close();
    }

    private Anchors anchors(String where, Optional<Path> root) {
        var settings = new AnchorSettings(
                List.of(where), Duration.ofHours(1), new Destinations(Set.of("*")), root, Duration.ofMillis(400));
        var users = new Users(database, ledger, CLOCK, new Ids(CLOCK));
        return new Anchors(database, ledger, users.access(), CLOCK, settings, folder.resolve("keys/anchors.key"));
    }

    @Test
    void aCheckpointsDigestIsEnteredAndTheAnswerProvesItselfWithoutTheLog() {
        anchors.now(Actor.LOCAL);
        append(2);
        Anchors.Status status = anchors.now(Actor.LOCAL).getFirst();

        assertThat(status.size()).isEqualTo(5);
        Anchors.Logged entry = status.entry().orElseThrow();
        assertThat(entry.logIndex()).isEqualTo(1);
        assertThat(entry.at()).isEqualTo(CLOCK.millis() + 5_000);
        assertThat(log.asked())
                .hasSize(2)
                .allSatisfy(asked -> assertThat(asked)
                        .startsWith("POST /api/v1/log/entries ")
                        .contains("hashedrekord")
                        .doesNotContain("run.finished", ledger.checkpoint().root()));
        log.close();
        Anchors.Verified verified = anchors.verify(Actor.LOCAL);
        assertThat(verified.ledger().outside()).isEqualTo(3);
        assertThat(verified.places()).containsExactly(status);
        List<Anchors.Kept> kept = anchors.receipts(Actor.LOCAL, 0, 10);
        assertThat(kept).extracting(each -> each.note().size()).containsExactly(3L, 5L);
        assertThat(kept.getFirst().receipt().uuid()).hasSize(80);
        assertThat(anchors.receipts(Actor.LOCAL, 1, 10)).hasSize(1);
    }

    @Test
    void anAnswerThatLiesOrFailsIsTheFaultThatIsToldAndTheNextTryMendsIt() {
        anchors.now(Actor.LOCAL);
        append(1);
        LIES.forEach((lie, said) -> {
            log.misbehave(lie);
            Anchors.Status status = anchors.now(Actor.LOCAL).getFirst();
            assertThat(status.fault()).as(lie.toString()).startsWith(said);
            assertThat(status.size()).isEqualTo(3);
        });
        assertThat(anchors.receipts(Actor.LOCAL, 0, 10)).hasSize(1);
        log.misbehave(Lie.NONE);
        Anchors.Status mended = anchors.now(Actor.LOCAL).getFirst();
        assertThat(mended.fault()).isEmpty();
        assertThat(mended.size()).isEqualTo(4);
    }

    @Test
    void anAnswerThatWasAlteredOrTakenAwayIsFound() {
        anchors.now(Actor.LOCAL);
        String bundle = anchors.receipts(Actor.LOCAL, 0, 1).getFirst().receipt().bundle();
        set(bundle.replace("\"integratedTime\":\"1767225605\"", "\"integratedTime\":\"1767225604\""));
        altered("does not hold: the log's signed entry timestamp");
        set("{}");
        altered("does not hold: what is kept of the log's answer is no bundle");
        set("no JSON");
        altered("does not hold: Invalid JSON");
        assertThat(anchors.list(Actor.LOCAL).getFirst().entry()).isEmpty();
        database.write(() -> database.dsl().execute("delete from anchor_receipt"));
        altered("is gone from the database");
    }

    @Test
    void anAnswerAboutAnotherCheckpointIsFound() {
        anchors.now(Actor.LOCAL);
        append(1);
        String other = SignedNote.parse(ledger.checkpoint().note()).text();
        database.write(() -> database.dsl().execute("update ledger_anchor set note = ?", other));

        altered("does not hold: the log's entry is about the digest");
    }

    @Test
    void nothingIsSentWithoutAKeyToBelieveTheLogBy() throws Exception {
        refused(place, Optional.empty(), "needs the log's key");
        refused(place, Optional.of(folder.resolve("none")), "cannot read");
        Path odd = Files.writeString(folder.resolve("odd"), "{}");
        refused(place, Optional.of(odd), "cannot be read");
        Path noLogs = Files.writeString(
                folder.resolve("empty.json"),
                Json.write(
                        Json.object().put("mediaType", "application/vnd.dev.sigstore.trustedroot+json;version=0.1")));
        refused(place, Optional.of(noLogs), "names no transparency log");
        refused("rekor:ftp://x", Optional.of(folder.resolve("log.pem")), "names no host");
        assertThat(log.asked()).isEmpty();
    }

    private void refused(String where, Optional<Path> root, String why) {
        assertThatThrownBy(() -> anchors(where, root))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining(why);
    }

    private void set(String bundle) {
        database.write(() -> database.dsl().execute("update anchor_receipt set bundle = ?", bundle));
    }

    private void altered(String why) {
        assertThatThrownBy(() -> anchors.verify(Actor.LOCAL))
                .isInstanceOf(Altered.class)
                .hasMessageContaining("The entry of " + place + " for the checkpoint of ")
                .hasMessageContaining(why);
    }

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            String subject = "run:" + i;
            database.write(() -> ledger.append(Actor.LOCAL, "run.finished", subject, Json.object()));
        }
    }
}
