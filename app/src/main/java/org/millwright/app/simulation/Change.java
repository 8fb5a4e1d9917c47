package org.millwright.app.simulation;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a number changes: times {@code factor}, plus {@code add}, plus so many standard deviations of its column.
 *
 * @param deviations in units of the column's standard deviation; 0 unless the text ends in {@code sd}
 */
public record Change(double factor, double add, double deviations) {
    private static final String NUMBER = "(\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)";
    private static final Pattern TEXT = Pattern.compile("(?:\\*" + NUMBER + ")?(?:([+-])" + NUMBER + "(sd)?)?");

    /** {@code +5}, {@code -2sd}, {@code *1.609} or {@code *1.8+32}. */
    static Change parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no change (expected: such as +5, -2sd, *1.609 or *1.8+32)");
        }
        double factor = matcher.group(1) == null ? 1 : Double.parseDouble(matcher.group(1));
        double shift = matcher.group(3) == null ? 0 : Double.parseDouble(matcher.group(3));
        double signed = "-".equals(matcher.group(2)) ? -shift : shift;
        boolean byDeviation = matcher.group(4) != null;
        if (factor == 1 && signed == 0) {
            throw new IllegalArgumentException("'" + text + "' changes nothing");
        }
        return new Change(factor, byDeviation ? 0 : signed, byDeviation ? signed : 0);
    }

    double apply(double value, double deviation) {
        return value * factor + add + deviations * deviation;
    }
}
