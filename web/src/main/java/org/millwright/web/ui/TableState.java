package org.millwright.web.ui;

import io.helidon.webserver.http.ServerRequest;
import java.util.List;
import org.millwright.tracking.RunTables;
import org.millwright.tracking.SavedView;
import org.millwright.tracking.View;
import org.millwright.web.Http;

/**
 * What a table of runs shows, all of which is in its URL.
 *
 * @param columns such as {@code metrics.rmse}; empty for those that most runs have
 */
public record TableState(
        String experiment, View view, String filter, String order, List<String> columns, int limit, int offset) {
    /** How many rows a page may have. */
    public static final List<Integer> LIMITS = List.of(25, 50, 100, 200, 500);

    private static final int LIMIT = 50;
    private static final int CHUNK = 100;
    private static final int MAX_OFFSET = 50_000_000;

    static TableState of(ServerRequest request, String experiment) {
        return new TableState(
                experiment,
                view(Http.query(request, "view").orElse("")),
                Http.query(request, "filter").orElse("").strip(),
                Http.query(request, "order").orElse("").strip(),
                request.query().all("col", List::of).stream()
                        .filter(text -> Column.of(text).isPresent())
                        .distinct()
                        .limit(RunTables.MAX_COLUMNS)
                        .toList(),
                Math.max(1, Http.query(request, "limit", LIMIT, LIMITS.getLast())),
                Http.query(request, "offset", 0, MAX_OFFSET));
    }

    static TableState of(SavedView saved) {
        return new TableState(
                saved.experimentId(), saved.view(), saved.filter(), saved.orderBy(), saved.columns(), LIMIT, 0);
    }

    private static View view(String text) {
        return switch (text) {
            case "deleted" -> View.DELETED_ONLY;
            case "all" -> View.ALL;
            default -> View.ACTIVE_ONLY;
        };
    }

    public String viewText() {
        return switch (view) {
            case ACTIVE_ONLY -> "";
            case DELETED_ONLY -> "deleted";
            case ALL -> "all";
        };
    }

    public TableState withFilter(String text) {
        return new TableState(experiment, view, text, order, columns, limit, 0);
    }

    public TableState withOrder(String text) {
        return new TableState(experiment, view, filter, text, columns, limit, 0);
    }

    public TableState withColumns(List<String> all) {
        return new TableState(experiment, view, filter, order, all, limit, offset);
    }

    public TableState at(int row) {
        return new TableState(experiment, view, filter, order, columns, limit, row);
    }

    /** The orders that a search takes. */
    List<String> orders() {
        return order.isEmpty() ? List.of() : List.of(order);
    }

    /** Whether nothing but the newest active runs was asked for. */
    boolean isPlain() {
        return isAll() && offset == 0;
    }

    /** Whether the table is sorted by a field, and how: 1 ascending, -1 descending, 0 not. */
    public int sorted(String field) {
        return order.equalsIgnoreCase(field + " ASC") ? 1 : order.equalsIgnoreCase(field + " DESC") ? -1 : 0;
    }

    /** Whether it shows every active run, whatever of it. */
    public boolean isAll() {
        return view == View.ACTIVE_ONLY && filter.isEmpty() && order.isEmpty();
    }

    /** Whether both show the same runs in the same way, from whichever row. */
    public boolean isLike(TableState other) {
        return view == other.view
                && filter.equals(other.filter)
                && order.equals(other.order)
                && columns.equals(other.columns);
    }

    /** Where a script gets rows of any offset. */
    public String rows() {
        return "/experiments/" + Links.segment(experiment) + "/rows"
                + selection()
                        .all("col", columns)
                        .add("limit", Integer.toString(CHUNK))
                        .text();
    }

    /** The comparison of its first runs. */
    public String compare() {
        return "/experiments/" + Links.segment(experiment) + "/compare"
                + selection().text();
    }

    public String href() {
        return path("");
    }

    /** The same state at a page below that of the experiment, such as {@code /rows}. */
    public String path(String below) {
        return "/experiments/" + Links.segment(experiment) + below
                + selection()
                        .all("col", columns)
                        .add("limit", limit == LIMIT ? "" : Integer.toString(limit))
                        .add("offset", offset == 0 ? "" : Integer.toString(offset))
                        .text();
    }

    /** Which runs, in which order. */
    Query selection() {
        return new Query().add("filter", filter).add("order", order).add("view", viewText());
    }
}
