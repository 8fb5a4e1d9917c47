package org.millwright.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One figure of several servers, and how many times better the first is than the others. */
final class Table<K extends Enum<K>> {
    private final K first;
    private final Map<K, List<Double>> values = new LinkedHashMap<>();

    Table(List<K> servers) {
        first = servers.getFirst();
        servers.forEach(server -> values.put(server, new ArrayList<>()));
    }

    /** Round by round. */
    List<Double> values(K server) {
        return List.copyOf(values.getOrDefault(server, List.of()));
    }

    Samples samples(K server) {
        return Samples.of(values(server).stream().mapToDouble(x -> x).toArray());
    }

    /** One by the other, round by round. */
    Samples ratios(K server, K other) {
        return Samples.of(ratios(values(server), values(other)));
    }

    void add(K peer, double value) {
        values.getOrDefault(peer, new ArrayList<>()).add(value);
    }

    /**
     * Prints the medians, and the ratio to each peer as the median of the ratios of the rounds.
     *
     * @param more whether more is better
     * @param goals how many times better the first should be
     */
    void print(Report report, String what, String format, boolean more, Map<K, Double> goals) {
        var line = new StringBuilder();
        List<Double> own = values.getOrDefault(first, List.of());
        values.forEach((peer, samples) -> {
            double median = median(samples);
            line.append(String.format(
                    Locale.ROOT,
                    "%s%s %s",
                    line.isEmpty() ? "" : ", ",
                    peer.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    Samples.text(format, median)));
            if (peer != first && !samples.isEmpty() && !own.isEmpty()) {
                double ratio = Samples.of(more ? ratios(own, samples) : ratios(samples, own))
                        .median();
                line.append(String.format(Locale.ROOT, ratio < 3 ? " (%.2f ×" : " (%.1f ×", ratio));
                Double goal = goals.get(peer);
                line.append(
                        goal == null
                                ? ")"
                                : String.format(
                                        Locale.ROOT, ", goal %.0f ×: %s)", goal, ratio >= goal ? "met" : "MISSED"));
            }
        });
        report.text(what, line.toString());
    }

    private static double[] ratios(List<Double> own, List<Double> other) {
        var ratios = new double[Math.min(own.size(), other.size())];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = own.get(i) / other.get(i);
        }
        return ratios;
    }

    private static double median(List<Double> samples) {
        return samples.isEmpty()
                ? Double.NaN
                : Samples.of(samples.stream().mapToDouble(x -> x).toArray()).median();
    }
}
