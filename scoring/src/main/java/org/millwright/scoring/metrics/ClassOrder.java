package org.millwright.scoring.metrics;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The order in which scikit-learn numbers classes: numbers by value, else texts by their characters. */
public final class ClassOrder {
    private static final int LONGEST_NUMBER = 40;

    private static final Comparator<String> BY_TEXT = (one, other) ->
            Arrays.compare(one.codePoints().toArray(), other.codePoints().toArray());

    private ClassOrder() {}

    /** The distinct names in that order. */
    public static List<String> of(Collection<String> names) {
        Set<String> distinct = new LinkedHashSet<>(names);
        boolean numeric = distinct.stream().allMatch(name -> number(name).isPresent());
        Comparator<String> order =
                numeric ? Comparator.comparing(name -> number(name).orElseThrow()) : BY_TEXT;
        return distinct.stream().sorted(order).collect(Collectors.toList());
    }

    private static Optional<BigDecimal> number(String name) {
        try {
            return name.length() > LONGEST_NUMBER ? Optional.empty() : Optional.of(new BigDecimal(name));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
