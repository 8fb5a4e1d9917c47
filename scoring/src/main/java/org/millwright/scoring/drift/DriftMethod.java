package org.millwright.scoring.drift;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.millwright.scoring.profile.ColumnDrift;

/** A measure of drift with the limits from which it counts. Other tools' names for it are understood too. */
public enum DriftMethod {
    PSI("psi", 0.1, 0.25, List.of("population-stability-index")),
    JENSEN_SHANNON("jensen-shannon", Double.NaN, 0.1, List.of("js", "jensenshannon")),
    WASSERSTEIN("wasserstein", Double.NaN, 0.1, List.of("wasserstein-normed", "emd")),
    HELLINGER("hellinger", Double.NaN, 0.1, List.of()),
    KOLMOGOROV_SMIRNOV("kolmogorov-smirnov", Double.NaN, 0.1, List.of("ks")),
    KULLBACK_LEIBLER("kullback-leibler", Double.NaN, 0.1, List.of("kl", "kl-div")),
    CRAMERS_V("cramers-v", Double.NaN, 0.1, List.of()),
    L_INFINITY("l-infinity", Double.NaN, 0.1, List.of("linf", "chebyshev")),
    TOTAL_VARIATION("total-variation", Double.NaN, 0.1, List.of("tvd", "tv")),
    NEW_CATEGORIES("new-categories", Double.NaN, 0.01, List.of()),
    MISSING("missing-psi", 0.1, 0.25, List.of("missing")),
    KS_TEST("ks-test", Double.NaN, 0.05, List.of("ks-p-value")),
    CHI_SQUARE("chi-square", Double.NaN, 0.05, List.of("chi2", "chisquare", "chi-square-test"));

    private final String text;
    private final double warn;
    private final double alert;
    private final List<String> others;

    DriftMethod(String text, double warn, double alert, List<String> others) {
        this.text = text;
        this.warn = warn;
        this.alert = alert;
        this.others = others;
    }

    /** The method of that name, written with dashes or underscores; empty when there is none. */
    public static Optional<DriftMethod> of(String name) {
        String plain = name.strip().toLowerCase(Locale.ROOT).replace('_', '-');
        return Arrays.stream(values())
                .filter(method -> method.text.equals(plain) || method.others.contains(plain))
                .findFirst();
    }

    /** The names that can be chosen to decide, separated by commas. */
    public static String names() {
        return Arrays.stream(values())
                .filter(DriftMethod::decides)
                .map(DriftMethod::text)
                .collect(Collectors.joining(", "));
    }

    public String text() {
        return text;
    }

    /** From here on something is worth a look; empty when only {@link #alert} counts. */
    public OptionalDouble warn() {
        return Double.isNaN(warn) ? OptionalDouble.empty() : OptionalDouble.of(warn);
    }

    /** From here on it is drift; of a test, the p-value up to which it is. */
    public double alert() {
        return alert;
    }

    /** Whether the value is a p-value: small ones mean drift. */
    public boolean isTest() {
        return this == KS_TEST || this == CHI_SQUARE;
    }

    /** Whether it can be chosen as the one that decides; the others are always watched beside it. */
    public boolean decides() {
        return this != NEW_CATEGORIES && this != MISSING;
    }

    /** Whether it says something of numbers, or of categories. */
    public boolean appliesTo(boolean numeric) {
        return switch (this) {
            case WASSERSTEIN, KOLMOGOROV_SMIRNOV, KS_TEST -> numeric;
            case CRAMERS_V, NEW_CATEGORIES, CHI_SQUARE -> !numeric;
            default -> true;
        };
    }

    /** Its value for a column, NaN when there are no rows to go by. Tests give their p-value before any correction. */
    double value(ColumnDrift drift) {
        return switch (this) {
            case PSI -> drift.psi();
            case JENSEN_SHANNON -> drift.jensenShannon();
            case WASSERSTEIN -> drift.wasserstein();
            case HELLINGER -> drift.hellinger();
            case KOLMOGOROV_SMIRNOV -> drift.ks();
            case KULLBACK_LEIBLER -> drift.kl();
            case CRAMERS_V -> drift.cramersV();
            case L_INFINITY -> drift.lInfinity();
            case TOTAL_VARIATION -> drift.totalVariation();
            case NEW_CATEGORIES -> drift.newShare();
            case MISSING -> Missing.psi(drift);
            case KS_TEST, CHI_SQUARE -> drift.p();
        };
    }
}
