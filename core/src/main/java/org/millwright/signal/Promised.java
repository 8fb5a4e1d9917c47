package org.millwright.signal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millwright.scoring.profile.ContractCheck;
import org.millwright.scoring.profile.ContractChecks;
import org.millwright.scoring.profile.Profile;

/**
 * How the rows of a window kept the data contracts that the model's training data are under.
 *
 * @param rules that rows are held against
 * @param unchecked rules that they are not held against, and why
 */
public record Promised(List<Rule> rules, List<ContractChecks.Unchecked> unchecked) {
    public Promised {
        rules = List.copyOf(rules);
        unchecked = List.copyOf(unchecked);
    }

    /**
     * A rule.
     *
     * @param rows that were held against it
     * @param broken of these, that break it
     * @param limit share of the rows above which it is too many
     * @param tooMany whether it is
     */
    public record Rule(ContractCheck check, long rows, long broken, double limit, boolean tooMany) {
        /** 0 to 1; NaN when no row was looked at. */
        public double share() {
            return rows == 0 ? Double.NaN : Math.min(1, (double) broken / rows);
        }

        public boolean isOf(ContractCheck.Severity severity) {
            return check.severity() == severity;
        }

        /** Such as {@code 27 of 400 rows break distance.range of contract delays 1.0.0 (flights): expected at least 1}. */
        public String note() {
            ContractCheck.Source source = check.source();
            return broken + " of " + rows + " rows break " + source.rule() + " of the contract " + source.contract()
                    + ", table " + source.dataset() + " ("
                    + check.severity().name().toLowerCase(Locale.ROOT)
                    + "): expected " + check.expected();
        }
    }

    /**
     * What a window's profile says.
     *
     * @param agreed share of rows that may break a rule whose contract names none
     */
    static Promised of(ContractChecks contract, Profile window, double agreed) {
        List<Rule> rules = new ArrayList<>();
        for (ContractChecks.Counted counted : contract.counts(window)) {
            ContractCheck.Most most = counted.check().most();
            rules.add(new Rule(
                    counted.check(),
                    counted.rows(),
                    counted.broken(),
                    most.limit(counted.rows(), agreed),
                    counted.rows() >= DataQuality.MIN_ROWS && !most.allows(counted.broken(), counted.rows(), agreed)));
        }
        return new Promised(rules, contract.unchecked());
    }

    /** The rule of an error or a warning that most rows break, of those that too many break. */
    public Optional<Rule> worst(ContractCheck.Severity severity) {
        return rules.stream()
                .filter(rule -> rule.tooMany() && rule.isOf(severity))
                .max((one, other) -> Double.compare(one.share(), other.share()));
    }

    /** The rules that rows are not held against, by the reason. */
    public Map<String, List<String>> reasons() {
        Map<String, List<String>> reasons = new TreeMap<>();
        unchecked.forEach(rule -> reasons.computeIfAbsent(rule.why(), why -> new ArrayList<>())
                .add(rule.source().text()));
        return reasons;
    }
}
