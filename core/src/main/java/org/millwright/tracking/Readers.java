package org.millwright.tracking;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Grants;
import org.millwright.identity.Resource;

/** Who may read what: everything of an experiment by the level on it, a project's runs by the roles in it as well. */
final class Readers {
    private final Access access;
    private final RunStore runs;

    Readers(Access access, RunStore runs) {
        this.access = access;
        this.runs = runs;
    }

    /** The experiments that the actor may read. */
    Grants.Readable experiments(Actor by) {
        return access.readable(by, Resource.Kind.EXPERIMENT);
    }

    /** The numbers of those experiments that the actor may read, each once. */
    List<Long> readable(Actor by, Collection<String> experimentIds) {
        List<Long> numbers =
                experimentIds.stream().map(Names::experimentNumber).distinct().toList();
        Grants.Readable readable = experiments(by);
        return readable.isAll()
                ? numbers
                : numbers.stream()
                        .filter(number -> readable.allows(Long.toString(number)))
                        .toList();
    }

    boolean mayRead(Actor by, long experiment) {
        return access.mayRead(by, Resource.experiment(experiment), Optional::empty);
    }

    boolean mayRead(Actor by, Run run) {
        return access.mayRead(by, Resource.experiment(run.experimentId()), run::project);
    }

    boolean mayRead(Actor by, LoggedModel model) {
        return access.mayRead(by, Resource.experiment(model.experimentId()), () -> project(model));
    }

    void require(Actor by, long experiment) {
        access.requireRead(by, Resource.experiment(experiment), Optional::empty);
    }

    /** Refuses whoever may not read the experiment of that id, be there one or not. */
    void require(Actor by, String experiment) {
        access.requireRead(by, Resource.experiment(experiment), Optional::empty);
    }

    void require(Actor by, Run run) {
        access.requireRead(by, Resource.experiment(run.experimentId()), run::project);
    }

    /** Refuses whoever may not read the run; inside a transaction. */
    void require(Actor by, RunStore.Head run) {
        access.requireRead(by, Resource.experiment(run.experimentId()), () -> runs.tag(run, Run.PROJECT_TAG));
    }

    /** Refuses whoever may not read each of the runs that there are; inside a transaction. */
    void requireAll(Actor by, Collection<String> runIds) {
        if (!experiments(by).isAll()) {
            runIds.stream().flatMap(id -> runs.find(id).stream()).forEach(run -> require(by, run));
        }
    }

    /** Refuses whoever may not read the logged model; inside a transaction. */
    void require(Actor by, LoggedModel model) {
        access.requireRead(by, Resource.experiment(model.experimentId()), () -> project(model));
    }

    private Optional<String> project(LoggedModel model) {
        return model.sourceRunId().flatMap(runs::find).flatMap(run -> runs.tag(run, Run.PROJECT_TAG));
    }
}
