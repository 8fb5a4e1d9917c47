package org.millwright.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One figure of several servers, and how many times better ours is. */
final class Table {
    private final Map<Peer, List<Double>> values = new EnumMap<>(Peer.class);

    Table(List<Peer> peers) {
        peers.forEach(peer -> values.put(peer, new ArrayList<>()));
    }

    void add(Peer peer, double value) {
        values.getOrDefault(peer, new ArrayList<>()).add(value);
    }

    /**
     * Prints the medians, and the ratio to each peer as the median of the ratios of the rounds.
     *
     * @param more whether more is better
     * @param goals how many times better ours should be
     */
    void print(Report report, String what, String format, boolean more, Map<Peer, Double> goals) {
        var line = new StringBuilder();
        List<Double> own = values.getOrDefault(Peer.MILLWRIGHT, List.of());
        values.forEach((peer, samples) -> {
            double median = median(samples);
            line.append(String.format(
                    Locale.ROOT,
                    "%s%s %s",
                    line.isEmpty() ? "" : ", ",
                    peer.name().toLowerCase(Locale.ROOT),
                    Samples.text(format, median)));
            if (peer != Peer.MILLWRIGHT && !samples.isEmpty() && !own.isEmpty()) {
                double ratio = ratio(own, samples, more);
                line.append(String.format(Locale.ROOT, " (%.1f ×", ratio));
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

    private static double ratio(List<Double> own, List<Double> other, boolean more) {
        var ratios = new double[Math.min(own.size(), other.size())];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = more ? own.get(i) / other.get(i) : other.get(i) / own.get(i);
        }
        return Samples.of(ratios).median();
    }

    private static double median(List<Double> samples) {
        return samples.isEmpty()
                ? Double.NaN
                : Samples.of(samples.stream().mapToDouble(x -> x).toArray()).median();
    }
}
