package org.millwright.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.scoring.TestModels;
import org.millwright.scoring.bundle.Pointer;
import org.millwright.scoring.signing.SigningKey;

/** A folder of archives and signed pointers, whose certificates end: what scores goes on, what is new is kept out. */
class ExpiryTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    private SignedBundles bundles;
    private Path store;

    @BeforeEach
    void prepare() throws Exception {
        bundles = new SignedBundles(folder);
        store = folder.resolve("store");
        Files.createDirectories(store.resolve("delays"));
        publish(bundles.version("1"), "1", days(30));
    }

    private static Optional<Instant> days(int days) {
        return Optional.of(START.plus(Duration.ofDays(days)));
    }

    private void publish(Path archive, String version, Optional<Instant> until) throws Exception {
        String sha256 = sha256(archive);
        SignedBundles.put(archive, store.resolve("delays/" + sha256 + ".zip"));
        point(new Pointer("delays", version, "champion", sha256, now.get(), until).sign(bundles.key));
    }

    private void point(String pointer) throws IOException {
        SignedBundles.put(Files.writeString(folder.resolve("pointer"), pointer), store.resolve("delays/champion.json"));
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    private ScorerBuilder scorer() {
        return bundles.scorer(store).clock(clock);
    }

    private static String answeredBy(Scorer scorer) {
        return scorer.score(TestModels.mixedRows()).version();
    }

    @Test
    void followsTheSignedPointerWhileItIsValid() throws Exception {
        try (Scorer scorer = scorer().open()) {
            assertThat(scorer.state().validUntil()).isEqualTo(days(30));
            publish(bundles.version("2"), "2", Optional.empty());
            ScorerState state = scorer.refresh();
            assertThat(state.isFine()).as(state.toString()).isTrue();
            assertThat(state.version()).isEqualTo("2");
            assertThat(state.validUntil()).isEmpty();
            assertThat(answeredBy(scorer)).isEqualTo("2");
        }
    }

    @Test
    void whatScoresGoesOnAndWarnsAndNothingExpiredTakesItsPlace() throws Exception {
        var messages = new ArrayList<String>();
        Logger log = Logger.getLogger(Expiry.class.getName());
        Handler handler = noting(messages);
        log.addHandler(handler);
        try (Scorer scorer = scorer().open()) {
            now.set(START.plus(Duration.ofDays(25)));
            scorer.refresh();
            scorer.refresh();
            now.set(START.plus(Duration.ofDays(31)));
            assertThat(scorer.refresh().isFine()).isTrue();
            assertThat(scorer.refresh().validUntil()).isEqualTo(days(30));
            assertThat(answeredBy(scorer)).isEqualTo("1");
            assertThat(messages)
                    .containsExactly(
                            "models:/delays@champion: the certificate of the version in use expires at"
                                    + " 2026-01-31T00:00:00Z; it goes on to score",
                            "models:/delays@champion: the certificate of the version in use expired at"
                                    + " 2026-01-31T00:00:00Z; it goes on to score");

            Path third = bundles.version("3");
            publish(third, "3", days(20));
            ScorerState state = scorer.refresh();
            assertThat(state.refused().orElseThrow().reason())
                    .isEqualTo("version 3 is kept out: its certificate expired at 2026-01-21T00:00:00Z"
                            + " (mw model certify delays/3 renews it)");
            assertThat(answeredBy(scorer)).isEqualTo("1");
            publish(third, "3", days(365));
            state = scorer.refresh();
            assertThat(state.isFine()).as(state.toString()).isTrue();
            assertThat(answeredBy(scorer)).isEqualTo("3");
        } finally {
            log.removeHandler(handler);
        }
    }

    @Test
    void aRestartGoesOnWithAndWithoutACache() throws Exception {
        Path cache = folder.resolve("cache");
        scorer().cache(cache).open().close();
        now.set(START.plus(Duration.ofDays(31)));
        try (Scorer scorer = scorer().open()) {
            assertThat(answeredBy(scorer)).isEqualTo("1");
            assertThat(scorer.state().validUntil()).isEqualTo(days(30));
        }
        try (Scorer scorer = scorer().cache(cache).open()) {
            assertThat(answeredBy(scorer)).isEqualTo("1");
            assertThat(scorer.state().isFine()).isTrue();
        }
    }

    @Test
    void aRenewalIsLearntWithoutAnotherArchiveAndKeptInTheCache() throws Exception {
        Path cache = folder.resolve("cache");
        Path archive = bundles.version("2");
        publish(archive, "2", days(30));
        try (Scorer scorer = scorer().cache(cache).open()) {
            Files.delete(store.resolve("delays/" + sha256(archive) + ".zip"));
            point(new Pointer("delays", "2", "champion", sha256(archive), now.get(), days(395)).sign(bundles.key));
            assertThat(scorer.refresh().validUntil()).isEqualTo(days(395));
        }
        Files.delete(store.resolve("delays/champion.json"));
        try (Scorer scorer = scorer().cache(cache).open()) {
            assertThat(answeredBy(scorer)).isEqualTo("2");
            assertThat(scorer.state().validUntil()).isEqualTo(days(395));
        }
    }

    @Test
    void whyAVersionIsKeptOutIsSaidUntilAnotherCame() throws Exception {
        try (Scorer scorer = scorer().open()) {
            publish(bundles.wrong("2"), "2", days(30));
            for (int look = 0; look < 3; look++) {
                assertThat(scorer.refresh().refused().orElseThrow().reason())
                        .contains("version 2 is kept out: its smoke test failed");
            }
            publish(bundles.version("3"), "3", days(30));
            assertThat(scorer.refresh().isFine()).isTrue();
            assertThat(answeredBy(scorer)).isEqualTo("3");
        }
    }

    @Test
    void anOldPointerThatIsPutBackIsNotFollowed() throws Exception {
        String old = Files.readString(store.resolve("delays/champion.json"));
        Path cache = folder.resolve("cache");
        now.set(START.plus(Duration.ofHours(1)));
        publish(bundles.version("2"), "2", days(30));
        scorer().cache(cache).open().close();
        point(old);
        try (Scorer scorer = scorer().cache(cache).open()) {
            assertThat(scorer.state().refused().orElseThrow().reason())
                    .isEqualTo("the pointer was signed at 2026-01-01T00:00:00Z, the one before at 2026-01-01T01:00:00Z:"
                            + " an old one was put back (publish the version again)");
            assertThat(answeredBy(scorer)).isEqualTo("2");
        }
    }

    @Test
    void aPointerThatIsForgedAlteredOrAnothersIsNotBelieved() throws Exception {
        Path archive = bundles.version("2");
        String sha256 = sha256(archive);
        SignedBundles.put(archive, store.resolve("delays/" + sha256 + ".zip"));
        var good = new Pointer("delays", "2", "champion", sha256, now.get(), days(30));
        var another = new Pointer("delays", "2", "challenger", sha256, now.get(), days(30));
        var nowhere = new Pointer("delays", "2", "champion", "0".repeat(64), now.get(), days(30));
        String signed = good.sign(bundles.key);
        int signature = signed.indexOf("\"sig\":\"") + 20;
        String altered = signed.substring(0, signature)
                + (signed.charAt(signature) == 'A' ? 'B' : 'A')
                + signed.substring(signature + 1);
        try (Scorer scorer = scorer().open()) {
            for (var bad : List.of(
                    List.of(good.sign(SigningKey.generate()), "not among the 1 trusted keys"),
                    List.of(altered, "does not match what was signed"),
                    List.of(another.sign(bundles.key), "not what came for models:/delays@champion"),
                    List.of(nowhere.sign(bundles.key), "is not there, which champion.json names"),
                    List.of("{}", "the pointer"))) {
                point(bad.get(0));
                ScorerState state = scorer.refresh();
                assertThat(state.refused().map(ScorerState.Refused::reason).orElse("")
                                + state.problem().orElse(""))
                        .contains(bad.get(1));
                assertThat(answeredBy(scorer)).isEqualTo("1");
            }
            point(signed);
            assertThat(scorer.refresh().isFine()).isTrue();
            assertThat(answeredBy(scorer)).isEqualTo("2");
        }
        point(good.sign(SigningKey.generate()));
        assertThatThrownBy(() -> scorer().open()).hasMessageContaining("not among the 1 trusted keys");
    }

    private static Handler noting(List<String> messages) {
        return new Handler() {
            @Override
            public void publish(LogRecord entry) {
                messages.add(new SimpleFormatter().formatMessage(entry));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }
}
