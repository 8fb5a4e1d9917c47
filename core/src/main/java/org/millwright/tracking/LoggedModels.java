package org.millwright.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Level;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Page;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/** Creates, finalises, finds and deletes the models that runs log. */
public final class LoggedModels {
    private static final String BAD = "/:.%\"'";
    private static final int MAX_PAGE = 1_000;
    private static final String VERSIONS_TAG = "mlflow.modelVersions";

    private final Database database;
    private final Ledger ledger;
    private final Clock clock;
    private final Ids ids;
    private final Experiments experiments;
    private final ArtifactTree artifacts;
    private final LoggedModelStore store;
    private final Writers writers;
    private final Readers readers;

    public LoggedModels(
            Database database,
            Ledger ledger,
            Clock clock,
            Ids ids,
            Access access,
            Experiments experiments,
            ArtifactTree artifacts) {
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
        this.ids = ids;
        this.experiments = experiments;
        this.artifacts = artifacts;
        this.store = new LoggedModelStore(database);
        RunStore runs = RunStore.reading(database);
        this.writers = new Writers(access, runs);
        this.readers = new Readers(access, runs);
    }

    /** What a logged model starts with; "" as name for a made-up one. */
    public record NewModel(
            String experimentId,
            String name,
            String type,
            Optional<String> sourceRunId,
            Map<String, String> params,
            Map<String, String> tags) {}

    /** Creates a model whose files come next. */
    public LoggedModel create(Actor by, NewModel asked) {
        long experimentId = Names.experimentNumber(asked.experimentId());
        requireName(asked.name());
        Names.requireLength("model_type", asked.type(), 500);
        var params = checkedParams(asked.params());
        var tags = checkedTags(asked.tags());
        return database.write(() -> {
            Experiment experiment = experiments.requireActive(experimentId);
            if (asked.sourceRunId().filter(writers::knows).isPresent()) {
                RunStore.Head run =
                        writers.requireActive(by, asked.sourceRunId().get());
                if (run.experimentId() != experimentId) {
                    writers.requireLevel(by, asked.experimentId(), Level.EDIT);
                }
            } else {
                writers.requireLogging(by, experimentId, Optional.empty());
                writers.requireNoStep(by, "a model without source_run_id");
            }
            String id = ids.next("m");
            long now = clock.millis();
            var model = new LoggedModel(
                    id,
                    Long.toString(experimentId),
                    asked.name().isEmpty() ? RunNames.of(ids.random()) : asked.name(),
                    asked.type(),
                    LoggedModel.Status.LOGGED_MODEL_PENDING,
                    asked.sourceRunId(),
                    experiment.artifactLocation() + "/models/" + id + "/artifacts",
                    false,
                    now,
                    now,
                    params,
                    tags,
                    List.of());
            store.insert(model);
            store.setParams(id, params);
            store.setTags(id, tags);
            ledger.append(
                    by, "logged-model.created", subjects(model), Json.object().put("name", model.name()));
            return model;
        });
    }

    /** Says that the upload ended; the ledger gets the digest of the files. */
    public LoggedModel finish(Actor by, String id, LoggedModel.Status status) {
        if (status == LoggedModel.Status.LOGGED_MODEL_STATUS_UNSPECIFIED
                || status == LoggedModel.Status.LOGGED_MODEL_PENDING) {
            throw new Problem.Invalid("Invalid model status: " + status
                    + ". Expected statuses are: LOGGED_MODEL_READY, LOGGED_MODEL_UPLOAD_FAILED");
        }
        return database.write(() -> {
            LoggedModel model = requireActive(id);
            requireWritable(by, model, writers);
            store.setStatus(id, status, clock.millis());
            ledger.append(
                    by,
                    "logged-model.finished",
                    subjects(model),
                    Json.object().put("status", status.name()).put("files", artifacts.digest(model.artifactUri())));
            return store.require(id);
        });
    }

    public void delete(Actor by, String id) {
        database.read(() -> {
            requireWritable(by, requireActive(id), writers, Level.MANAGE);
            return id;
        });
        writers.requireGate(by, "logged-model:" + id);
        database.write(() -> {
            LoggedModel model = requireActive(id);
            requireWritable(by, model, writers, Level.MANAGE);
            store.delete(id, clock.millis());
            ledger.append(by, "logged-model.deleted", subjects(model), Json.object());
        });
    }

    public void setTags(Actor by, String id, Map<String, String> tags) {
        var checked = checkedTags(tags);
        database.write(() -> {
            requireWritable(by, requireActive(id), writers);
            store.setTags(id, checked);
        });
    }

    /** Notes once, in the tag that MLflow's clients read, which registered version a model became; for the registry. */
    public void noteVersion(String id, String name, long version) {
        database.write(() -> {
            String known = store.require(id).tags().getOrDefault(VERSIONS_TAG, "[]");
            ArrayNode all = versionsIn(known);
            for (JsonNode each : all) {
                if (each.path("name").asText().equals(name)
                        && each.path("version").asLong() == version) {
                    return;
                }
            }
            all.add(Json.object().put("name", name).put("version", version));
            store.setTags(id, Map.of(VERSIONS_TAG, spaced(all)));
        });
    }

    /** The list with blanks where MLflow has them: clients compare the tag as text. */
    private static String spaced(ArrayNode versions) {
        return StreamSupport.stream(versions.spliterator(), false)
                .map(each -> "{\"name\": " + Json.write(each.path("name").asText()) + ", \"version\": "
                        + each.path("version").asText() + "}")
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static ArrayNode versionsIn(String tag) {
        try {
            return Json.parse(tag) instanceof ArrayNode array ? array : Json.array();
        } catch (Problem.Invalid e) {
            return Json.array();
        }
    }

    public void deleteTag(Actor by, String id, String key) {
        Names.requireText("key", key);
        database.write(() -> {
            requireWritable(by, requireActive(id), writers);
            if (!store.deleteTag(id, key)) {
                throw new Problem.NotFound("No tag with key '" + key + "' found for model with ID '" + id + "'.");
            }
        });
    }

    public void logParams(Actor by, String id, Map<String, String> params) {
        var checked = checkedParams(params);
        database.write(() -> {
            requireWritable(by, requireActive(id), writers);
            store.setParams(id, checked);
        });
    }

    /** The model unless it was deleted. */
    public LoggedModel get(Actor by, String id) {
        Names.requireText("model_id", id);
        return database.read(() -> {
            LoggedModel model = requireActive(id);
            readers.require(by, model);
            return model;
        });
    }

    /** The model unless it was deleted, when there is one that the actor may read. */
    public Optional<LoggedModel> find(Actor by, String id) {
        return database.read(
                () -> store.find(id).filter(model -> !model.deleted()).filter(model -> readers.mayRead(by, model)));
    }

    /** The models that a run logged, oldest first. */
    public List<LoggedModel> ofRun(Actor by, String runId) {
        return database.read(() -> {
            readers.requireAll(by, List.of(runId));
            return store.ofRun(runId);
        });
    }

    /** Models of readable experiments that match; a token is refused for another question than the one it came from. */
    public Page<LoggedModel> search(Actor by, ModelSearch asked) {
        Experiments.requireLimit(asked.limit(), MAX_PAGE);
        var clauses = SearchFilter.parse(asked.filter(), SearchGrammar.LOGGED_MODELS);
        var orders = asked.orderBy().stream().map(LoggedModels::checked).toList();
        List<Long> numbers = readers.readable(by, asked.experimentIds());
        var search = new ModelSearch(
                asked.experimentIds(), asked.datasets(), asked.filter(), orders, asked.limit(), asked.token());
        int offset = offset(asked);
        List<LoggedModel> found = numbers.isEmpty()
                ? List.of()
                : database.read(() -> store.search(search, clauses, numbers, offset, asked.limit() + 1));
        if (found.size() <= asked.limit()) {
            return Page.last(found);
        }
        String next =
                Json.write(Json.object().put("offset", offset + asked.limit()).put("question", question(asked)));
        return new Page<>(
                found.subList(0, asked.limit()),
                Optional.of(Base64.getEncoder().encodeToString(next.getBytes(StandardCharsets.UTF_8))));
    }

    private static int offset(ModelSearch asked) {
        int offset = PageToken.offset(asked.token());
        if (offset > 0) {
            byte[] decoded = Base64.getDecoder().decode(asked.token());
            if (!Json.parse(decoded).path("question").asText().equals(question(asked))) {
                throw new Problem.Invalid(
                        "Invalid page token: it belongs to other experiment IDs, filter string or order"
                                + " by than those of the request.");
            }
        }
        return offset;
    }

    private static String question(ModelSearch asked) {
        return Json.digest(List.of(asked.experimentIds(), asked.filter(), asked.orderBy()));
    }

    private static ModelSearch.Order checked(ModelSearch.Order order) {
        String field = order.field().strip();
        Names.requireText("order_by", field);
        int dot = field.indexOf('.');
        if (dot >= 0) {
            if (!field.substring(0, dot).equals("metrics")) {
                throw new Problem.Invalid("Invalid order by field name: " + Names.shortened(field.substring(0, dot))
                        + ", only `metrics.<name>` is allowed.");
            }
            return order;
        }
        String known = SearchGrammar.LOGGED_MODELS.aliases().getOrDefault(field, field);
        if (!SearchGrammar.LOGGED_MODELS.orders().contains(known)) {
            throw new Problem.Invalid("Invalid order by field name: " + Names.shortened(field) + ".");
        }
        return new ModelSearch.Order(known, order.ascending(), order.dataset());
    }

    private LoggedModel requireActive(String id) {
        LoggedModel model = store.require(id);
        if (model.deleted()) {
            throw new Problem.NotFound("Logged model with ID '" + id + "' not found.");
        }
        return model;
    }

    /** Refuses whoever may not write the run that the model came from; inside a transaction. */
    static void requireWritable(Actor by, LoggedModel model, Writers writers) {
        requireWritable(by, model, writers, Level.EDIT);
    }

    private static void requireWritable(Actor by, LoggedModel model, Writers writers, Level needed) {
        if (model.sourceRunId().filter(writers::knows).isPresent()) {
            writers.requireWritable(by, model.sourceRunId().get(), needed);
        } else {
            writers.requireTracking(by, Optional.empty());
            writers.requireLevel(by, model.experimentId(), needed);
            writers.requireNoStep(by, "model " + model.id());
        }
    }

    private static void requireName(String name) {
        if (name.chars().anyMatch(c -> BAD.indexOf(c) >= 0 || c < 0x20)) {
            throw new Problem.Invalid(
                    "Invalid model name ('" + Names.shortened(name).replace('\0', ' ')
                            + "') provided. Model name must be a non-empty string and cannot contain the following characters:"
                            + " ('/', ':', '.', '%', '\"', \"'\")");
        }
        Names.requireLength("name", name, 500);
    }

    private static Map<String, String> checkedParams(Map<String, String> params) {
        var checked = new TreeMap<String, String>();
        params.forEach((key, value) -> {
            Names.requireKey("key", key);
            Names.requireLength("Param key", key, Names.MAX_KEY);
            checked.put(key, Names.cut("Param value", value, Names.MAX_PARAM));
        });
        return checked;
    }

    private static Map<String, String> checkedTags(Map<String, String> tags) {
        var checked = new TreeMap<String, String>();
        tags.forEach((key, value) -> {
            Names.requireKey("key", key);
            Names.requireLength("key", key, Names.MAX_KEY);
            checked.put(key, Names.cut("value", value, Names.MAX_TAG));
        });
        return checked;
    }

    private static List<String> subjects(LoggedModel model) {
        var subjects = new ArrayList<String>();
        subjects.add("logged-model:" + model.id());
        model.sourceRunId().ifPresent(run -> subjects.add("run:" + run));
        return subjects;
    }
}
