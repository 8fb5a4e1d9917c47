package org.millwright.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.GovernedAction;
import org.millwright.identity.Grants;
import org.millwright.identity.Level;
import org.millwright.identity.Permission;
import org.millwright.identity.Resource;
import org.millwright.kernel.Json;

/** Who may read and write a model, and what rooms above protect in it. */
final class ModelGuards {
    private final Access access;
    private final List<AliasGuard> guards = new CopyOnWriteArrayList<>();

    ModelGuards(Access access) {
        this.access = access;
    }

    void add(AliasGuard guard) {
        guards.add(guard);
    }

    Grants grants() {
        return access.grants();
    }

    /** Refuses whoever may not read the model of a name; {@code project} tells which one governs it. */
    void requireRead(Actor by, String name, Supplier<Optional<String>> project) {
        access.requireRead(by, Resource.model(name), project);
    }

    /** Which models an actor may read. */
    Predicate<RegisteredModel> readable(Actor by) {
        Grants.Readable readable = access.readable(by, Resource.Kind.REGISTERED_MODEL);
        return model -> readable.allows(model.name()) || readsIn(by, model.project());
    }

    /** Which models an actor may read by their names; {@code project} tells which one governs a model. */
    Predicate<String> readable(Actor by, Function<String, Optional<String>> project) {
        Grants.Readable readable = access.readable(by, Resource.Kind.REGISTERED_MODEL);
        var governed = new HashMap<String, Boolean>();
        return name ->
                readable.allows(name) || governed.computeIfAbsent(name, each -> readsIn(by, project.apply(each)));
    }

    private boolean readsIn(Actor by, Optional<String> project) {
        return project.isPresent() && access.allows(by, Permission.READ, project);
    }

    /** Refuses whoever may not register in the project that governs a model, or in the installation without one. */
    void requireRegister(Actor by, Optional<String> project) {
        if (project.isPresent()) {
            access.require(by, Permission.REGISTER, project.get());
        } else {
            access.require(by, Permission.REGISTER);
        }
    }

    /** Refuses whoever may not have versions of the model certified. */
    void requireCertify(Actor by, Optional<String> project) {
        if (project.isPresent()) {
            access.require(by, Permission.CERTIFY, project.get());
        } else {
            access.require(by, Permission.CERTIFY);
        }
    }

    /** Refuses whoever may not change a model: the project's roles say so, or its owner where no project does. */
    void requireLevel(Actor by, String name, Optional<String> project, Level needed) {
        requireRegister(by, project);
        if (project.isEmpty()) {
            access.grants().require(by, Resource.model(name), needed);
        }
    }

    /** Refuses to move an alias or stage that is protected; outside transactions, as guards may write. */
    void requireAllowed(Actor by, RegisteredModel model, String aliasOrStage, Optional<Long> version) {
        requireLevel(by, model.name(), model.project(), Level.EDIT);
        guards.forEach(guard -> guard.check(by, model, aliasOrStage, version));
    }

    /** Refuses what policies refuse; outside transactions, as what they decide is written down. */
    void requireGate(Actor by, GovernedAction.Kind kind, RegisteredModel model, String version, String target) {
        requireGate(by, kind, model, version, target, Json.object());
    }

    void requireGate(
            Actor by,
            GovernedAction.Kind kind,
            RegisteredModel model,
            String version,
            String target,
            JsonNode details) {
        String subject = "model:" + model.name() + (version.isEmpty() ? "" : "/" + version);
        access.requireGate(by, new GovernedAction(kind, subject, target, model.project(), details));
    }

    /** Refuses to rename or delete a model of which an alias or a stage is protected. */
    void requireFree(Actor by, RegisteredModel model) {
        requireLevel(by, model.name(), model.project(), Level.EDIT);
        var names = new TreeSet<>(model.aliases().keySet());
        model.latest().stream()
                .map(ModelVersion::stage)
                .filter(Stage::isActive)
                .forEach(stage -> names.add(stage.text()));
        for (String name : names) {
            guards.forEach(guard -> guard.check(by, model, name, Optional.empty()));
        }
    }
}
