package org.millwright.kernel;

import java.util.List;
import java.util.Optional;

/** One page of a list and the token that leads to the next one. */
public record Page<T>(List<T> items, Optional<String> next) {
    public Page {
        items = List.copyOf(items);
    }

    public static <T> Page<T> last(List<T> items) {
        return new Page<>(items, Optional.empty());
    }
}
