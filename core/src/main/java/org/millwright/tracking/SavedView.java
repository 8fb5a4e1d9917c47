package org.millwright.tracking;

import java.util.List;

/**
 * A table of an experiment's runs that somebody named.
 *
 * @param view which runs it shows
 * @param filter in the grammar of run searches, "" for all
 * @param orderBy a search's order such as {@code metrics.rmse ASC}, "" for the newest first
 * @param columns such as {@code metrics.rmse}; empty for those that most runs have
 * @param savedAt milliseconds since the epoch
 */
public record SavedView(
        String experimentId,
        String name,
        View view,
        String filter,
        String orderBy,
        List<String> columns,
        String savedBy,
        long savedAt) {
    public SavedView {
        columns = List.copyOf(columns);
    }
}
