package org.millwright.tracking;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Grants;
import org.millwright.identity.Level;
import org.millwright.identity.Permission;
import org.millwright.identity.Resource;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Page;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/** Creates, finds, renames and deletes experiments. Who asks as {@link Actor#SYSTEM} reads everything. */
public final class Experiments {
    static final int MAX_PAGE = 50_000;

    /** The scheme of artifacts that this server keeps. */
    static final String OWN_ARTIFACTS = "mlflow-artifacts:/";

    private static final int MAX_LOCATION = 2_048;

    private final Database database;
    private final Ledger ledger;
    private final Clock clock;
    private final Access access;
    private final Readers readers;
    private final ExperimentStore store;
    private final RunStore runs;

    public Experiments(Database database, Ledger ledger, Clock clock, Access access) {
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
        this.access = access;
        this.store = new ExperimentStore(database);
        this.runs = RunStore.writing(database);
        this.readers = new Readers(access, runs);
        database.write(() -> {
            store.lock();
            if (store.nextId() == 0) {
                store.insert(0, "Default", OWN_ARTIFACTS + "0", clock.millis());
            }
        });
    }

    /**
     * Creates an experiment.
     *
     * @param artifactLocation "" to keep artifacts here; any other place is for clients only, this server never opens it
     */
    public Experiment create(Actor by, String name, String artifactLocation, Map<String, String> tags) {
        requirePeople(by);
        requireName(name);
        String location = location(artifactLocation);
        tags.forEach(Experiments::requireTag);
        return database.write(() -> {
            store.lock();
            long id = store.nextId();
            store.byName(name).ifPresent(taken -> {
                throw new Problem.Conflict(
                        "Experiment(name=" + name + ") already exists."
                                + (taken.deleted()
                                        ? " Experiment '" + name + "' already exists in deleted state. You can restore"
                                                + " the experiment, or permanently delete the experiment to create a new"
                                                + " one."
                                        : ""),
                        "");
            });
            store.insert(id, name, location.isEmpty() ? OWN_ARTIFACTS + id : location, clock.millis());
            tags.forEach((key, value) -> store.setTag(id, key, value));
            access.grants().own(by, Resource.experiment(id));
            ledger.append(by, "experiment.created", subject(id), Json.object().put("name", name));
            return require(id);
        });
    }

    /** The experiment of that name, created when it is new. */
    public Experiment ensure(Actor by, String name) {
        Names.requireText("experiment_name", name);
        return database.read(() -> store.byName(name))
                .filter(found -> !found.deleted())
                .orElseGet(() -> create(by, name, "", Map.of()));
    }

    public Experiment get(Actor by, String id) {
        long number = Names.experimentNumber(id);
        return database.read(() -> {
            Experiment experiment = require(number);
            readers.require(by, number);
            return experiment;
        });
    }

    /** Whether the actor may read the experiment and all of its runs. */
    public boolean mayRead(Actor by, String id) {
        return readers.mayRead(by, Names.experimentNumber(id));
    }

    /** The experiment around a run, for whoever may read the run. */
    public Experiment of(Actor by, Run run) {
        readers.require(by, run);
        return database.read(() -> require(Names.experimentNumber(run.experimentId())));
    }

    /** The experiment around a logged model, for whoever may read the model. */
    public Experiment of(Actor by, LoggedModel model) {
        return database.read(() -> {
            readers.require(by, model);
            return require(Names.experimentNumber(model.experimentId()));
        });
    }

    public Optional<Experiment> byName(Actor by, String name) {
        Names.requireText("experiment_name", name);
        return database.read(() -> {
            Optional<Experiment> found = store.byName(name);
            found.ifPresent(experiment -> readers.require(by, Names.experimentNumber(experiment.id())));
            return found;
        });
    }

    /** Readable experiments that pass a filter; {@code limit} is 1 to 50 000. */
    public Page<Experiment> search(Actor by, View view, String filter, List<String> orderBy, int limit, String token) {
        requireLimit(limit, MAX_PAGE);
        var clauses = SearchFilter.parse(filter, SearchGrammar.EXPERIMENTS);
        var orders = SearchOrder.parse(orderBy, SearchGrammar.EXPERIMENTS);
        Grants.Readable readable = readers.experiments(by);
        return Page.filled(limit, token, found -> readable.allows(found.id()), (most, from) -> {
            int offset = PageToken.offset(from);
            return database.read(
                    () -> PageToken.page(store.search(view, clauses, orders, offset, most + 1), offset, most));
        });
    }

    /** Renames an active experiment. */
    public void rename(Actor by, String id, String name) {
        requirePeople(by);
        requireName(name);
        long number = Names.experimentNumber(id);
        database.write(() -> {
            Experiment experiment = require(number);
            requireLevel(by, number, Level.EDIT);
            if (experiment.deleted()) {
                throw new Problem.Invalid("Cannot rename a non-active experiment.");
            }
            store.lock();
            if (store.byName(name)
                    .filter(other -> !other.id().equals(experiment.id()))
                    .isPresent()) {
                throw new Problem.Conflict("Experiment(name=" + name + ") already exists.", "");
            }
            store.setName(number, name, clock.millis());
            ledger.append(
                    by,
                    "experiment.renamed",
                    subject(number),
                    Json.object().put("from", experiment.name()).put("to", name));
        });
    }

    /** Marks an experiment and its runs as deleted. */
    public void delete(Actor by, String id) {
        requirePeople(by);
        long number = Names.experimentNumber(id);
        database.read(() -> {
            requireLevel(by, number, Level.MANAGE);
            return require(number);
        });
        new Writers(access, runs).requireGate(by, subject(number));
        database.write(() -> {
            if (require(number).deleted()) {
                throw unknown(number);
            }
            requireLevel(by, number, Level.MANAGE);
            store.setStage(number, ExperimentStore.DELETED, clock.millis());
            runs.setStageOfAll(number, ExperimentStore.DELETED, clock.millis());
            ledger.append(by, "experiment.deleted", subject(number), Json.object());
        });
    }

    /** Brings back a deleted experiment and its runs. */
    public void restore(Actor by, String id) {
        requirePeople(by);
        long number = Names.experimentNumber(id);
        database.write(() -> {
            if (!require(number).deleted()) {
                throw unknown(number);
            }
            requireLevel(by, number, Level.MANAGE);
            store.setStage(number, ExperimentStore.ACTIVE, clock.millis());
            runs.setStageOfAll(number, ExperimentStore.ACTIVE, clock.millis());
            ledger.append(by, "experiment.restored", subject(number), Json.object());
        });
    }

    public void setTag(Actor by, String id, String key, String value) {
        requirePeople(by);
        requireTag(key, value);
        long number = Names.experimentNumber(id);
        database.write(() -> {
            requireActive(number);
            requireLevel(by, number, Level.EDIT);
            store.setTag(number, key, value);
        });
    }

    public void deleteTag(Actor by, String id, String key) {
        requirePeople(by);
        Names.requireText("key", key);
        long number = Names.experimentNumber(id);
        database.write(() -> {
            requireActive(number);
            requireLevel(by, number, Level.EDIT);
            if (!store.deleteTag(number, key)) {
                throw new Problem.NotFound("No tag with name: " + key + " in experiment with id " + number);
            }
        });
    }

    /** Datasets that the runs of up to 20 experiments read, at most 1000. */
    public List<DatasetSummary> datasets(Actor by, List<String> ids) {
        if (ids.isEmpty()) {
            throw new Problem.Invalid("SearchDatasets request must specify at least one experiment_id.");
        }
        if (ids.size() > 20) {
            throw new Problem.Invalid("SearchDatasets request cannot specify more than 20 experiment_ids. Received "
                    + ids.size() + " experiment_ids.");
        }
        List<Long> numbers = ids.stream().map(Names::experimentNumber).toList();
        if (!readers.experiments(by).isAll()) {
            numbers.forEach(number -> readers.require(by, number));
        }
        return database.read(() -> store.datasets(numbers, 1_000)).stream()
                .map(use ->
                        new DatasetSummary(Long.toString(use.experimentId()), use.name(), use.digest(), use.context()))
                .toList();
    }

    /** A dataset that runs of an experiment read, and what for. */
    public record DatasetSummary(String experimentId, String name, String digest, Optional<String> context) {}

    /** The active experiment; for rooms that put something into it, inside their transaction. */
    Experiment requireActive(long id) {
        Experiment experiment = require(id);
        if (experiment.deleted()) {
            throw new Problem.Invalid(
                    "The experiment " + id + " must be in the 'active' state. Current state is deleted.");
        }
        return experiment;
    }

    /** The store of runs that remembers; every change of a run goes through it. */
    RunStore runs() {
        return runs;
    }

    private Experiment require(long id) {
        return store.find(id).orElseThrow(() -> unknown(id));
    }

    private static Problem.NotFound unknown(long id) {
        return new Problem.NotFound("No Experiment with id=" + id + " exists");
    }

    /** A step writes its run, not the experiments around it. */
    private void requirePeople(Actor by) {
        access.require(by, Permission.TRACK);
        if (by.run().isPresent()) {
            throw new Problem.Denied(
                    "A step's token may not change experiments", "Log to the run of the step: it has its experiment.");
        }
    }

    private static void requireName(String name) {
        if (name.isBlank()) {
            throw new Problem.Invalid("Invalid experiment name: '" + name + "'");
        }
        Names.requireLength("name", name, Names.MAX_EXPERIMENT_NAME);
    }

    private static void requireTag(String key, String value) {
        Names.requireKey("key", key);
        Names.requireLength("key", key, Names.MAX_KEY);
        Names.requireLength("value", value, Names.MAX_EXPERIMENT_TAG);
    }

    /** The place as clients read it: URIs stay, plain paths become absolute. */
    private static String location(String asked) {
        Names.requireLength("artifact_location", asked, MAX_LOCATION);
        if (asked.isEmpty()) {
            return "";
        }
        String lower = asked.toLowerCase(Locale.ROOT);
        if (lower.startsWith("runs:") || lower.startsWith("models:")) {
            throw new Problem.Invalid("Artifact location cannot be a runs:/ URI. Given: '" + asked + "'");
        }
        try {
            URI uri = new URI(asked);
            boolean relative = (uri.getRawQuery() + "/" + uri.getRawPath()).contains("..");
            if (uri.getRawFragment() != null || asked.contains(";") || relative) {
                throw new Problem.Invalid("Invalid artifact_location: '" + asked
                        + "' (expected: a URI without fragment," + " parameters and '..')");
            }
            if (lower.startsWith("mlflow-artifacts:")) {
                ArtifactPath.of(ArtifactTree.pathOf(asked).orElseThrow(() -> new Problem.Invalid("Invalid path")));
            }
            return uri.getScheme() != null
                    ? asked
                    : Path.of(asked).toAbsolutePath().normalize().toString();
        } catch (URISyntaxException | InvalidPathException e) {
            throw new Problem.Invalid("Invalid artifact_location: '" + asked + "' is not a URI");
        }
    }

    private void requireLevel(Actor by, long id, Level needed) {
        access.grants().require(by, Resource.experiment(id), needed);
    }

    static void requireLimit(int limit, int max) {
        if (limit < 1) {
            throw new Problem.Invalid(
                    "Invalid value " + limit + " for parameter 'max_results' supplied. It must be a positive integer");
        }
        if (limit > max) {
            throw new Problem.Invalid(
                    "Invalid value " + limit + " for parameter 'max_results' supplied. It must be at most " + max);
        }
    }

    private static String subject(long id) {
        return "experiment:" + id;
    }
}
