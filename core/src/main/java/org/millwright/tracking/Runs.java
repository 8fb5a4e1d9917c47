package org.millwright.tracking;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Level;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Page;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/** Creates runs, takes what they log, ends, deletes and restores them. */
public final class Runs {
    /** Tags that only rooms set, so that others can rely on them. */
    public static final String RESERVED = "millwright.";

    private final Database database;
    private final Ledger ledger;
    private final Clock clock;
    private final Ids ids;
    private final Experiments experiments;
    private final RunStore store;
    private final MetricStore metrics;
    private final RunSearchStore searches;
    private final RunReadStore whole;
    private final LoggedModelStore models;
    private final Writers writers;
    private final Readers readers;

    public Runs(Database database, Ledger ledger, Clock clock, Ids ids, Access access, Experiments experiments) {
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
        this.ids = ids;
        this.experiments = experiments;
        this.store = experiments.runs();
        this.metrics = new MetricStore(database);
        this.searches = new RunSearchStore(database);
        this.whole = new RunReadStore(database);
        this.models = new LoggedModelStore(database);
        this.writers = new Writers(access, store);
        this.readers = new Readers(access, store);
    }

    public Run create(Actor by, NewRun run) {
        return create(by, run, Map.of());
    }

    /** Creates a run; {@code marks} are reserved tags such as {@link Run#PROJECT_TAG}, for rooms above. */
    public Run create(Actor by, NewRun asked, Map<String, String> marks) {
        long experimentId = Names.experimentNumber(asked.experimentId());
        Names.requireLength("user_id", asked.userId(), 256);
        var tags = new TreeMap<>(RunRules.checkedTags(pairs(asked.tags()), "tags"));
        String name = name(asked.name(), tags);
        tags.put(Run.NAME_TAG, name);
        tags.putAll(marks);
        return database.write(() -> {
            writers.requireLogging(by, experimentId, Optional.ofNullable(marks.get(Run.PROJECT_TAG)));
            Experiment experiment = experiments.requireActive(experimentId);
            by.run().ifPresent(own -> requireSameExperiment(own, experimentId));
            String id = ids.next();
            String uri = experiment.artifactLocation() + "/" + id + "/artifacts";
            RunStore.Head head = store.insert(new RunStore.Head(
                    0,
                    id,
                    experimentId,
                    name,
                    asked.userId(),
                    RunStatus.RUNNING,
                    asked.startTime(),
                    Optional.empty(),
                    uri,
                    false,
                    by.run()));
            store.setTags(head, tags);
            ledger.append(
                    by,
                    "run.created",
                    subjects(id, Optional.ofNullable(tags.get(Run.PROJECT_TAG))),
                    Json.object().put("experiment", asked.experimentId()).put("name", Names.cut("name", name, 500)));
            return head.run(List.of(), Map.of(), tags, List.of(), List.of(), List.of());
        });
    }

    /** Changes status, end (milliseconds since the epoch) and name; what is empty stays. */
    public Run update(
            Actor by, String runId, Optional<RunStatus> status, Optional<Long> endTime, Optional<String> newName) {
        newName.ifPresent(name -> Names.requireLength("run_name", name, Names.MAX_TAG));
        return database.write(() -> {
            RunStore.Head run = writers.requireActive(by, runId);
            RunStatus now = status.orElse(run.status());
            Optional<String> name = newName.filter(text -> !text.isEmpty());
            @Nullable Long end = endTime.or(run::endTime).orElse(null);
            store.update(runId, now, end, name.orElse(run.name()));
            name.ifPresent(text -> store.setTags(run, Map.of(Run.NAME_TAG, text)));
            if (now != run.status() && (now.isTerminal() || run.status().isTerminal())) {
                recordStatus(by, runId, run.status(), now);
            }
            return require(runId);
        });
    }

    private void recordStatus(Actor by, String runId, RunStatus before, RunStatus now) {
        var details = Json.object().put("from", before.name()).put("status", now.name());
        Run run = require(runId);
        if (now.isTerminal()) {
            details.put("metrics", RunRules.digest(run.metrics()))
                    .put("params", Json.digest(new TreeMap<>(run.params())));
        }
        ledger.append(by, now.isTerminal() ? "run.ended" : "run.resumed", subjects(runId, run.project()), details);
    }

    public void delete(Actor by, String runId) {
        database.read(() -> writers.requireWritable(by, runId, Level.MANAGE));
        writers.requireGate(by, "run:" + runId);
        setDeleted(by, runId, true);
    }

    public void restore(Actor by, String runId) {
        setDeleted(by, runId, false);
    }

    private void setDeleted(Actor by, String runId, boolean deleted) {
        database.write(() -> {
            RunStore.Head run = writers.requireWritable(by, runId, Level.MANAGE);
            if (run.deleted() == deleted) {
                return;
            }
            store.setStage(
                    runId,
                    deleted ? ExperimentStore.DELETED : ExperimentStore.ACTIVE,
                    deleted ? Long.valueOf(clock.millis()) : null);
            ledger.append(
                    by,
                    deleted ? "run.deleted" : "run.restored",
                    subjects(runId, store.tag(run, Run.PROJECT_TAG)),
                    Json.object());
        });
    }

    /** Logs a batch: all of it is durable when this returns, or none of it is there. */
    public void log(Actor by, String runId, Batch batch) {
        RunRules.requireLimits(batch);
        for (int i = 0; i < batch.metrics().size(); i++) {
            RunRules.requireMetric("metrics[" + i + "].", batch.metrics().get(i));
        }
        Map<String, String> params = RunRules.checkedParams(batch.params());
        Map<String, String> tags = RunRules.checkedTags(batch.tags(), "tags");
        database.write(() -> {
            RunStore.Head run = writers.requireActive(by, runId);
            if (!params.isEmpty()) {
                RunRules.requireUnchanged(runId, params, store.addParams(run, params));
            }
            addMetrics(by, run, batch.metrics());
            if (!tags.isEmpty()) {
                addTags(run, tags);
            }
        });
    }

    /** Logs one value of a metric. */
    public void logMetric(Actor by, String runId, Metric metric) {
        RunRules.requireMetric("", metric);
        database.write(() -> {
            addMetrics(by, writers.requireActive(by, runId), List.of(metric));
        });
    }

    /** Logs a parameter; the same value again is fine, another one is not. */
    public void logParam(Actor by, String runId, String key, String value) {
        Map<String, String> params = RunRules.checkedParams(List.of(new Batch.Pair(key, value)));
        String kept = params.getOrDefault(key, value);
        database.write(() -> {
            String old =
                    store.addParams(writers.requireActive(by, runId), params).get(key);
            if (!kept.equals(old)) {
                throw new Problem.Invalid("Changing param values is not allowed. Param with key='" + key
                        + "' was already logged with value='" + Names.shortened(String.valueOf(old)) + "' for run ID='"
                        + runId + "'. Attempted logging new value '" + Names.shortened(kept) + "'.");
            }
        });
    }

    public void setTag(Actor by, String runId, String key, String value) {
        Map<String, String> tags = RunRules.checkedTags(List.of(new Batch.Pair(key, value)), "");
        database.write(() -> addTags(writers.requireActive(by, runId), tags));
    }

    public void deleteTag(Actor by, String runId, String key) {
        Names.requireText("key", key);
        RunRules.requireUnreserved(key);
        database.write(() -> {
            if (!store.deleteTag(writers.requireActive(by, runId), key)) {
                throw new Problem.NotFound("No tag with name: " + key + " in run with id " + runId);
            }
        });
    }

    /** Notes what a run read; a dataset that it noted before stays as it was. */
    public void logInputs(Actor by, String runId, List<DatasetInput> datasets, List<String> modelIds) {
        datasets.forEach(RunRules::requireDataset);
        database.write(() -> {
            RunStore.Head run = writers.requireActive(by, runId);
            for (DatasetInput input : datasets) {
                String dataset = store.dataset(run.experimentId(), ids.next("d"), input);
                if (store.addInput(runId, dataset)) {
                    input.tags().forEach((key, value) -> store.addInputTag(runId, dataset, key, value));
                }
            }
            modelIds.forEach(
                    model -> store.addModel(runId, models.require(model).id(), RunStore.IN, 0));
        });
    }

    /** Notes which logged models a run produced. */
    public void logOutputs(Actor by, String runId, List<Run.ModelOutput> outputs) {
        database.write(() -> {
            writers.requireActive(by, runId);
            outputs.forEach(output ->
                    store.addModel(runId, models.require(output.modelId()).id(), RunStore.OUT, output.step()));
        });
    }

    /** The run, deleted ones too; {@link Problem.NotFound} when there is none. */
    public Run get(Actor by, String runId) {
        return database.read(() -> {
            writers.require(runId);
            Run run = require(runId);
            readers.require(by, run);
            return run;
        });
    }

    /** The run, when there is one that the actor may read. */
    public Optional<Run> find(Actor by, String runId) {
        return database.read(() -> whole.ofIds(List.of(runId)).stream()
                .filter(run -> readers.mayRead(by, run))
                .findFirst());
    }

    /** Several runs in the order of their ids; unknown ids are left out. */
    public List<Run> all(Actor by, List<String> runIds) {
        return database.read(() -> {
            List<Run> runs = whole.ofIds(runIds);
            if (!readers.experiments(by).isAll()) {
                runs.forEach(run -> readers.require(by, run));
            }
            return runs;
        });
    }

    /** Runs of readable experiments that pass a filter, best first by {@code orderBy}; a full page always has a next one. */
    public Page<Run> search(
            Actor by,
            Collection<String> experimentIds,
            View view,
            String filter,
            List<String> orderBy,
            int limit,
            String token) {
        Experiments.requireLimit(limit, Experiments.MAX_PAGE);
        var clauses = SearchFilter.parse(filter, SearchGrammar.RUNS);
        var orders = SearchOrder.parse(orderBy, SearchGrammar.RUNS);
        int offset = PageToken.offset(token);
        List<Long> numbers = readers.readable(by, experimentIds);
        if (numbers.isEmpty()) {
            return Page.last(List.of());
        }
        return database.read(() -> {
            var query = new RunSearchStore.Query(numbers, view, clauses, orders);
            List<Integer> found = searches.search(query, offset, limit);
            Optional<String> next =
                    found.size() < limit ? Optional.empty() : Optional.of(PageToken.of((long) offset + found.size()));
            return new Page<>(whole.ofNumbers(found), next);
        });
    }

    /** A metric's values by (timestamp, step, value). */
    public Page<Metric> history(Actor by, String runId, String key, int limit, String token) {
        int offset = PageToken.offset(token);
        return database.read(() -> {
            RunStore.Head run = writers.require(runId);
            readers.require(by, run);
            return PageToken.page(metrics.history(run.num(), key, offset, limit + 1), offset, limit);
        });
    }

    /** Values of one run of several. */
    public record RunMetric(String runId, Metric metric) {}

    /** Histories of several runs one after the other, at most {@code limit} values in all. */
    public List<RunMetric> histories(Actor by, Collection<String> runIds, String key, int limit) {
        return database.read(() -> {
            readers.requireAll(by, runIds);
            var all = new ArrayList<RunMetric>();
            new TreeMap<>(store.numbers(runIds))
                    .forEach((id, run) -> metrics.history(run, key, 0, limit - all.size())
                            .forEach(metric -> all.add(new RunMetric(id, metric))));
            return all;
        });
    }

    /** Histories thinned to about {@code limit} steps of a range, and every run's first and last step. */
    public List<RunMetric> thinned(
            Actor by, Collection<String> runIds, String key, Optional<Long> from, Optional<Long> to, int limit) {
        return database.read(() -> {
            readers.requireAll(by, runIds);
            var all = new ArrayList<RunMetric>();
            Map<String, Integer> numbers = store.numbers(runIds);
            var own = new LinkedHashMap<String, List<Long>>();
            for (String id : new LinkedHashSet<>(runIds)) {
                Integer run = numbers.get(id);
                if (run != null) {
                    own.put(id, metrics.steps(List.of(run), key));
                }
            }
            List<Long> chosen = MetricSampling.thin(metrics.steps(numbers.values(), key), from, to, limit);
            List<Long> steps = MetricSampling.withEnds(chosen, own.values(), from, to);
            for (String id : own.keySet()) {
                int run = Objects.requireNonNull(numbers.get(id));
                metrics.at(run, key, steps, 25_000).forEach(metric -> all.add(new RunMetric(id, metric)));
            }
            return all;
        });
    }

    private Run require(String runId) {
        return whole.ofIds(List.of(runId)).getFirst();
    }

    private void requireSameExperiment(String own, long experimentId) {
        if (writers.require(own).experimentId() != experimentId) {
            throw new Problem.Denied(
                    "This token may create runs only in the experiment of its run " + own,
                    "Leave the experiment as MLFLOW_EXPERIMENT_ID says.");
        }
    }

    private void addMetrics(Actor by, RunStore.Head run, List<Metric> all) {
        if (all.isEmpty()) {
            return;
        }
        metrics.add(run, all);
        List<Metric> ofModels =
                all.stream().filter(metric -> metric.model().isPresent()).toList();
        if (!ofModels.isEmpty()) {
            ofModels.stream()
                    .map(metric -> metric.model().orElseThrow())
                    .distinct()
                    .forEach(model -> LoggedModels.requireWritable(by, models.require(model), writers));
            metrics.addToModel(run.id(), ofModels);
        }
    }

    private void addTags(RunStore.Head run, Map<String, String> tags) {
        store.setTags(run, tags);
        String name = tags.get(Run.NAME_TAG);
        if (name != null && !name.isEmpty()) {
            store.update(run.id(), run.status(), run.endTime().orElse(null), name);
        }
    }

    private String name(String asked, Map<String, String> tags) {
        String tag = tags.getOrDefault(Run.NAME_TAG, "");
        if (!asked.isEmpty() && !tag.isEmpty() && !asked.equals(tag)) {
            throw new Problem.Invalid(
                    "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different"
                            + " values (run_name='" + asked + "', mlflow.runName='" + tag + "').");
        }
        String given = asked.isEmpty() ? tag : asked;
        return given.isEmpty() ? RunNames.of(ids.random()) : Names.requireLength("run_name", given, Names.MAX_TAG);
    }

    private static List<Batch.Pair> pairs(Map<String, String> tags) {
        return Batch.of(List.of(), Map.of(), tags).tags();
    }

    private static List<String> subjects(String runId, Optional<String> project) {
        return project.map(name -> List.of("run:" + runId, "project:" + name)).orElse(List.of("run:" + runId));
    }
}
