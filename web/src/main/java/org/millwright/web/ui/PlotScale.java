package org.millwright.web.ui;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One axis of a plot: numbers in even steps, or by powers of ten when they span some of those, or words.
 *
 * @param words what stands at even places of an axis of words; empty for numbers
 */
record PlotScale(double low, double high, boolean log, List<Double> ticks, List<String> words) {
    private static final double SPAN = 100;
    private static final int WORDS = 12;

    /** The axis of some numbers, of which those that are not finite count for nothing. */
    static PlotScale of(double... values) {
        double[] finite = Arrays.stream(values).filter(PlotScale::isDrawn).toArray();
        double min = Arrays.stream(finite).min().orElse(0);
        double max = Arrays.stream(finite).max().orElse(1);
        if (min > 0 && max / min >= SPAN) {
            return powers(min, max);
        }
        Scale scale = Scale.nice(min, max);
        return new PlotScale(scale.low(), scale.high(), false, scale.ticks(), List.of());
    }

    private static PlotScale powers(double min, double max) {
        int from = (int) Math.floor(Math.log10(min) + 1e-9);
        int to = (int) Math.ceil(Math.log10(max) - 1e-9);
        int every = Math.max(1, (to - from) / 6);
        var ticks = new ArrayList<Double>();
        for (int power = from; power <= to; power += every) {
            ticks.add(Math.pow(10, power));
        }
        return new PlotScale(Math.pow(10, from), Math.pow(10, to), true, ticks, List.of());
    }

    /** The axis of words, or of no more of them than have room. */
    static PlotScale of(List<String> values) {
        List<String> words = values.stream()
                .filter(word -> !word.isEmpty())
                .distinct()
                .sorted()
                .limit(WORDS)
                .toList();
        return new PlotScale(0, Math.max(1, words.size() - 1), false, List.of(), words);
    }

    static boolean isDrawn(double value) {
        return Double.isFinite(value) && Math.abs(value) < Double.MAX_VALUE;
    }

    /** Where a number lies, 0 for the low end and 1 for the high one. */
    double at(double value) {
        return log
                ? (Math.log10(value) - Math.log10(low)) / (Math.log10(high) - Math.log10(low))
                : (value - low) / (high - low);
    }

    /** Where a word lies; -1 when it has no place. */
    double at(String word) {
        int index = words.indexOf(word);
        return index < 0 ? -1 : words.size() == 1 ? 0.5 : at(index);
    }
}
