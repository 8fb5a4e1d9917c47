package org.millwright.insight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.millwright.alert.Clause;
import org.millwright.alert.Standing;
import org.millwright.alert.Verdict;
import org.millwright.lineage.Certificate;

/** What follows from what is known of a version: what is not known is never fine, what is worst comes first. */
class JudgedTest {
    private static final long DAY = 86_400_000;
    private static final long NOW = 1_000 * DAY;
    private static final Certificate CERTIFICATE =
            new Certificate("model:m/1", "r", "s", "k", "u", true, 1, Optional.empty());

    private static Standing standing(String clause, Verdict verdict) {
        return new Standing(Clause.of(clause), verdict, Optional.empty(), Optional.empty());
    }

    private static Inventoried judge(
            List<Standing> standings,
            boolean agreed,
            Optional<Certificate> certificate,
            Optional<Long> validUntil,
            Optional<String> reproduced,
            Optional<Long> due) {
        return new Judged(
                        "model:m/1",
                        "m",
                        "1",
                        "p",
                        "ana",
                        "low",
                        "Predicts",
                        Optional.empty(),
                        "production",
                        1,
                        Optional.of(2L),
                        standings,
                        agreed,
                        certificate,
                        validUntil,
                        reproduced,
                        reproduced.map(word -> 3L),
                        Optional.of(NOW - 10 * DAY),
                        due,
                        List.of())
                .inventoried(NOW);
    }

    @Test
    void whatIsNotKnownIsNeverFine() {
        Inventoried found =
                judge(List.of(), false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        assertThat(found.health()).isEqualTo("unknown");
        assertThat(found.drift()).isEqualTo("unknown");
        assertThat(found.bias()).isEqualTo("unknown");
        assertThat(found.agreement()).isEqualTo("nothing agreed");
        assertThat(found.certificate()).isEqualTo("none");
        assertThat(found.reproduced()).isEqualTo("never");
        assertThat(found.vulnerabilities()).isEqualTo("unknown: not scanned yet");
        assertThat(found.attention())
                .extracting(Attention::reason)
                .containsExactly(
                        "serves, and nothing is agreed about it",
                        "serves without a certificate",
                        "nobody tried to make it again");

        Inventoried little = judge(
                List.of(standing("performance", Verdict.INSUFFICIENT)),
                true,
                Optional.of(CERTIFICATE),
                Optional.of(NOW + 100 * DAY),
                Optional.of("BIT_IDENTICAL"),
                Optional.empty());
        assertThat(little.health()).isEqualTo("unknown");
        assertThat(little.agreement()).isEqualTo("insufficient");
    }

    @Test
    void oneBrokenPromiseBreaksTheAgreement() {
        Inventoried found = judge(
                List.of(
                        standing("performance", Verdict.KEPT),
                        standing("drift", Verdict.AT_RISK),
                        standing("fairness:accuracy_difference", Verdict.BROKEN)),
                true,
                Optional.of(CERTIFICATE),
                Optional.of(NOW + 10 * DAY),
                Optional.of("DIFFERENT"),
                Optional.of(NOW - DAY));

        assertThat(found.health()).isEqualTo("breaching");
        assertThat(found.agreement()).isEqualTo("broken");
        assertThat(found.drift()).isEqualTo("at-risk");
        assertThat(found.bias()).isEqualTo("broken");
        assertThat(found.certificate()).isEqualTo("valid");
        assertThat(found.attention()).extracting(Attention::weight).containsExactly(90, 65, 55, 42, 40);
        assertThat(found.attention()).allMatch(each -> each.command().startsWith("mw "));
    }

    @Test
    void oldIsStaleAndNotBreaching() {
        Inventoried found = judge(
                List.of(standing("performance", Verdict.KEPT), standing("staleness:model", Verdict.BROKEN)),
                true,
                Optional.of(CERTIFICATE),
                Optional.of(NOW - DAY),
                Optional.of("SAME_PREDICTIONS"),
                Optional.empty());

        assertThat(found.health()).isEqualTo("stale");
        assertThat(found.certificate()).isEqualTo("expired");
    }

    @Test
    void theMostUrgentComesFirst() {
        Inventoried fine = judge(
                List.of(standing("performance", Verdict.KEPT)),
                true,
                Optional.of(CERTIFICATE),
                Optional.of(NOW + 100 * DAY),
                Optional.of("BIT_IDENTICAL"),
                Optional.empty());
        Inventoried bare =
                judge(List.of(), false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        Inventoried broken = judge(
                List.of(standing("performance", Verdict.BROKEN)),
                true,
                Optional.of(CERTIFICATE),
                Optional.of(NOW + 100 * DAY),
                Optional.of("BIT_IDENTICAL"),
                Optional.empty());
        assertThat(fine.attention()).isEmpty();
        assertThat(fine.health()).isEqualTo("healthy");

        var all = new ArrayList<>(List.of(fine, bare, broken));
        all.sort(Inventoried.FIRST);
        assertThat(all).containsExactly(broken, bare, fine);
    }
}
