package org.millwright.web.ui;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.millwright.identity.Actor;
import org.millwright.kernel.Page;
import org.millwright.kernel.Problem;
import org.millwright.tracking.Experiment;
import org.millwright.tracking.PageToken;
import org.millwright.tracking.Run;
import org.millwright.tracking.RunTables;
import org.millwright.tracking.Runs;
import org.millwright.tracking.View;

/** Makes tables of runs. */
public final class RunRows {
    private static final int DEFAULT_COLUMNS = 4;
    private static final int SAMPLE = 50;
    private static final Pattern WORDS = Pattern.compile("[\\w .:-]+");

    private final Runs runs;
    private final RunTables tables;
    private final Released released;

    public RunRows(Runs runs, RunTables tables, Released released) {
        this.runs = runs;
        this.tables = tables;
        this.released = released;
    }

    /** The page of a table; with a filter that cannot be read it has no rows, but says why. */
    RunTable table(Actor by, Experiment experiment, TableState asked) {
        Page<Run> page;
        String error = "";
        String mend = "";
        try {
            page = search(by, asked);
        } catch (Problem.Invalid e) {
            error = String.valueOf(e.getMessage());
            mend = byName(asked.filter());
            page = Page.last(List.of());
        }
        TableState state = asked.columns().isEmpty() ? asked.withColumns(usual(by, asked, page.items())) : asked;
        List<RunTable.Head> heads = heads(by, experiment, state, page.items(), error.isEmpty());
        boolean counts = asked.filter().isEmpty();
        int total = !error.isEmpty()
                ? 0
                : page.next().isEmpty() && (asked.offset() == 0 || !page.items().isEmpty())
                        ? asked.offset() + page.items().size()
                        : counts ? count(by, asked) : -1;
        return new RunTable(
                state,
                heads,
                rows(by, page.items(), heads, asked.offset()),
                page.next().isPresent(),
                total,
                error,
                mend);
    }

    int count(Actor by, TableState state) {
        return tables.count(by, state.experiment(), state.view(), state.filter(), RunTable.MOST);
    }

    /** The runs of a page, in order. */
    Page<Run> search(Actor by, TableState state) {
        String token = state.offset() == 0 ? "" : PageToken.of(state.offset());
        return runs.search(
                by, List.of(state.experiment()), state.view(), state.filter(), state.orders(), state.limit(), token);
    }

    private List<RunTable.Row> rows(Actor by, List<Run> found, List<RunTable.Head> heads, int offset) {
        Map<String, List<Released.Version>> versions =
                released.of(by, found.stream().map(Run::id).toList());
        var rows = new ArrayList<RunTable.Row>(found.size());
        for (Run run : found) {
            rows.add(new RunTable.Row(
                    offset + rows.size(),
                    run,
                    heads.stream()
                            .map(head -> head.column().cell(run, head.best().map(RunTables.Best::value)))
                            .toList(),
                    versions.getOrDefault(run.id(), List.of())));
        }
        return rows;
    }

    private List<RunTable.Head> heads(
            Actor by, Experiment experiment, TableState state, List<Run> found, boolean searchable) {
        var heads = new ArrayList<RunTable.Head>();
        for (String text : state.columns()) {
            Column column = Column.of(text).orElseThrow();
            int sorted = state.sorted(column.field());
            Direction direction = column.isMetric() ? Direction.of(experiment, column.key()) : Direction.UNKNOWN;
            heads.add(new RunTable.Head(
                    column,
                    state.withOrder(next(column.field(), sorted, direction)).href(),
                    sorted,
                    direction,
                    searchable ? best(by, state, column, sorted, direction) : Optional.empty(),
                    column.isMetric() || isNumeric(column, found)));
        }
        return heads;
    }

    /** A click sorts the best first, the next one the other way round, the third one not at all. */
    private static String next(String field, int sorted, Direction direction) {
        int first = direction == Direction.LOWER ? 1 : -1;
        int wanted = sorted == 0 ? first : sorted == first ? -first : 0;
        return wanted == 0 ? "" : field + (wanted > 0 ? " ASC" : " DESC");
    }

    /** The best value where it is known which end is the better one: by the metric, else by the order asked for. */
    private Optional<RunTables.Best> best(Actor by, TableState state, Column column, int sorted, Direction direction) {
        if (!column.isMetric() || (!direction.isKnown() && sorted == 0)) {
            return Optional.empty();
        }
        boolean greatest = direction.isKnown() ? direction == Direction.HIGHER : sorted < 0;
        return tables.best(by, state.experiment(), state.view(), state.filter(), column.key(), greatest);
    }

    private static boolean isNumeric(Column column, List<Run> found) {
        List<Column.Cell> cells = found.stream()
                .map(run -> column.cell(run, Optional.empty()))
                .filter(cell -> !cell.text().isEmpty())
                .toList();
        return !cells.isEmpty() && cells.stream().allMatch(Column.Cell::number);
    }

    /** The few metrics and parameters that most of the newest runs have. */
    private List<String> usual(Actor by, TableState state, List<Run> page) {
        List<Run> newest = state.isPlain()
                ? page
                : runs.search(
                                by,
                                List.of(state.experiment()),
                                state.view() == View.DELETED_ONLY ? View.DELETED_ONLY : View.ACTIVE_ONLY,
                                "",
                                List.of(),
                                SAMPLE,
                                "")
                        .items();
        var metrics = new HashMap<String, Integer>();
        var params = new HashMap<String, Integer>();
        var values = new HashMap<String, Set<String>>();
        newest.stream().limit(SAMPLE).forEach(run -> {
            run.metrics().forEach(metric -> metrics.merge(metric.key(), 1, Integer::sum));
            run.params().forEach((key, value) -> {
                params.merge(key, 1, Integer::sum);
                values.computeIfAbsent(key, each -> new HashSet<>()).add(value);
            });
        });
        metrics.keySet().removeIf(key -> key.startsWith("system/"));
        var columns = new ArrayList<String>();
        Comparator<String> telling = Comparator.<String, Boolean>comparing(
                        key -> !Direction.ofName(key).isKnown())
                .thenComparing(key -> !Direction.isHeldOut(key));
        columns.addAll(most(metrics, telling, Column.Kind.METRIC));
        Comparator<String> differing = Comparator.<String, Boolean>comparing(
                        key -> values.getOrDefault(key, Set.of()).size() < 2)
                .thenComparing(
                        key -> values.getOrDefault(key, Set.of()).stream().anyMatch(RunRows::isCode));
        columns.addAll(most(params, differing, Column.Kind.PARAM));
        return columns;
    }

    /** Whether a parameter's value is a piece of a program, as autologging notes objects and classes: it compares nothing. */
    private static boolean isCode(String value) {
        return value.length() > 24 || value.equals("None") || value.indexOf('(') >= 0 || value.indexOf('<') >= 0;
    }

    /** Those that most runs have, by {@code then} among as many. */
    private static List<String> most(Map<String, Integer> counts, Comparator<String> then, Column.Kind kind) {
        return counts.keySet().stream()
                .sorted(Comparator.<String>comparingInt(key -> -counts.getOrDefault(key, 0))
                        .thenComparing(then)
                        .thenComparing(Comparator.naturalOrder()))
                .limit(DEFAULT_COLUMNS)
                .map(key -> new Column(kind, key).text())
                .toList();
    }

    /** The filter that somebody means who typed only a name; "" when it is no name. */
    private static String byName(String filter) {
        return !filter.isEmpty() && WORDS.matcher(filter).matches()
                ? "attributes.run_name ILIKE '%" + filter + "%'"
                : "";
    }
}
