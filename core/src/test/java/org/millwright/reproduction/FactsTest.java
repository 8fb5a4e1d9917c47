package org.millwright.reproduction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** What surrounded a model then and now, and when the calendar asks for it. */
class FactsTest {
    private static final JsonNode THEN = Json.parse("""
            {"interpreter":"CPython 3.11.4","machine":"x86_64","libc":"glibc 2.36","cpu":"Xeon","cores":2,
             "cpu_flags":["avx","avx2","avx512f"],"packages":{"numpy":"2.0.0","six":"1.17.0"}}
            """);

    @Test
    void theLikeliestDifferenceIsNamedFirst() {
        assertThat(Facts.between(THEN, THEN, List.of()).likely()).isEmpty();

        JsonNode machine =
                Json.parse(THEN.toString().replace("\"avx512f\"", "\"amx\"").replace("Xeon", "EPYC"));
        Facts.Likely hardware = Facts.between(THEN, machine, List.of()).likely().orElseThrow();
        assertThat(hardware.cause()).isEqualTo(Cause.HARDWARE);
        assertThat(hardware.evidence())
                .containsExactly("cpu: Xeon → EPYC", "processor features: then also avx512f, now also amx");

        JsonNode packages = Json.parse(machine.toString().replace("\"six\":\"1.17.0\"", "\"seven\":\"1\""));
        Facts.Likely dependency =
                Facts.between(THEN, packages, List.of()).likely().orElseThrow();
        assertThat(dependency.cause()).isEqualTo(Cause.DEPENDENCY);
        assertThat(dependency.evidence()).containsExactly("seven: none → 1", "six: 1.17.0 → none");

        assertThat(Facts.between(THEN, machine, List.of("step train, kind: python 1 → python 2"))
                        .likely()
                        .orElseThrow()
                        .cause())
                .isEqualTo(Cause.MILLWRIGHT);
    }

    @Test
    void aVersionWithoutADescriptionHasNothingThatDiffers() {
        assertThat(Facts.between(Json.object(), THEN, List.of()).likely()).isEmpty();
    }

    @Test
    void theCalendarAsksOnceForEachOfItsTimes() {
        ReproductionSettings weekly = ReproductionSettings.of(Map.of());
        long monday = Instant.parse("2026-03-02T00:00:00Z").toEpochMilli();
        assertThat(weekly.isDue(Instant.parse("2026-03-08T02:59:00Z"), monday)).isFalse();
        Instant sunday = Instant.parse("2026-03-08T03:00:00Z");
        assertThat(weekly.isDue(sunday, monday)).isTrue();
        assertThat(weekly.isDue(sunday.plusSeconds(600), sunday.plusSeconds(1).toEpochMilli()))
                .isFalse();
        assertThat(weekly.isDue(Instant.parse("2026-03-09T02:59:00Z"), monday)).isTrue();
        assertThat(weekly.isDue(Instant.parse("2026-03-09T03:01:00Z"), monday)).isFalse();

        assertThat(ReproductionSettings.of(Map.of("MW_REPRODUCE", "off")).isDue(sunday, monday))
                .isFalse();
        assertThat(ReproductionSettings.of(Map.of("MW_REPRODUCE", "off")).certified())
                .isFalse();
        ReproductionSettings certified = ReproductionSettings.of(Map.of("MW_REPRODUCE", "certified"));
        assertThat(certified.certified()).isTrue();
        assertThat(certified.isDue(sunday, monday)).isFalse();
        assertThat(weekly.certified()).isTrue();
        assertThatThrownBy(() -> ReproductionSettings.of(Map.of("MW_REPRODUCE", "weekly")))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("MW_REPRODUCE: 'weekly' (expected: five fields of cron");
    }
}
