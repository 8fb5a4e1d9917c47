package org.millwright.project;

import java.util.Comparator;
import java.util.List;
import org.millwright.kernel.Problem;

/**
 * What followed from a request's answers.
 *
 * @param questionnaire version of the questions that were answered
 * @param tier the lowest that the project may state
 * @param reasons each answer, those of the highest tier first
 */
public record Assessment(String questionnaire, RiskTier tier, List<Reason> reasons) {
    static final String PROHIBITED = "prohibited";

    public Assessment {
        reasons = List.copyOf(reasons);
    }

    /**
     * One answer.
     *
     * @param source the law or rule that asks
     * @param tier what the answer means
     */
    public record Reason(String question, String ask, String answer, String source, String tier) {}

    static Assessment of(String questionnaire, List<Reason> reasons) {
        List<Reason> prohibited = reasons.stream()
                .filter(reason -> reason.tier().equals(PROHIBITED))
                .toList();
        if (!prohibited.isEmpty()) {
            throw new Problem.Refused(
                    "This may not be done: "
                            + String.join(
                                    "; ",
                                    prohibited.stream()
                                            .map(reason -> reason.answer() + " (" + reason.source() + ")")
                                            .toList()),
                    "Correct the answer to intake." + prohibited.getFirst().question() + " if it is wrong.");
        }
        List<Reason> sorted = reasons.stream()
                .sorted(Comparator.comparing((Reason reason) -> RiskTier.of(reason.tier()))
                        .reversed())
                .toList();
        return new Assessment(
                questionnaire,
                sorted.isEmpty()
                        ? RiskTier.MINIMAL
                        : RiskTier.of(sorted.getFirst().tier()),
                sorted);
    }

    /** The answers that make the tier what it is. */
    public List<Reason> deciding() {
        return reasons.stream()
                .filter(reason -> reason.tier().equals(tier.text()))
                .toList();
    }

    /** Refuses a stated tier below what follows from the answers; a higher one is anybody's right. */
    void require(RiskTier stated) {
        if (stated.compareTo(tier) < 0) {
            throw new Problem.Invalid(
                    ProjectFile.FILE + ": risk-tier: " + stated.text() + ", but the answers mean at least "
                            + tier.text()
                            + ": "
                            + String.join(
                                    "; ",
                                    deciding().stream()
                                            .map(reason -> reason.question() + " is '" + reason.answer() + "' ("
                                                    + reason.source() + ")")
                                            .toList()),
                    "State risk-tier: " + tier.text() + ", or correct the answers.");
        }
    }
}
