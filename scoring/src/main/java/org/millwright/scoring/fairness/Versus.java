package org.millwright.scoring.fairness;

/**
 * A group compared with a privileged one, as AIF360 defines it.
 *
 * @param statisticalParityDifference selection rate − the privileged group's
 * @param disparateImpact selection rate ÷ the privileged group's
 * @param averageOddsDifference mean of the differences in false and true positive rates
 */
public record Versus(
        String group, double statisticalParityDifference, double disparateImpact, double averageOddsDifference) {

    static Versus of(Group group, Group privileged) {
        double selected = Rate.SELECTION.of(group);
        double theirs = Rate.SELECTION.of(privileged);
        return new Versus(
                group.name(),
                selected - theirs,
                selected / theirs,
                ((Rate.FPR.of(group) - Rate.FPR.of(privileged)) + (Rate.TPR.of(group) - Rate.TPR.of(privileged))) / 2);
    }
}
