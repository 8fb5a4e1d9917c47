package org.millwright.scoring.profile;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/** Tells which values break a check. Values that can't be read as its type break only the check of the type. */
abstract class ValueTest {
    private static final Set<String> TRUTHS = Set.of("true", "false", "t", "f", "yes", "no", "y", "n", "1", "0");

    /** What a test says of a text. */
    enum Verdict {
        KEPT,
        BROKEN,
        /** It would cost too much to find out. */
        UNKNOWN
    }

    /** How many of these break it; NaN is a missing value, and none of them. */
    abstract long count(double[] values);

    abstract Verdict of(String text);

    /** The test of a check; throws IllegalArgumentException with the reason when there can be none. */
    static ValueTest of(ContractCheck check) {
        List<String> arguments = check.arguments();
        return switch (check.kind()) {
            case REQUIRED -> new Kept();
            case PRESENT -> new Listed(arguments, false);
            case NUMBER -> new Type(false);
            case INTEGER -> new Type(true);
            case BOOLEAN -> new Truth();
            case RANGE -> range(arguments);
            case MULTIPLE -> new Multiple(number(arguments.get(0)));
            case LENGTH -> new Length(whole(arguments.get(0)), whole(arguments.get(1)));
            case PATTERN -> new Found(LinearPattern.of(arguments.get(0)));
            case ONE_OF -> new Listed(arguments, true);
            case ONE_OF_NUMBERS -> new ListedNumbers(arguments);
        };
    }

    /** The number that a text is, as databases read it; empty for what is none, and for what is not finite. */
    static OptionalDouble parsed(String text) {
        String stripped = text.strip();
        if (stripped.length() > 64 || !looksLikeNumber(stripped)) {
            return OptionalDouble.empty();
        }
        double value = Double.parseDouble(stripped);
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    /** Sign, digits with at most one point among them, exponent: what the parser never refuses, for its refusals are slow. */
    private static boolean looksLikeNumber(String text) {
        int at = 0;
        if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
            at++;
        }
        int digits = 0;
        boolean point = false;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c >= '0' && c <= '9') {
                digits++;
            } else if (c == '.' && !point) {
                point = true;
            } else {
                break;
            }
        }
        if (digits == 0 || at == text.length()) {
            return digits > 0;
        }
        if (text.charAt(at) != 'e' && text.charAt(at) != 'E') {
            return false;
        }
        at++;
        if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
            at++;
        }
        return at < text.length() && text.substring(at).chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static double number(String text) {
        return parsed(text).orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no number"));
    }

    private static int whole(String text) {
        return (int) number(text);
    }

    private static Verdict verdict(boolean broken) {
        return broken ? Verdict.BROKEN : Verdict.KEPT;
    }

    /** Tests that look at values as numbers. */
    private abstract static class OfNumbers extends ValueTest {
        abstract boolean breaks(double value);

        @Override
        long count(double[] values) {
            long broken = 0;
            for (double value : values) {
                broken += !Double.isNaN(value) && breaks(value) ? 1 : 0;
            }
            return broken;
        }

        @Override
        Verdict of(String text) {
            OptionalDouble value = parsed(text);
            return verdict(value.isPresent() && breaks(value.getAsDouble()));
        }
    }

    /** Tests that look at values as texts: of numbers, at how they are written. */
    private abstract static class OfTexts extends ValueTest {
        @Override
        long count(double[] values) {
            long broken = 0;
            for (double value : values) {
                broken += !Double.isNaN(value) && of(CategoryProfile.text(value)) == Verdict.BROKEN ? 1 : 0;
            }
            return broken;
        }
    }

    /** No value that is there breaks it. */
    private static final class Kept extends ValueTest {
        @Override
        long count(double[] values) {
            return 0;
        }

        @Override
        Verdict of(String text) {
            return Verdict.KEPT;
        }
    }

    private static final class Type extends ValueTest {
        private final boolean whole;

        Type(boolean whole) {
            this.whole = whole;
        }

        @Override
        long count(double[] values) {
            long broken = 0;
            for (double value : values) {
                broken += whole && !Double.isNaN(value) && (Double.isInfinite(value) || value != Math.rint(value))
                        ? 1
                        : 0;
            }
            return broken;
        }

        @Override
        Verdict of(String text) {
            OptionalDouble value = parsed(text);
            return verdict(value.isEmpty() || whole && value.getAsDouble() != Math.rint(value.getAsDouble()));
        }
    }

    private static final class Truth extends ValueTest {
        @Override
        long count(double[] values) {
            return 0;
        }

        @Override
        Verdict of(String text) {
            return verdict(!TRUTHS.contains(text.strip().toLowerCase(Locale.ROOT)));
        }
    }

    private static ValueTest range(List<String> arguments) {
        String low = arguments.get(0);
        String high = arguments.get(1);
        double least = low.isEmpty() ? Double.NEGATIVE_INFINITY : number(low);
        double most = high.isEmpty() ? Double.POSITIVE_INFINITY : number(high);
        return new Range(
                arguments.contains("low") ? Math.nextUp(least) : least,
                arguments.contains("high") ? Math.nextDown(most) : most);
    }

    private static final class Range extends OfNumbers {
        private final double least;
        private final double most;

        Range(double least, double most) {
            this.least = least;
            this.most = most;
        }

        @Override
        boolean breaks(double value) {
            return value < least || value > most;
        }

        @Override
        long count(double[] values) {
            long broken = 0;
            for (double value : values) {
                broken += value < least || value > most ? 1 : 0;
            }
            return broken;
        }
    }

    private static final class Multiple extends OfNumbers {
        private final double step;

        Multiple(double step) {
            this.step = step;
        }

        @Override
        boolean breaks(double value) {
            double times = value / step;
            return !(Math.abs(times - Math.rint(times)) <= 1e-9);
        }
    }

    private static final class Length extends OfTexts {
        private final int least;
        private final int most;

        Length(int least, int most) {
            this.least = least;
            this.most = most;
        }

        @Override
        Verdict of(String text) {
            int length = text.codePointCount(0, text.length());
            return verdict(length < least || most >= 0 && length > most);
        }
    }

    private static final class Found extends OfTexts {
        private final LinearPattern pattern;

        Found(LinearPattern pattern) {
            this.pattern = pattern;
        }

        @Override
        Verdict of(String text) {
            return pattern.isIn(text).map(found -> verdict(!found)).orElse(Verdict.UNKNOWN);
        }
    }

    private static final class Listed extends OfTexts {
        private final Set<String> values;
        private final boolean allowed;

        /** @param allowed whether these values keep the check, or break it */
        Listed(List<String> values, boolean allowed) {
            this.values = new HashSet<>(values);
            this.allowed = allowed;
        }

        @Override
        Verdict of(String text) {
            return verdict(values.contains(text) != allowed);
        }
    }

    private static final class ListedNumbers extends OfNumbers {
        private final double[] values;

        ListedNumbers(List<String> values) {
            this.values = values.stream()
                    .map(ValueTest::parsed)
                    .filter(OptionalDouble::isPresent)
                    .mapToDouble(OptionalDouble::getAsDouble)
                    .map(value -> value == 0 ? 0.0 : value)
                    .sorted()
                    .toArray();
        }

        @Override
        boolean breaks(double value) {
            return Arrays.binarySearch(values, value == 0 ? 0.0 : value) < 0;
        }
    }
}
