package org.millwright.registry;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Grants;
import org.millwright.identity.Level;
import org.millwright.identity.Permission;
import org.millwright.identity.Resource;

/** Who may write a model, and what rooms above protect in it. */
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

    /** Refuses whoever may not register in the project that governs a model, or in the installation without one. */
    void requireRegister(Actor by, Optional<String> project) {
        if (project.isPresent()) {
            access.require(by, Permission.REGISTER, project.get());
        } else {
            access.require(by, Permission.REGISTER);
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
