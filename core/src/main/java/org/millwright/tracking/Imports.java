package org.millwright.tracking;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/**
 * Takes over runs and logged models of another server under the ids that they had, so that every link to them still leads to
 * them. What they logged follows by the ordinary endpoints.
 */
public final class Imports {
    private static final Pattern MODEL_ID = Pattern.compile("m-[0-9a-f]{32}");

    private final Database database;
    private final Ledger ledger;
    private final Access access;
    private final Experiments experiments;
    private final RunStore runs;
    private final LoggedModelStore models;
    private final MetricStore metrics;

    public Imports(Database database, Ledger ledger, Access access, Experiments experiments) {
        this.database = database;
        this.ledger = ledger;
        this.access = access;
        this.experiments = experiments;
        this.runs = experiments.runs();
        this.models = new LoggedModelStore(database);
        this.metrics = new MetricStore(database);
    }

    /**
     * A run as the other server knew it.
     *
     * @param from the other server
     * @param start milliseconds since the epoch, as end
     */
    public record ForeignRun(
            String from,
            String id,
            String experimentId,
            String name,
            String userId,
            RunStatus status,
            long start,
            Optional<Long> end,
            Map<String, String> tags) {}

    /** Makes the run, or tells one that had not ended how it went on; false when it is here. */
    public boolean run(Actor by, ForeignRun run) {
        access.require(by, Permission.OPERATE);
        Names.requireRunId(run.id());
        Names.requireLength("user_id", run.userId(), 256);
        long experimentId = Names.experimentNumber(run.experimentId());
        var tags = new TreeMap<String, String>();
        run.tags().forEach((key, value) -> {
            // MLflow's servers take any name in a new run's tags, so it may be there.
            RunRules.requireUnreserved(Names.requireLength("tags", key, Names.MAX_KEY));
            tags.put(key, Names.cut("tags", value, Names.MAX_TAG));
        });
        tags.put(Run.NAME_TAG, Names.requireLength("run_name", run.name(), Names.MAX_TAG));
        return database.write(() -> {
            Optional<RunStore.Head> known = runs.find(run.id());
            if (known.isPresent()) {
                goOn(known.get(), run, tags);
                return false;
            }
            Experiment experiment = experiments.requireActive(experimentId);
            RunStore.Head head = runs.insert(new RunStore.Head(
                    0,
                    run.id(),
                    experimentId,
                    run.name(),
                    run.userId(),
                    run.status(),
                    run.start(),
                    run.end(),
                    experiment.artifactLocation() + "/" + run.id() + "/artifacts",
                    false,
                    Optional.empty()));
            runs.update(run.id(), run.status(), run.end().orElse(null), run.name());
            runs.setTags(head, tags);
            ledger.append(
                    by,
                    "run.imported",
                    "run:" + run.id(),
                    Json.object()
                            .put("from", run.from())
                            .put("experiment", run.experimentId())
                            .put("status", run.status().name()));
            return true;
        });
    }

    /** Only a run that was taken over while it was going changes: one of this server has another start. */
    private void goOn(RunStore.Head known, ForeignRun run, Map<String, String> tags) {
        boolean going = known.status() == RunStatus.RUNNING || known.status() == RunStatus.SCHEDULED;
        if (going && known.startTime() == run.start() && known.userId().equals(run.userId())) {
            runs.update(run.id(), run.status(), run.end().orElse(null), run.name());
            runs.setTags(known, tags);
        }
    }

    /** Makes the logged model, whose files come next, or adds what was measured since; false when it is here. */
    public boolean model(Actor by, String from, LoggedModel model) {
        access.require(by, Permission.OPERATE);
        if (!MODEL_ID.matcher(model.id()).matches()) {
            throw new Problem.Invalid(
                    "model_id: '" + Names.shortened(model.id()) + "' (expected: m- and 32 hex digits)");
        }
        long experimentId = Names.experimentNumber(model.experimentId());
        for (LoggedModel.Value value : model.metrics()) {
            RunRules.requireMetric("metrics", value.metric());
            Names.requireRunId(value.runId());
        }
        return database.write(() -> {
            addMetrics(model);
            if (models.find(model.id()).isPresent()) {
                return false;
            }
            Experiment experiment = experiments.requireActive(experimentId);
            models.insert(new LoggedModel(
                    model.id(),
                    model.experimentId(),
                    model.name(),
                    model.type(),
                    model.status(),
                    model.sourceRunId(),
                    experiment.artifactLocation() + "/models/" + model.id() + "/artifacts",
                    false,
                    model.createdAt(),
                    model.updatedAt(),
                    model.params(),
                    model.tags(),
                    List.of()));
            models.setParams(model.id(), model.params());
            models.setTags(model.id(), model.tags());
            ledger.append(
                    by,
                    "logged-model.imported",
                    "logged-model:" + model.id(),
                    Json.object().put("from", from).put("name", model.name()));
            return true;
        });
    }

    private void addMetrics(LoggedModel model) {
        model.metrics().stream()
                .collect(Collectors.groupingBy(
                        LoggedModel.Value::runId, Collectors.mapping(LoggedModel.Value::metric, Collectors.toList())))
                .forEach(metrics::addToModel);
    }
}
