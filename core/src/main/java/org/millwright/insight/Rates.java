package org.millwright.insight;

import org.millwright.kernel.Yaml;

/**
 * What an hour of machine and a million predictions are taken to cost.
 *
 * @param currency such as {@code EUR}
 * @param stepHour of a pipeline step that works for an hour
 * @param servingHour of a deployment that is in production for an hour
 * @param millionPredictions of answers, on top of that
 * @param declared whether somebody declared them; otherwise they are assumptions
 */
public record Rates(String currency, double stepHour, double servingHour, double millionPredictions, boolean declared) {
    public static final String FILE = "insight.yaml";

    /** Assumed while nobody declared any: about what two shared processors of a public cloud cost. */
    public static final Rates ASSUMED = new Rates("EUR", 0.10, 0.05, 1.00, false);

    private static final double MOST = 1e6;

    /** Reads the price table; one {@link org.millwright.kernel.Problem.Invalid} names every mistake with its line. */
    public static Rates parse(String text) {
        Yaml.Value root = Yaml.parse(FILE, text).only("apiVersion", "kind", "currency", "rates");
        expect(root, "apiVersion", "millwright/v1");
        expect(root, "kind", "Insight");
        String currency = root.read("currency", ASSUMED.currency, "three letters such as EUR", word -> {
            if (!word.matches("[A-Z]{3}")) {
                throw new IllegalArgumentException(word);
            }
            return word;
        });
        double step = ASSUMED.stepHour;
        double serving = ASSUMED.servingHour;
        double million = ASSUMED.millionPredictions;
        var rates = root.need("rates");
        if (rates.isPresent()) {
            Yaml.Value table = rates.get().only("step-hour", "serving-hour", "million-predictions");
            step = price(table, "step-hour", step);
            serving = price(table, "serving-hour", serving);
            million = price(table, "million-predictions", million);
        }
        root.finish();
        return new Rates(currency, step, serving, million, true);
    }

    private static double price(Yaml.Value table, String key, double fallback) {
        return table.read(key, fallback, "an amount from 0 to 1,000,000", text -> {
            double amount = Double.parseDouble(text);
            if (!(amount >= 0 && amount <= MOST)) {
                throw new IllegalArgumentException(text);
            }
            return amount;
        });
    }

    private static void expect(Yaml.Value map, String key, String value) {
        map.need(key)
                .filter(found -> !found.asText().equals(value))
                .ifPresent(found -> found.error("expected '" + value + "', got '" + found.asText() + "'"));
    }
}
