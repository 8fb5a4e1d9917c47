package org.millwright.tracking;

import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Level;
import org.millwright.identity.Permission;
import org.millwright.identity.Resource;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/** What tables and plots show of runs: columns, counts, best values, curves, and views that people saved. */
public final class RunTables {
    public static final int MAX_COLUMNS = 40;

    private static final int MAX_VIEWS = 200;
    private static final int MAX_NAME = 100;
    private static final int MAX_FILTER = 8_000;

    private final Database database;
    private final Ledger ledger;
    private final Clock clock;
    private final Access access;
    private final Readers readers;
    private final Experiments experiments;
    private final SavedViewStore views;
    private final RunTableStore tables;
    private final RunSearchStore searches;
    private final CurveStore curves;
    private final RunStore runs;
    private final RunReadStore whole;

    public RunTables(Database database, Ledger ledger, Clock clock, Access access, Experiments experiments) {
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
        this.access = access;
        this.experiments = experiments;
        this.views = new SavedViewStore(database);
        this.tables = new RunTableStore(database);
        this.searches = new RunSearchStore(database);
        this.curves = new CurveStore(database);
        this.runs = RunStore.reading(database);
        this.whole = new RunReadStore(database);
        this.readers = new Readers(access, runs);
    }

    /** Keys that runs of an experiment logged under, each list in order and cut at {@code most}. */
    public record Keys(List<String> metrics, List<String> params, List<String> tags) {}

    /** What happens in an experiment: {@code runs} active ones, {@code most} at most; how many of the newest run now. */
    public record Activity(int runs, int running, Optional<Long> last) {}

    /** The best value of a metric and a run that has it. */
    public record Best(double value, String runId) {}

    public Keys keys(Actor by, String experimentId, int most) {
        long experiment = readable(by, experimentId);
        return database.read(() -> tables.keys(experiment, most));
    }

    public Activity activity(Actor by, String experimentId, int most) {
        long experiment = readable(by, experimentId);
        return database.read(() -> tables.activity(experiment, most));
    }

    /** The newest runs that any of these people logged, as the ledger knows them, newest first; deleted ones are left out. */
    public List<Run> madeBy(Actor by, Collection<String> people, int limit) {
        List<String> ids = ledger.newest("run.created", people, limit).stream()
                .map(entry -> entry.subject().substring("run:".length()))
                .toList();
        return readable(by, ids);
    }

    /** Those of the runs that the actor may read, in the order of their ids; unknown and deleted ones are left out. */
    public List<Run> readable(Actor by, List<String> ids) {
        return database.read(() -> whole.ofIds(ids)).stream()
                .filter(run -> !run.deleted() && readers.mayRead(by, run))
                .toList();
    }

    /** How many runs a search finds, counted up to {@code most}. */
    public int count(Actor by, String experimentId, View view, String filter, int most) {
        var query = query(by, experimentId, view, filter);
        return database.read(() -> searches.count(query, most));
    }

    /** The least or the greatest number that the runs of a search have as a metric. */
    public Optional<Best> best(
            Actor by, String experimentId, View view, String filter, String metric, boolean greatest) {
        var query = query(by, experimentId, view, filter);
        return database.read(() -> searches.best(query, metric, greatest));
    }

    private RunSearchStore.Query query(Actor by, String experimentId, View view, String filter) {
        return new RunSearchStore.Query(
                List.of(readable(by, experimentId)), view, SearchFilter.parse(filter, SearchGrammar.RUNS), List.of());
    }

    /** A metric's history as a plot shows it; empty for a run or key that is not there. */
    public Curve curve(Actor by, String runId, String key, Curve.Ask ask) {
        return database.read(() -> {
            Optional<RunStore.Head> run = runs.find(runId);
            run.ifPresent(found -> readers.require(by, found));
            return curves.curve(runId, run.map(RunStore.Head::num).orElse(-1), key, ask);
        });
    }

    public List<SavedView> views(Actor by, String experimentId) {
        long experiment = readable(by, experimentId);
        return database.read(() -> views.list(experiment));
    }

    /** Keeps a view under its name, in place of one that had it. */
    public SavedView save(Actor by, SavedView view) {
        requirePeople(by);
        requireValid(view);
        long experiment = Names.experimentNumber(view.experimentId());
        var kept = new SavedView(
                view.experimentId(),
                view.name().strip(),
                view.view(),
                view.filter(),
                view.orderBy(),
                view.columns(),
                by.id(),
                clock.millis());
        return database.write(() -> {
            experiments.requireActive(experiment);
            access.grants().require(by, Resource.experiment(experiment), Level.EDIT);
            if (views.list(experiment).size() >= MAX_VIEWS) {
                throw new Problem.Invalid(
                        "The experiment has " + MAX_VIEWS + " saved views", "Delete one that nobody uses.");
            }
            views.put(experiment, kept);
            ledger.append(
                    by,
                    "view.saved",
                    "experiment:" + experiment,
                    Json.object()
                            .put("name", kept.name())
                            .put("filter", kept.filter())
                            .put("order", kept.orderBy()));
            return kept;
        });
    }

    public void delete(Actor by, String experimentId, String name) {
        requirePeople(by);
        long experiment = Names.experimentNumber(experimentId);
        database.write(() -> {
            access.grants().require(by, Resource.experiment(experiment), Level.EDIT);
            if (!views.delete(experiment, name)) {
                throw new Problem.NotFound("No view is saved as '" + Names.shortened(name) + "'");
            }
            ledger.append(
                    by,
                    "view.deleted",
                    "experiment:" + experiment,
                    Json.object().put("name", name));
        });
    }

    /** The number of an experiment that the actor may read. */
    private long readable(Actor by, String experimentId) {
        long experiment = Names.experimentNumber(experimentId);
        readers.require(by, experiment);
        return experiment;
    }

    private void requirePeople(Actor by) {
        access.require(by, Permission.TRACK);
        if (by.run().isPresent()) {
            throw new Problem.Denied("A step's token may not change saved views", "Views are for people.");
        }
    }

    private static void requireValid(SavedView view) {
        String name = Names.requireLength("name", view.name().strip(), MAX_NAME);
        if (name.isEmpty()) {
            throw new Problem.Invalid("A view needs a name", "Type one beside the button.");
        }
        SearchFilter.parse(Names.requireLength("filter", view.filter(), MAX_FILTER), SearchGrammar.RUNS);
        SearchOrder.parse(view.orderBy().isEmpty() ? List.of() : List.of(view.orderBy()), SearchGrammar.RUNS);
        if (view.columns().size() > MAX_COLUMNS) {
            throw new Problem.Invalid(
                    "A view has " + view.columns().size() + " columns (expected: at most " + MAX_COLUMNS + ")");
        }
        view.columns().forEach(column -> Names.requireLength("column", column, Names.MAX_KEY + 20));
    }
}
