package org.millwright.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** One page of a list and the token that leads to the next one. */
public record Page<T>(List<T> items, Optional<String> next) {
    public Page {
        items = List.copyOf(items);
    }

    public static <T> Page<T> last(List<T> items) {
        return new Page<>(items, Optional.empty());
    }

    /** A page of the items that pass, filled up from the pages after it; {@code search} gives one for a limit and a token. */
    public static <T> Page<T> filled(
            int limit, String token, Predicate<T> passes, BiFunction<Integer, String, Page<T>> search) {
        var kept = new ArrayList<T>();
        Page<T> page = search.apply(limit, token);
        while (true) {
            page.items().stream().filter(passes).forEach(kept::add);
            if (page.next().isEmpty() || kept.size() >= limit) {
                return new Page<>(kept, page.next());
            }
            page = search.apply(limit - kept.size(), page.next().get());
        }
    }
}
