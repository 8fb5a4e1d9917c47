package org.millwright.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Level;
import org.millwright.identity.Resource;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Page;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.tracking.ArtifactTree;
import org.millwright.tracking.Clause.Entity;
import org.millwright.tracking.LoggedModels;
import org.millwright.tracking.Names;
import org.millwright.tracking.PageToken;
import org.millwright.tracking.Runs;
import org.millwright.tracking.SearchFilter;
import org.millwright.tracking.SearchGrammar;
import org.millwright.tracking.SearchOrder;

/** Registers models and versions, moves aliases and stages, and keeps the evidence of each version. */
public final class Models {
    private static final int MAX_MODELS = 1_000;
    private static final int MAX_VERSIONS = 200_000;
    private static final SearchGrammar MODEL_GRAMMAR = new SearchGrammar(
            Set.of("name"),
            Set.of(),
            Map.of("timestamp", "last_updated_timestamp"),
            EnumSet.of(Entity.TAG),
            Set.of("name"),
            Set.of("name", "creation_timestamp", "last_updated_timestamp"),
            EnumSet.noneOf(Entity.class));
    private static final SearchGrammar VERSION_GRAMMAR = new SearchGrammar(
            Set.of("name", "run_id", "source_path"),
            Set.of("version_number"),
            Map.of(),
            EnumSet.of(Entity.TAG),
            Set.of("name", "run_id"),
            Set.of("name", "version_number", "creation_timestamp", "last_updated_timestamp"),
            EnumSet.noneOf(Entity.class));

    private final Database database;
    private final Ledger ledger;
    private final Clock clock;
    private final ArtifactTree artifacts;
    private final LoggedModels logged;
    private final VersionStore versions;
    private final ModelStore models;
    private final VersionSource sources;
    private final ModelGuards guards;
    private final Announcements announce = new Announcements();

    public Models(
            Database database,
            Ledger ledger,
            Clock clock,
            Access access,
            Runs runs,
            LoggedModels logged,
            ArtifactTree artifacts) {
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
        this.guards = new ModelGuards(access);
        this.artifacts = artifacts;
        this.logged = logged;
        this.versions = new VersionStore(database);
        this.models = new ModelStore(database, versions);
        this.sources = new VersionSource(runs, logged, new Lookup());
    }

    /** Lets a room above refuse moves of aliases and stages that it protects. */
    public void guard(AliasGuard guard) {
        guards.add(guard);
    }

    /** Refuses from now on sources in which the pattern is not found. */
    public void requireSources(Pattern pattern) {
        sources.require(pattern);
    }

    /** Tells the listener of every event from now on. */
    void tell(RegistryListener listener) {
        announce.to(listener);
    }

    /** Registers a name; {@code project} is the one that governs it. */
    public RegisteredModel create(
            Actor by, String name, Optional<String> description, Map<String, String> tags, Optional<String> project) {
        ModelRules.requireName("name", name);
        ModelRules.requireDescription(description);
        tags.forEach(ModelRules::requireTag);
        guards.requireRegister(by, project);
        return database.write(() -> {
            models.lock();
            if (models.isTaken(name)) {
                throw new Problem.Conflict("Registered Model (name=" + name + ") already exists.", "");
            }
            models.insert(name, description.orElse(null), project.orElse(null), clock.millis());
            tags.forEach((key, value) -> models.setTag(name, key, value));
            var subjects = new ArrayList<>(List.of(subject(name)));
            project.ifPresent(id -> subjects.add("project:" + id));
            guards.grants().own(by, Resource.model(name));
            ledger.append(by, "model.registered", subjects, Json.object());
            RegisteredModel model = require(name);
            announce.created(model);
            return model;
        });
    }

    /** The model of that name, registered for the project when it is new. */
    public RegisteredModel ensure(Actor by, String name, String project) {
        return find(name).orElseGet(() -> create(by, name, Optional.empty(), Map.of(), Optional.of(project)));
    }

    /** Makes a project govern a model that nobody governs. */
    public void adopt(Actor by, String name, String project) {
        guards.requireRegister(by, Optional.of(project));
        database.write(() -> {
            RegisteredModel model = requireWritable(by, name, Level.MANAGE);
            if (model.project().isPresent() && !model.project().get().equals(project)) {
                throw new Problem.Conflict(
                        "Model " + name + " belongs to project "
                                + model.project().get(),
                        "Choose another name.");
            }
            models.setProject(name, project);
            ledger.append(by, "model.adopted", List.of(subject(name), "project:" + project), Json.object());
        });
    }

    public RegisteredModel get(String name) {
        ModelRules.requireName("name", name);
        return database.read(() -> require(name));
    }

    public Optional<RegisteredModel> find(String name) {
        return database.read(() -> models.find(name));
    }

    /** Models that pass a filter; {@code limit} is 1 to 1000. */
    public Page<RegisteredModel> search(String filter, List<String> orderBy, int limit, String token) {
        ModelRules.requireLimit(limit, MAX_MODELS);
        var clauses = SearchFilter.parse(filter, MODEL_GRAMMAR);
        var orders = SearchOrder.parse(orderBy, MODEL_GRAMMAR);
        int offset = PageToken.offset(token);
        return database.read(() -> PageToken.page(models.search(clauses, orders, offset, limit + 1), offset, limit));
    }

    public RegisteredModel describe(Actor by, String name, Optional<String> description) {
        ModelRules.requireDescription(description);
        return change(
                by,
                name,
                "model.described",
                Json.object().put("digest", digest(description)),
                () -> models.describe(name, description.orElse(null), clock.millis()));
    }

    /** Gives another name to a model with all its versions. */
    public RegisteredModel rename(Actor by, String name, String to) {
        ModelRules.requireName("new_name", to);
        guards.requireFree(by, get(name));
        return database.write(() -> {
            models.lock();
            requireWritable(by, name);
            if (!to.equals(name) && models.isTaken(to)) {
                throw new Problem.Conflict("Registered Model (name=" + to + ") already exists.", "");
            }
            if (!to.equals(name)) {
                models.rename(name, to, clock.millis());
                guards.grants().rename(Resource.model(name), to);
                ledger.append(
                        by,
                        "model.renamed",
                        List.of(subject(name), subject(to)),
                        Json.object().put("to", to));
            }
            return require(to);
        });
    }

    /** Deletes a model with all its versions and aliases for good; the ledger keeps their story. */
    public void delete(Actor by, String name) {
        guards.requireFree(by, get(name));
        database.write(() -> {
            models.lock();
            requireWritable(by, name, Level.MANAGE);
            var subjects = new ArrayList<>(List.of(subject(name)));
            versions.all(name).stream().limit(1_000).forEach(version -> subjects.add(version.subject()));
            models.delete(name);
            guards.grants().forget(Resource.model(name));
            ledger.append(by, "model.deleted", subjects, Json.object());
        });
    }

    public void setTag(Actor by, String name, String key, String value) {
        ModelRules.requireTag(key, value);
        change(by, name, "model.tagged", tag(key, value), () -> {
            announce.tagged(require(name), key, Optional.of(value));
            models.setTag(name, key, value);
        });
    }

    /** Takes a tag away; fine when it is not there. */
    public void deleteTag(Actor by, String name, String key) {
        Names.requireText("key", key);
        database.write(() -> {
            announce.tagged(requireWritable(by, name, Level.MANAGE), key, Optional.empty());
            if (models.deleteTag(name, key)) {
                ledger.append(by, "model.untagged", subject(name), Json.object().put("key", key));
            }
        });
    }

    /** Registers the next version; its files are pinned by their digest. */
    public ModelVersion addVersion(Actor by, String name, NewVersion asked) {
        ModelRules.requireName("name", name);
        ModelRules.requireDescription(asked.description());
        asked.runLink().ifPresent(link -> Names.requireLength("run_link", link, 500));
        asked.tags().forEach(ModelRules::requireTag);
        return database.write(() -> {
            models.lock();
            RegisteredModel model = requireWritable(by, name);
            var place = sources.resolve(asked.source(), asked.runId(), asked.modelId(), model.isPrompt());
            long now = clock.millis();
            long number = models.nextVersion(name);
            var version = new ModelVersion(
                    name,
                    number,
                    asked.source(),
                    place.location(),
                    place.runId(),
                    place.modelId(),
                    asked.runLink(),
                    asked.description(),
                    Stage.NONE,
                    artifacts.digest(place.location()),
                    by.id(),
                    now,
                    now,
                    asked.tags(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
            versions.insert(version);
            asked.tags().forEach((key, value) -> versions.setTag(name, number, key, value));
            models.touch(name, now);
            place.modelId().ifPresent(id -> logged.noteVersion(id, name, number));
            announce.created(model, version);
            record(
                    by,
                    "model.version-registered",
                    version,
                    Json.object().put("source", asked.source()).put("files", version.files()));
            return version;
        });
    }

    /** The version; {@link Problem.NotFound} in MLflow's words. */
    public ModelVersion version(String name, long number) {
        return database.read(() -> requireVersion(name, number));
    }

    /** The version by its number as text; text that is no number is {@link Problem.Invalid}. */
    public ModelVersion version(String name, String number) {
        return version(name, ModelRules.number(number));
    }

    public Optional<ModelVersion> findVersion(String name, long number) {
        return database.read(() -> versions.find(name, number));
    }

    /** All versions of a model, newest first. */
    public List<ModelVersion> versions(String name) {
        return database.read(() -> versions.all(name));
    }

    /** The versions that came from a run, newest first. */
    public List<ModelVersion> ofRun(String runId) {
        return database.read(() -> versions.ofRun(runId));
    }

    /** Versions that pass a filter; {@code limit} is 1 to 200 000. */
    public Page<ModelVersion> searchVersions(String filter, List<String> orderBy, int limit, String token) {
        ModelRules.requireLimit(limit, MAX_VERSIONS);
        var clauses = SearchFilter.parse(filter, VERSION_GRAMMAR);
        var orders = SearchOrder.parse(orderBy, VERSION_GRAMMAR);
        int offset = PageToken.offset(token);
        return database.read(() -> PageToken.page(versions.search(clauses, orders, offset, limit + 1), offset, limit));
    }

    /** The highest version of each of the stages; of every stage when none is named. */
    public List<ModelVersion> latest(String name, List<String> stages) {
        Set<Stage> wanted = EnumSet.noneOf(Stage.class);
        stages.forEach(stage -> wanted.add(Stage.of(stage)));
        return get(name).latest().stream()
                .filter(version -> wanted.isEmpty() || wanted.contains(version.stage()))
                .toList();
    }

    public ModelVersion describeVersion(Actor by, String name, long number, Optional<String> description) {
        ModelRules.requireDescription(description);
        return changeVersion(
                by,
                name,
                number,
                "model.version-described",
                Json.object().put("digest", digest(description)),
                () -> versions.describe(name, number, description.orElse(null), clock.millis()));
    }

    /** Moves a version to a stage, and those that are there to Archived when asked. */
    public ModelVersion setStage(Actor by, String name, long number, String text, boolean archiveOthers) {
        Stage stage = Stage.of(text);
        if (archiveOthers && !stage.isActive()) {
            throw new Problem.Invalid("Model version transition cannot archive existing model versions because '"
                    + stage.text() + "' is not an Active stage. Valid stages are Staging, Production");
        }
        requireMayLeave(by, name, number, Optional.of(stage));
        guards.requireAllowed(by, get(name), stage.text(), Optional.of(number));
        return database.write(() -> {
            models.lock();
            requireWritable(by, name);
            ModelVersion version = requireVersion(name, number);
            long now = clock.millis();
            if (archiveOthers) {
                for (ModelVersion other : versions.inStage(name, stage)) {
                    if (other.version() != number) {
                        versions.setStage(name, other.version(), Stage.ARCHIVED, now);
                        record(by, "model.stage-changed", other, stages(other.stage(), Stage.ARCHIVED));
                    }
                }
            }
            versions.setStage(name, number, stage, now);
            models.touch(name, now);
            record(by, "model.stage-changed", version, stages(version.stage(), stage));
            return requireVersion(name, number);
        });
    }

    private void requireMayLeave(Actor by, String name, long number, Optional<Stage> to) {
        Stage from = version(name, number).stage();
        if (from.isActive() && !to.equals(Optional.of(from))) {
            guards.requireAllowed(by, get(name), from.text(), Optional.empty());
        }
    }

    /** Deletes a version and its aliases; its number is never given again. */
    public void deleteVersion(Actor by, String name, long number) {
        for (String alias : version(name, number).aliases()) {
            guards.requireAllowed(by, get(name), alias, Optional.empty());
        }
        requireMayLeave(by, name, number, Optional.empty());
        database.write(() -> {
            models.lock();
            requireWritable(by, name, Level.MANAGE);
            ModelVersion version = requireVersion(name, number);
            versions.delete(name, number);
            models.touch(name, clock.millis());
            record(by, "model.version-deleted", version, Json.object().put("files", version.files()));
        });
    }

    public void setVersionTag(Actor by, String name, long number, String key, String value) {
        ModelRules.requireTag(key, value);
        changeVersion(by, name, number, "model.version-tagged", tag(key, value), () -> {
            announce.tagged(require(name), number, key, Optional.of(value));
            versions.setTag(name, number, key, value);
        });
    }

    /** Takes a tag from a version; fine when it is not there. */
    public void deleteVersionTag(Actor by, String name, long number, String key) {
        Names.requireText("key", key);
        database.write(() -> {
            RegisteredModel model = requireWritable(by, name, Level.MANAGE);
            ModelVersion version = requireVersion(name, number);
            announce.tagged(model, number, key, Optional.empty());
            if (versions.deleteTag(name, number, key)) {
                record(by, "model.version-untagged", version, Json.object().put("key", key));
            }
        });
    }

    /** Points an alias to a version, wherever it pointed before. */
    public void setAlias(Actor by, String name, String alias, long number) {
        ModelRules.requireAlias(alias);
        guards.requireAllowed(by, get(name), alias, Optional.of(number));
        database.write(() -> {
            models.lock();
            announce.aliased(requireWritable(by, name), alias, Optional.of(number));
            ModelVersion version = requireVersion(name, number);
            Optional<Long> before = models.alias(name, alias);
            models.setAlias(name, alias, number);
            models.touch(name, clock.millis());
            ObjectNode details = Json.object().put("alias", alias).put("version", number);
            before.ifPresent(old -> details.put("before", old));
            record(by, "model.alias-set", version, details);
        });
    }

    /** Takes an alias away; fine when it is not there. */
    public void deleteAlias(Actor by, String name, String alias) {
        Names.requireText("alias", alias);
        guards.requireAllowed(by, get(name), alias, Optional.empty());
        database.write(() -> {
            models.lock();
            announce.aliased(requireWritable(by, name, Level.MANAGE), alias, Optional.empty());
            Optional<Long> before = models.alias(name, alias);
            if (before.isPresent()) {
                models.deleteAlias(name, alias);
                models.touch(name, clock.millis());
                ledger.append(
                        by,
                        "model.alias-deleted",
                        List.of(subject(name), ModelVersion.subject(name, before.get())),
                        Json.object().put("alias", alias));
            }
        });
    }

    /** The version that an alias points to; {@link Problem.Invalid} in MLflow's words when there is none. */
    public ModelVersion byAlias(String name, String alias) {
        return findByAlias(name, alias)
                .orElseThrow(
                        () -> new Problem.Invalid("Registered model alias " + Names.shortened(alias) + " not found."));
    }

    /** The version that an alias points to; {@link Problem.NotFound} when there is no such model. */
    public Optional<ModelVersion> findByAlias(String name, String alias) {
        Names.requireText("alias", alias);
        return database.read(() -> {
            require(name);
            return models.alias(name, alias).flatMap(number -> versions.find(name, number));
        });
    }

    /** Attaches the portable form; once. */
    public void attachBundle(Actor by, String name, long number, ModelVersion.BundleRef bundle) {
        database.write(() -> {
            requireWritable(by, name);
            ModelVersion version = requireVersion(name, number);
            requireUnset(version, "a bundle", version.bundle());
            versions.setBundle(name, number, bundle, clock.millis());
            record(by, "model.bundled", version, Json.tree(bundle).deepCopy());
        });
    }

    /** Attaches the result of the hand-off check; a later one replaces an earlier one until the version is certified. */
    public void attachHandOff(Actor by, String name, long number, ModelVersion.HandOff handOff) {
        database.write(() -> {
            requireWritable(by, name);
            ModelVersion version = requireVersion(name, number);
            requireUnset(version, "a certificate", version.certificate());
            versions.setHandOff(name, number, handOff, clock.millis());
            record(by, "model.hand-off-checked", version, Json.tree(handOff).deepCopy());
        });
    }

    /** Attaches the certificate, by its hash among the artifacts; once. */
    public void attachCertificate(Actor by, String name, long number, String sha256) {
        database.write(() -> {
            requireWritable(by, name);
            ModelVersion version = requireVersion(name, number);
            requireUnset(version, "a certificate", version.certificate());
            versions.setCertificate(name, number, sha256, clock.millis());
            record(by, "model.certified", version, Json.object().put("certificate", sha256));
        });
    }

    private static void requireUnset(ModelVersion version, String what, Optional<?> value) {
        if (value.isPresent()) {
            throw new Problem.Conflict(version.subject() + " has " + what + " already", "Register a new version.");
        }
    }

    private RegisteredModel change(Actor by, String name, String action, ObjectNode details, Runnable change) {
        return database.write(() -> {
            models.lock();
            requireWritable(by, name);
            change.run();
            ledger.append(by, action, subject(name), details);
            return require(name);
        });
    }

    private ModelVersion changeVersion(
            Actor by, String name, long number, String action, ObjectNode details, Runnable change) {
        return database.write(() -> {
            models.lock();
            requireWritable(by, name);
            ModelVersion version = requireVersion(name, number);
            change.run();
            record(by, action, version, details);
            return requireVersion(name, number);
        });
    }

    private void record(Actor by, String action, ModelVersion version, ObjectNode details) {
        var subjects = new ArrayList<>(List.of(version.subject(), subject(version.name())));
        version.runId().ifPresent(run -> subjects.add("run:" + run));
        version.modelId().ifPresent(model -> subjects.add("logged-model:" + model));
        ledger.append(by, action, subjects, details);
    }

    private RegisteredModel requireWritable(Actor by, String name) {
        return requireWritable(by, name, Level.EDIT);
    }

    private RegisteredModel requireWritable(Actor by, String name, Level needed) {
        ModelRules.requireName("name", name);
        RegisteredModel model = require(name);
        guards.requireLevel(by, name, model.project(), needed);
        return model;
    }

    private RegisteredModel require(String name) {
        return models.find(name)
                .orElseThrow(() ->
                        new Problem.NotFound("Registered Model with name=" + Names.shortened(name) + " not found"));
    }

    private ModelVersion requireVersion(String name, long number) {
        return versions.find(name, number)
                .orElseThrow(() -> new Problem.NotFound(
                        "Model Version (name=" + Names.shortened(name) + ", version=" + number + ") not found"));
    }

    private static ObjectNode tag(String key, String value) {
        return Json.object()
                .put("key", key)
                .put("value", Names.shortened(value))
                .put("digest", Json.sha256(value.getBytes(StandardCharsets.UTF_8)));
    }

    private static ObjectNode stages(Stage from, Stage to) {
        return Json.object().put("from", from.text()).put("to", to.text());
    }

    private static String digest(Optional<String> text) {
        return Json.sha256(text.orElse("").getBytes(StandardCharsets.UTF_8));
    }

    private static String subject(String name) {
        return "model:" + name;
    }

    /** Versions for sources such as {@code models:/NAME/3}. */
    private final class Lookup implements VersionSource.Lookup {
        @Override
        public ModelVersion version(String name, String version) {
            return Models.this.version(name, version);
        }

        @Override
        public ModelVersion alias(String name, String alias) {
            return byAlias(name, alias);
        }

        @Override
        public ModelVersion stage(String name, String stage) {
            boolean any = stage.toLowerCase(Locale.ROOT).equals("latest");
            List<ModelVersion> found = latest(name, any ? List.of() : List.of(stage));
            return found.stream()
                    .max(java.util.Comparator.comparingLong(ModelVersion::version))
                    .orElseThrow(() -> new Problem.NotFound("No version of " + name + " in stage " + stage));
        }
    }
}
