package org.millwright.scoring.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.millwright.scoring.Oracles.doubles;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.millwright.scoring.Oracles;
import org.millwright.scoring.stream.Detector.State;

/** The detectors' drifts and warnings, value by value, against river. */
class DetectorsTest {
    private static final JsonNode ORACLE = Oracles.json("concept_drift.json.gz");
    private static final Map<String, Supplier<Detector>> DETECTORS = Map.of(
            "ADWIN(delta=0.002,clock=32,max_buckets=5,min_window_length=5,grace_period=10)",
            Adwin::new,
            "PageHinkley(min_instances=30,delta=0.005,threshold=50,alpha=0.9999,mode=both)",
            PageHinkley::new,
            "PageHinkley(min_instances=30,delta=0.005,threshold=10,alpha=0.9999,mode=both)",
            () -> new PageHinkley(30, 0.005, 10, 0.9999),
            "DDM(warm_start=30,warning_threshold=2,drift_threshold=3)",
            Ddm::new,
            "HDDM_A(drift_confidence=0.001,warning_confidence=0.005,two_sided_test=False)",
            HddmA::new);

    /** Positions at which a detector said something. */
    private record Said(List<Integer> drifts, List<Integer> warnings) {
        static Said of(Detector detector, double[] stream) {
            var said = new Said(new ArrayList<>(), new ArrayList<>());
            for (int i = 0; i < stream.length; i++) {
                State state = detector.update(stream[i]);
                if (state != State.STABLE) {
                    (state == State.DRIFT ? said.drifts : said.warnings).add(i);
                }
            }
            return said;
        }
    }

    @Test
    void streamsAsRiver() {
        Map<String, Integer> compared = new LinkedHashMap<>();
        ORACLE.path("river").fields().forEachRemaining(stream -> {
            double[] values = doubles(ORACLE.path("streams").path(stream.getKey()));
            DETECTORS.forEach((name, detector) -> {
                JsonNode want = stream.getValue().path(name);
                if (!want.isMissingNode()) {
                    compare(stream.getKey() + " " + name, Said.of(detector.get(), values), want);
                    compared.merge(name, 1, Integer::sum);
                }
            });
        });
        assertThat(compared.values()).containsExactlyInAnyOrder(5, 5, 5, 3, 3);
    }

    /** A second implementation, which has no part in common with river. */
    @Test
    void ddmAsFrouros() {
        Map<String, List<Integer>> compared = new LinkedHashMap<>();
        ORACLE.path("frouros").fields().forEachRemaining(stream -> {
            JsonNode want = stream.getValue().path("DDM warning2 drift3 min30");
            if (!want.isMissingNode()) {
                List<Integer> drifts = new ArrayList<>();
                want.forEach(at -> drifts.add(at.asInt()));
                double[] values = doubles(ORACLE.path("streams").path(stream.getKey()));
                assertThat(Said.of(new Ddm(), values).drifts())
                        .as(stream.getKey())
                        .isEqualTo(drifts);
                compared.put(stream.getKey(), drifts);
            }
        });
        assertThat(compared).hasSize(3);
    }

    private static void compare(String what, Said said, JsonNode want) {
        List<Integer> drifts = new ArrayList<>();
        want.path("drift_at").forEach(at -> drifts.add(at.asInt()));
        assertThat(said.drifts()).as(what).isEqualTo(drifts);
        assertThat(said.warnings()).as(what).hasSize(want.path("warning_count").asInt());
        for (int i = 0; i < want.path("first_warnings").size(); i++) {
            assertThat(said.warnings().get(i))
                    .as(what)
                    .isEqualTo(want.path("first_warnings").path(i).asInt());
        }
    }

    @Test
    void adwinsWindowIsRivers() {
        String name = "ADWIN(delta=0.002,clock=32,max_buckets=5,min_window_length=5,grace_period=10)";
        ORACLE.path("river").fields().forEachRemaining(stream -> {
            Adwin adwin = new Adwin();
            for (double value : doubles(ORACLE.path("streams").path(stream.getKey()))) {
                adwin.update(value);
            }
            JsonNode want = stream.getValue().path(name);
            assertThat(adwin.width()).isEqualTo(want.path("final_width").asLong());
            assertThat(adwin.mean()).isCloseTo(want.path("final_mean").asDouble(), within(1e-9));
        });
        assertThat(new Adwin().mean()).isZero();
    }

    /** It draws at random, so that its positions are its own. */
    @Test
    void kswinSeesTheStepsSoonAfterTheyCome() {
        List<Integer> step = kswin("synthetic_bernoulli_step");
        assertThat(step.stream().filter(at -> at >= 2_000).findFirst().orElseThrow())
                .isBetween(2_000, 2_150);
        assertThat(kswin("synthetic_uniform_shift")).anyMatch(at -> at >= 2_000 && at < 2_100);
        assertThat(kswin("synthetic_stationary")).hasSizeLessThanOrEqualTo(6);
        assertThatThrownBy(() -> new Kswin(0.005, 50, 30, 1)).hasMessageContaining("half of the window of 50");
    }

    private static List<Integer> kswin(String stream) {
        return Said.of(new Kswin(), doubles(ORACLE.path("streams").path(stream)))
                .drifts();
    }
}
