package org.millwright.project;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.millwright.kernel.Yaml;
import org.millwright.scoring.drift.DriftMethod;

/** Reads the section {@code drift} of {@code agreement.yaml}: limits of all columns, of single ones, and columns to ignore. */
final class DriftReader {
    private static final Agreement.DriftLimits USUAL = new Agreement.DriftLimits("psi", 0.1, 0.25);
    private static final String METHODS =
            "psi, ks, wasserstein, jensen-shannon, hellinger, chi-square, l-infinity, total-variation";
    private static final int MOST_COLUMNS = 1_000;

    private DriftReader() {}

    static Agreement.Drift read(Yaml.Value map) {
        map.only("method", "warn", "alert", "columns-share", "columns", "ignore", "multivariate");
        Agreement.DriftLimits limits = limits(map, USUAL);
        double share = ProjectFileReader.positive(map, "columns-share", 0.3);
        if (share > 1) {
            map.error("columns-share is a share between 0 and 1, got " + share);
        }
        Set<String> ignored = ignored(map);
        return new Agreement.Drift(
                limits.method(),
                limits.warn(),
                limits.alert(),
                share,
                columns(map, limits, ignored),
                ignored,
                map.flag("multivariate", false));
    }

    /** What a map says, and of what it does not say what holds else; who only sets {@code alert} warns no later. */
    private static Agreement.DriftLimits limits(Yaml.Value map, Agreement.DriftLimits usual) {
        double alert = ProjectFileReader.positive(map, "alert", usual.alert());
        double warn = ProjectFileReader.positive(map, "warn", Math.min(usual.warn(), alert));
        if (warn > alert) {
            map.error("warn " + warn + " is above alert " + alert);
        }
        String method = map.read("method", usual.method(), "one of " + METHODS, DriftReader::method);
        return new Agreement.DriftLimits(method, warn, alert);
    }

    /** The agreement's word for a method, however other tools spell it. */
    private static String method(String text) {
        DriftMethod method = DriftMethod.of(text).orElseThrow(() -> new IllegalArgumentException(text));
        return switch (method) {
            case KOLMOGOROV_SMIRNOV -> "ks";
            case PSI, WASSERSTEIN, JENSEN_SHANNON, HELLINGER, CHI_SQUARE, L_INFINITY, TOTAL_VARIATION -> method.text();
            default -> throw new IllegalArgumentException(text.toLowerCase(Locale.ROOT));
        };
    }

    private static Set<String> ignored(Yaml.Value map) {
        List<String> names = map.has("ignore") ? map.texts("ignore") : List.of();
        Set<String> ignored = new HashSet<>(names);
        if (ignored.size() < names.size()) {
            map.error("ignore: a column twice in " + names + " (expected: each once)");
        }
        few(map, "ignore", ignored.size());
        return ignored;
    }

    private static Map<String, Agreement.DriftLimits> columns(
            Yaml.Value map, Agreement.DriftLimits usual, Set<String> ignored) {
        var columns = new TreeMap<String, Agreement.DriftLimits>();
        map.get("columns")
                .ifPresent(found -> found.fields().forEach((name, value) -> {
                    value.only("method", "warn", "alert");
                    columns.put(name, limits(value, usual));
                    if (ignored.contains(name)) {
                        value.error("column " + name + " has limits and is ignored (expected: one of both)");
                    }
                }));
        few(map, "columns", columns.size());
        return columns;
    }

    private static void few(Yaml.Value map, String key, int columns) {
        if (columns > MOST_COLUMNS) {
            map.error(key + ": expected at most " + MOST_COLUMNS + " columns, got " + columns);
        }
    }
}
