package org.millwright.insight;

import java.util.Optional;
import java.util.Set;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;

/** What a project's file declares of its worth and its origin; a file that says nothing of it declares nothing. */
final class Declared {
    private static final Set<String> PER = Set.of("prediction", "outcome", "month", "year");

    private Declared() {}

    /**
     * What a project's file declares.
     *
     * @param per {@code prediction}, {@code outcome}, {@code month} or {@code year}
     */
    record Value(double amount, String per) {
        private static final double DAY = 86_400;

        /** What that makes of what was done; months and years are those in production. */
        double of(double servingSeconds, long predictions, long outcomes) {
            return switch (per) {
                case "prediction" -> amount * predictions;
                case "month" -> amount * servingSeconds / (30 * DAY);
                case "year" -> amount * servingSeconds / (365 * DAY);
                default -> amount * outcomes;
            };
        }
    }

    /** The declared value, if it is in the currency that costs are in; what cannot be held against them is none. */
    static Optional<Value> value(String projectFile, String currency) {
        Optional<Yaml.Value> said = read(projectFile).flatMap(root -> root.get("expected-value"));
        if (said.isEmpty()) {
            return Optional.empty();
        }
        if (!said.get().isMap()) {
            return said.filter(Yaml.Value::isScalar)
                    .flatMap(value -> number(value.asText()))
                    .map(amount -> new Value(amount, "outcome"));
        }
        Yaml.Value map = said.get();
        String per = map.text("per", "outcome");
        return map.text("currency", currency).equals(currency) && PER.contains(per)
                ? map.get("amount")
                        .filter(Yaml.Value::isScalar)
                        .flatMap(value -> number(value.asText()))
                        .map(amount -> new Value(amount, per))
                : Optional.empty();
    }

    /** The template that the project began with. */
    static Optional<String> template(String projectFile) {
        return read(projectFile)
                .flatMap(root -> root.get("template"))
                .filter(Yaml.Value::isScalar)
                .map(Yaml.Value::asText)
                .filter(text -> !text.isBlank());
    }

    private static Optional<Yaml.Value> read(String text) {
        try {
            return Optional.of(Yaml.parse("millwright.yaml", text)).filter(Yaml.Value::isMap);
        } catch (Problem.Invalid e) {
            return Optional.empty();
        }
    }

    private static Optional<Double> number(String text) {
        try {
            double value = Double.parseDouble(text);
            return Double.isFinite(value) && value >= 0 ? Optional.of(value) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
