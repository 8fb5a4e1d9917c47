package org.millwright.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.TestModels;
import org.millwright.scoring.signing.SigningKey;

class ScorerTest {
    private static final double[] EXPECTED = TestModels.mixedExpected();

    @TempDir
    Path folder;

    private SignedBundles bundles;
    private Path place;

    @BeforeEach
    void prepare() {
        bundles = new SignedBundles(folder);
        place = folder.resolve("champion.zip");
        SignedBundles.put(bundles.version("1"), place);
    }

    private record Flight(double distance, Double wind, int hour, Optional<String> carrier) {}

    private enum Carrier {
        AA,
        UA
    }

    /** What an older code base has. */
    public static final class Bean {
        private final Map<String, Object> row;

        Bean(Map<String, Object> row) {
            this.row = row;
        }

        public double getDistance() {
            return (double) row.get("distance");
        }

        public double getWind() {
            return (double) row.get("wind");
        }

        public long getHour() {
            return (long) row.get("hour");
        }

        public String getCarrier() {
            return (String) row.get("carrier");
        }
    }

    private static Map<String, Object> row(int row) {
        return new HashMap<>(TestModels.mixedRows().row(row));
    }

    @Test
    void scoresRecordsBeansMapsAndFramesAlike() {
        try (Scorer scorer = bundles.scorer(place).open()) {
            Map<String, Object> row = row(3);
            var flight = new Flight(
                    (double) row.get("distance"),
                    (Double) row.get("wind"),
                    ((Long) row.get("hour")).intValue(),
                    Optional.of((String) row.get("carrier")));
            for (Object each : List.of(flight, new Bean(row), row)) {
                Prediction prediction = scorer.score(each);
                assertThat(prediction.number()).isCloseTo(EXPECTED[3], within(0.001));
                assertThat(prediction.outputs()).containsOnlyKeys("prediction");
                assertThat(prediction.output("prediction")).isEqualTo(prediction.number());
                assertThat(prediction.version()).isEqualTo("1");
            }
            assertThat(scorer.score(TestModels.mixedRows()).numbers()).containsExactly(EXPECTED, within(0.001));
            assertThat(scorer.scoreAll(List.of(row, flight)).numbers()).hasSize(2);
            assertThat(scorer.scoreAll(List.of()).rows()).isZero();
        }
    }

    @Test
    void readsSnakeCaseAndEnums() {
        record Row(int planeSeats, Carrier homeBase) {}
        Map<String, Object> values = Fields.of(new Row(7, Carrier.UA));
        assertThat(values.get("plane_seats")).isEqualTo(7);
        assertThat(values.get("planeSeats")).isEqualTo(7);
        assertThat(values.get("home_base")).isEqualTo("UA");
        assertThatThrownBy(() -> Fields.of(new Object())).hasMessageContaining("no values to score");
    }

    @Test
    void badRowsAreRefusedWithColumnAndRow() {
        try (Scorer scorer = bundles.scorer(place).open()) {
            Map<String, Object> bad = row(1);
            bad.put("hour", "noon");
            var refused = catchThrowableOfType(InvalidInput.class, () -> scorer.scoreAll(List.of(row(0), bad)));
            assertThat(refused.column()).isEqualTo("hour");
            assertThat(refused.row()).isEqualTo(1);
            record Half(double distance) {}
            assertThatThrownBy(() -> scorer.score(new Half(1)))
                    .isInstanceOf(InvalidInput.class)
                    .hasMessageContaining("'wind'");
            Frame frame = Frame.of(1).doubles("distance", new double[] {1}).build();
            assertThatThrownBy(() -> scorer.score(frame)).isInstanceOf(InvalidInput.class);
            assertThatThrownBy(() -> scorer.score(row(0)).label())
                    .isInstanceOf(ScorerException.class)
                    .hasMessageContaining("no class");
        }
    }

    @Test
    void whatIsUnsignedAlteredOrAnothersIsRefusedInOneSentence() throws IOException {
        Path unsigned = bundles.folder("1");
        Files.delete(unsigned.resolve("model.sig"));
        Path altered = bundles.folder("1");
        Files.write(altered.resolve("model.onnx"), new byte[] {1});
        Path damaged = Files.write(folder.resolve("damaged.zip"), new byte[] {1, 2, 3});
        Map<Path, String> refused = Map.of(
                unsigned,
                "not signed",
                altered,
                "model.onnx",
                bundles.signedBy("1", SigningKey.generate()),
                "not among the 1 trusted keys",
                damaged,
                "not signed",
                folder.resolve("nowhere"),
                "there is no bundle");
        refused.forEach(
                (path, why) -> assertThatThrownBy(() -> bundles.scorer(path).open())
                        .isInstanceOf(ScorerException.class)
                        .hasMessageContaining(why)
                        .hasMessageStartingWith("models:/delays@champion cannot be loaded: ")
                        .message()
                        .doesNotContain("\n"));
        assertThatThrownBy(
                        () -> Scorer.of("models:/delays@champion").file(place).open())
                .hasMessageContaining("no key");
        assertThatThrownBy(() -> Scorer.of("delays")).hasMessageContaining("expected: models:/NAME@ALIAS");
        assertThatThrownBy(
                        () -> bundles.scorer(place).server("http://localhost:1").open())
                .hasMessageContaining("several places");
        assertThatThrownBy(() -> Scorer.of("models:/delays/2")
                        .file(place)
                        .trust(bundles.key.trusted())
                        .open())
                .hasMessageContaining("its bundle was made for delays/1, not for models:/delays/2");
    }

    @Test
    void aBadVersionIsKeptOutAndTheNextGoodOneIsNot() {
        try (Scorer scorer = bundles.scorer(place).open()) {
            SignedBundles.put(bundles.wrong("2"), place);
            assertThat(scorer.refresh().refused().orElseThrow().reason())
                    .contains("version 2 is kept out: its smoke test failed");
            SignedBundles.put(bundles.wider("3"), place);
            assertThat(scorer.refresh().refused().orElseThrow().reason())
                    .contains("needs the column 'gate', which callers do not send");
            SignedBundles.put(bundles.signedBy("4", SigningKey.generate()), place);
            ScorerState state = scorer.refresh();
            assertThat(state.refused().orElseThrow().reason()).contains("trusted keys");
            assertThat(state.isFine()).isFalse();
            assertThat(scorer.score(row(0)).version()).isEqualTo("1");
            SignedBundles.put(bundles.version("5"), place);
            state = scorer.refresh();
            assertThat(state.isFine()).isTrue();
            assertThat(state.version()).isEqualTo("5");
            assertThat(scorer.score(row(0)).version()).isEqualTo("5");
        }
    }

    @Test
    void theCacheAnswersAfterARestartAndIsVerifiedAgain() throws IOException {
        Path cache = folder.resolve("cache");
        try (Scorer scorer = bundles.scorer(place).cache(cache).open()) {
            SignedBundles.put(bundles.version("2"), place);
            assertThat(scorer.refresh().version()).isEqualTo("2");
        }
        Files.delete(place);
        try (Scorer scorer = bundles.scorer(place).cache(cache).open()) {
            assertThat(scorer.score(row(0)).version()).isEqualTo("2");
            assertThat(scorer.state().problem().orElseThrow()).contains("there is no bundle");
        }
        try (var files = Files.walk(cache)) {
            Path model = files.filter(file -> file.endsWith("model.onnx"))
                    .findFirst()
                    .orElseThrow();
            Files.write(model, new byte[] {1});
        }
        assertThatThrownBy(() -> bundles.scorer(place).cache(cache).open())
                .hasMessageContaining("the copy in the cache is not used: 'model.onnx'");
        SignedBundles.put(bundles.version("3"), place);
        try (Scorer scorer = bundles.scorer(place).cache(cache).open()) {
            assertThat(scorer.state().version()).isEqualTo("3");
            assertThat(scorer.state().isFine()).isTrue();
        }
    }

    @Test
    void findsVersionsInAFolderByName() throws IOException {
        Path models = Files.createDirectories(folder.resolve("models/delays"));
        SignedBundles.put(bundles.version("7"), models.resolve("7.zip"));
        Files.move(bundles.folder("8"), models.resolve("champion"));
        for (String uri : List.of("models:/delays/7", "models:/delays@champion")) {
            try (Scorer scorer = Scorer.of(uri)
                    .file(models.getParent())
                    .trust(bundles.key.trusted())
                    .open()) {
                assertThat(scorer.state().version()).isEqualTo(uri.contains("7") ? "7" : "8");
            }
        }
    }

    @Test
    void versionsChangeUnderLoadWithoutAnError() throws InterruptedException, ExecutionException {
        List<Path> versions = new ArrayList<>();
        for (String version : List.of("1", "2", "3")) {
            versions.add(bundles.version(version));
        }
        Set<String> seen = ConcurrentHashMap.newKeySet();
        var stop = new AtomicBoolean();
        var threads = Executors.newFixedThreadPool(4);
        List<Future<Long>> calls = new ArrayList<>();
        Scorer scorer = bundles.scorer(place).open();
        for (int t = 0; t < 4; t++) {
            calls.add(threads.submit(() -> {
                long count = 0;
                for (int i = 0; !stop.get(); i = (i + 1) % EXPECTED.length, count++) {
                    Prediction prediction = scorer.score(row(i));
                    assertThat(prediction.number()).isCloseTo(EXPECTED[i], within(0.001));
                    seen.add(prediction.version());
                }
                return count;
            }));
        }
        for (int swap = 0; swap < 100; swap++) {
            SignedBundles.put(versions.get((swap + 1) % 3), place);
            assertThat(scorer.refresh().isFine()).isTrue();
        }
        stop.set(true);
        for (Future<Long> call : calls) {
            assertThat(call.get()).isPositive();
        }
        threads.shutdown();
        scorer.close();
        assertThat(seen).containsExactlyInAnyOrder("1", "2", "3");
        assertThatThrownBy(() -> scorer.score(row(0))).hasMessageContaining("closed");
    }
}
