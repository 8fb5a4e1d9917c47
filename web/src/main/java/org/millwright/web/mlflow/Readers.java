package org.millwright.web.mlflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.millwright.identity.Actor;
import org.millwright.identity.Grants;
import org.millwright.identity.Level;
import org.millwright.identity.Resource;
import org.millwright.kernel.Page;
import org.millwright.tracking.LoggedModel;
import org.millwright.tracking.Run;

/** Who may read what: everything of an experiment by the level on it, everything of a registered model by that one. */
final class Readers {
    private final Grants grants;

    Readers(Grants grants) {
        this.grants = grants;
    }

    void requireExperiment(Actor by, String id) {
        grants.require(by, Resource.experiment(id), Level.READ);
    }

    /** Whether the actor may read every experiment. */
    boolean isAll(Actor by) {
        return grants.readable(by, Resource.Kind.EXPERIMENT).isAll();
    }

    Run require(Actor by, Run run) {
        requireExperiment(by, run.experimentId());
        return run;
    }

    LoggedModel require(Actor by, LoggedModel model) {
        requireExperiment(by, model.experimentId());
        return model;
    }

    void requireModel(Actor by, String name) {
        grants.require(by, Resource.model(name), Level.READ);
    }

    /** The path of the artifact tree belongs to the experiment of its first part. */
    void requirePath(Actor by, String path) {
        int slash = path.indexOf('/');
        String first = slash < 0 ? path : path.substring(0, slash);
        if (!first.isEmpty() && !isAll(by)) {
            requireExperiment(by, first);
        }
    }

    /** Those of the experiments that the actor may read. */
    List<String> readable(Actor by, List<String> experimentIds) {
        var readable = grants.readable(by, Resource.Kind.EXPERIMENT);
        return readable.isAll()
                ? experimentIds
                : experimentIds.stream()
                        .filter(id -> readable.allows(id.strip()))
                        .toList();
    }

    /**
     * A page of what the actor may read, filled up from the pages after it.
     *
     * @param search gives a page for a limit and a token
     * @param id names what the right is on
     */
    <T> Page<T> page(
            Actor by,
            Resource.Kind kind,
            int limit,
            String token,
            BiFunction<Integer, String, Page<T>> search,
            Function<T, String> id) {
        var readable = grants.readable(by, kind);
        Page<T> page = search.apply(limit, token);
        if (readable.isAll()) {
            return page;
        }
        var kept = new ArrayList<T>();
        while (true) {
            page.items().stream()
                    .filter(item -> readable.allows(id.apply(item)))
                    .forEach(kept::add);
            Optional<String> next = page.next();
            if (next.isEmpty() || kept.size() >= limit) {
                return new Page<>(kept, next);
            }
            page = search.apply(limit - kept.size(), next.get());
        }
    }
}
