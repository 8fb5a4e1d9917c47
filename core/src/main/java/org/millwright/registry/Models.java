package org.millwright.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.GovernedAction;
import org.millwright.identity.Level;
import org.millwright.identity.Resource;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Page;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.tracking.Clause.Entity;
import org.millwright.tracking.Names;
import org.millwright.tracking.PageToken;
import org.millwright.tracking.SearchFilter;
import org.millwright.tracking.SearchGrammar;
import org.millwright.tracking.SearchOrder;

/** Registers models, finds, renames and deletes them, moves their aliases. Who asks as {@link Actor#SYSTEM} reads everything. */
public final class Models {
    private static final int MAX_PAGE = 1_000;
    private static final SearchGrammar GRAMMAR = new SearchGrammar(
            Set.of("name"),
            Set.of(),
            Map.of("timestamp", "last_updated_timestamp"),
            EnumSet.of(Entity.TAG),
            Set.of("name"),
            Set.of("name", "creation_timestamp", "last_updated_timestamp"),
            EnumSet.noneOf(Entity.class));

    private final Database database;
    private final Ledger ledger;
    private final Clock clock;
    private final VersionStore versions;
    private final ModelStore models;
    private final ModelGuards guards;
    private final Announcements announce = new Announcements();
    private final Registry registry;

    public Models(Database database, Ledger ledger, Clock clock, Access access) {
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
        this.guards = new ModelGuards(access);
        this.versions = new VersionStore(database);
        this.models = new ModelStore(database, versions);
        this.registry = new Registry(database, ledger, clock, models, versions, guards, announce);
    }

    /** What the verbs of versions share with these. */
    Registry registry() {
        return registry;
    }

    /** Lets a room above refuse moves of aliases and stages that it protects. */
    public void guard(AliasGuard guard) {
        guards.add(guard);
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
            var subjects = new ArrayList<>(List.of(Registry.subject(name)));
            project.ifPresent(id -> subjects.add("project:" + id));
            guards.grants().own(by, Resource.model(name));
            ledger.append(by, "model.registered", subjects, Json.object());
            RegisteredModel model = registry.require(name);
            announce.created(model);
            return model;
        });
    }

    /** The model of that name, registered for the project when it is new. */
    public RegisteredModel ensure(Actor by, String name, String project) {
        return database.read(() -> models.find(name))
                .orElseGet(() -> create(by, name, Optional.empty(), Map.of(), Optional.of(project)));
    }

    /** Makes a project govern a model that nobody governs. */
    public void adopt(Actor by, String name, String project) {
        guards.requireRegister(by, Optional.of(project));
        database.write(() -> {
            RegisteredModel model = registry.requireWritable(by, name, Level.MANAGE);
            if (model.project().isPresent() && !model.project().get().equals(project)) {
                throw new Problem.Conflict(
                        "Model " + name + " belongs to project "
                                + model.project().get(),
                        "Choose another name.");
            }
            models.setProject(name, project);
            ledger.append(by, "model.adopted", List.of(Registry.subject(name), "project:" + project), Json.object());
        });
    }

    public RegisteredModel get(Actor by, String name) {
        return database.read(() -> {
            registry.requireReadable(by, name);
            ModelRules.requireName("name", name);
            return registry.require(name);
        });
    }

    /** Readable models that pass a filter; {@code limit} is 1 to 1000. */
    public Page<RegisteredModel> search(Actor by, String filter, List<String> orderBy, int limit, String token) {
        ModelRules.requireLimit(limit, MAX_PAGE);
        var clauses = SearchFilter.parse(filter, GRAMMAR);
        var orders = SearchOrder.parse(orderBy, GRAMMAR);
        Predicate<RegisteredModel> readable = guards.readable(by);
        return Page.filled(limit, token, readable, (most, from) -> {
            int offset = PageToken.offset(from);
            return database.read(() -> PageToken.page(models.search(clauses, orders, offset, most + 1), offset, most));
        });
    }

    public RegisteredModel describe(Actor by, String name, Optional<String> description) {
        ModelRules.requireDescription(description);
        return change(
                by,
                name,
                "model.described",
                Json.object().put("digest", Registry.digest(description)),
                () -> models.describe(name, description.orElse(null), clock.millis()));
    }

    /** Gives another name to a model with all its versions. */
    public RegisteredModel rename(Actor by, String name, String to) {
        ModelRules.requireName("new_name", to);
        guards.requireFree(by, known(name));
        guards.requireGate(by, GovernedAction.Kind.DELETE, known(name), "", "model:" + to);
        return database.write(() -> {
            models.lock();
            registry.requireWritable(by, name);
            if (!to.equals(name) && models.isTaken(to)) {
                throw new Problem.Conflict("Registered Model (name=" + to + ") already exists.", "");
            }
            if (!to.equals(name)) {
                models.rename(name, to, clock.millis());
                guards.grants().rename(Resource.model(name), to);
                ledger.append(
                        by,
                        "model.renamed",
                        List.of(Registry.subject(name), Registry.subject(to)),
                        Json.object().put("to", to));
            }
            return registry.require(to);
        });
    }

    /** Deletes a model with all its versions and aliases for good; the ledger keeps their story. */
    public void delete(Actor by, String name) {
        guards.requireFree(by, known(name));
        guards.requireLevel(by, name, known(name).project(), Level.MANAGE);
        guards.requireGate(by, GovernedAction.Kind.DELETE, known(name), "", "");
        database.write(() -> {
            models.lock();
            registry.requireWritable(by, name, Level.MANAGE);
            var subjects = new ArrayList<>(List.of(Registry.subject(name)));
            versions.all(name, 1_000).forEach(version -> subjects.add(version.subject()));
            models.delete(name);
            guards.grants().forget(Resource.model(name));
            ledger.append(by, "model.deleted", subjects, Json.object());
        });
    }

    public void setTag(Actor by, String name, String key, String value) {
        ModelRules.requireTag(key, value);
        change(by, name, "model.tagged", Registry.tag(key, value), () -> {
            announce.tagged(registry.require(name), key, Optional.of(value));
            models.setTag(name, key, value);
        });
    }

    /** Takes a tag away; fine when it is not there. */
    public void deleteTag(Actor by, String name, String key) {
        Names.requireText("key", key);
        database.write(() -> {
            announce.tagged(registry.requireWritable(by, name, Level.MANAGE), key, Optional.empty());
            if (models.deleteTag(name, key)) {
                ledger.append(
                        by,
                        "model.untagged",
                        Registry.subject(name),
                        Json.object().put("key", key));
            }
        });
    }

    /** Points an alias to a version, wherever it pointed before. */
    public void setAlias(Actor by, String name, String alias, long number) {
        ModelRules.requireAlias(alias);
        guards.requireAllowed(by, known(name), alias, Optional.of(number));
        guards.requireGate(by, GovernedAction.Kind.ALIAS, known(name), Long.toString(number), alias);
        database.write(() -> {
            models.lock();
            announce.aliased(registry.requireWritable(by, name), alias, Optional.of(number));
            ModelVersion version = registry.requireVersion(name, number);
            Optional<Long> before = models.alias(name, alias);
            models.setAlias(name, alias, number);
            models.touch(name, clock.millis());
            ObjectNode details = Json.object().put("alias", alias).put("version", number);
            before.ifPresent(old -> details.put("before", old));
            registry.record(by, "model.alias-set", version, details);
        });
    }

    /** Takes an alias away; fine when it is not there. */
    public void deleteAlias(Actor by, String name, String alias) {
        Names.requireText("alias", alias);
        guards.requireAllowed(by, known(name), alias, Optional.empty());
        Optional<Long> pointed = database.read(() -> models.alias(name, alias));
        if (pointed.isPresent()) {
            guards.requireGate(by, GovernedAction.Kind.ALIAS, known(name), Long.toString(pointed.get()), alias);
        }
        database.write(() -> {
            models.lock();
            announce.aliased(registry.requireWritable(by, name, Level.MANAGE), alias, Optional.empty());
            Optional<Long> before = models.alias(name, alias);
            if (before.isPresent()) {
                models.deleteAlias(name, alias);
                models.touch(name, clock.millis());
                ledger.append(
                        by,
                        "model.alias-deleted",
                        List.of(Registry.subject(name), ModelVersion.subject(name, before.get())),
                        Json.object().put("alias", alias));
            }
        });
    }

    /** The version that an alias points to; {@link Problem.Invalid} in MLflow's words when there is none. */
    public ModelVersion byAlias(Actor by, String name, String alias) {
        return findByAlias(by, name, alias)
                .orElseThrow(
                        () -> new Problem.Invalid("Registered model alias " + Names.shortened(alias) + " not found."));
    }

    /** The version that an alias points to; {@link Problem.NotFound} when there is no such model. */
    public Optional<ModelVersion> findByAlias(Actor by, String name, String alias) {
        Names.requireText("alias", alias);
        return database.read(() -> {
            registry.requireReadable(by, name);
            registry.require(name);
            return models.alias(name, alias).flatMap(number -> versions.find(name, number));
        });
    }

    private RegisteredModel change(Actor by, String name, String action, ObjectNode details, Runnable change) {
        return database.write(() -> {
            models.lock();
            registry.requireWritable(by, name);
            change.run();
            ledger.append(by, action, Registry.subject(name), details);
            return registry.require(name);
        });
    }

    private RegisteredModel known(String name) {
        return database.read(() -> {
            ModelRules.requireName("name", name);
            return registry.require(name);
        });
    }
}
