package org.millwright.tracking;

import java.util.List;
import java.util.Optional;

/**
 * What logged models to look for.
 *
 * @param datasets metrics count only when measured on one of these; empty for any
 */
public record ModelSearch(
        List<String> experimentIds,
        List<Metric.DatasetRef> datasets,
        String filter,
        List<Order> orderBy,
        int limit,
        String token) {
    /** An attribute or {@code metrics.KEY}, the latter perhaps on one dataset only. */
    public record Order(String field, boolean ascending, Optional<Metric.DatasetRef> dataset) {}
}
