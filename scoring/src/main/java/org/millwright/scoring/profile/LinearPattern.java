package org.millwright.scoring.profile;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;

/**
 * A pattern of RE2, the language in which contracts are checked, with a bound on what one text may cost: matching takes time
 * linear in the pattern's instructions and in the text.
 */
final class LinearPattern {
    static final int LONGEST = 500;

    private static final int LARGEST_PROGRAM = 2_000;
    /** Instructions times characters. */
    private static final int MOST_STEPS = 10_000;

    private static final int SHORT = 64;
    private static final java.util.regex.Pattern REPEAT =
            java.util.regex.Pattern.compile("\\{(\\d{1,9})(,(\\d{0,9}))?}");

    private final Pattern pattern;
    private final int longest;

    private LinearPattern(Pattern pattern) {
        this.pattern = pattern;
        this.longest = Math.max(SHORT, MOST_STEPS / Math.max(1, pattern.programSize()));
    }

    /** Throws IllegalArgumentException with the reason when it is none of RE2, or too large. */
    static LinearPattern of(String pattern) {
        if (pattern.length() > LONGEST) {
            throw new IllegalArgumentException("its pattern is above " + LONGEST + " characters");
        }
        if (instructions(pattern) > LARGEST_PROGRAM) {
            throw new IllegalArgumentException("its pattern repeats too much");
        }
        try {
            Pattern compiled = Pattern.compile(pattern);
            if (compiled.programSize() > LARGEST_PROGRAM) {
                throw new IllegalArgumentException("its pattern repeats too much");
            }
            return new LinearPattern(compiled);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("its pattern is none of RE2: " + e.getDescription(), e);
        }
    }

    /** Whether the pattern is in the text; empty when it would cost too much to find out. */
    Optional<Boolean> isIn(String text) {
        return text.length() > longest
                ? Optional.empty()
                : Optional.of(pattern.matcher(text).find());
    }

    /** About how many it will have: the compiler itself writes out each repetition, whatever memory that takes. */
    private static long instructions(String pattern) {
        Deque<Long> open = new ArrayDeque<>();
        Matcher repeat = REPEAT.matcher(pattern);
        long all = 0;
        long last = 0;
        for (int at = 0; at < pattern.length(); at++) {
            char c = pattern.charAt(at);
            if (c == '(') {
                open.push(all);
                all = 0;
                last = 0;
            } else if (c == ')' && !open.isEmpty()) {
                last = all + 1;
                all = open.pop() + last;
            } else if (c == '{' && repeat.region(at, pattern.length()).lookingAt()) {
                long more = last * (times(repeat) - 1);
                all = Math.min(Integer.MAX_VALUE, all + more);
                last = Math.min(Integer.MAX_VALUE, last + more);
                at = repeat.end() - 1;
            } else {
                at += c == '\\' ? 1 : c == '[' ? inClass(pattern, at) : 0;
                last = 1;
                all++;
            }
        }
        return all;
    }

    private static long times(Matcher repeat) {
        String most = Objects.requireNonNullElse(repeat.group(3), "");
        long least = Long.parseLong(repeat.group(1));
        return Math.max(1, most.isEmpty() ? least : Math.max(least, Long.parseLong(most)));
    }

    /** Characters after the bracket up to its end; 0 when it has none. */
    private static int inClass(String pattern, int from) {
        for (int at = from + 2; at < pattern.length(); at++) {
            if (pattern.charAt(at) == '\\') {
                at++;
            } else if (pattern.charAt(at) == ']') {
                return at - from;
            }
        }
        return 0;
    }
}
