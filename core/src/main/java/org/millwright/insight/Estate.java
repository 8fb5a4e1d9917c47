package org.millwright.insight;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.millwright.project.Agreement;
import org.millwright.project.Project;

/** What there was at a moment that maturity is asked of: approved projects, and the model versions in production. */
record Estate(long at, List<Held> projects, List<Serving> production) {
    Estate {
        projects = List.copyOf(projects);
        production = List.copyOf(production);
    }

    /**
     * A project.
     *
     * @param story up to the moment
     * @param agreement in force at the moment
     */
    record Held(String name, Story story, Optional<Agreement> agreement) {
        String ref() {
            return Project.ref(name);
        }

        /** The first event of an action. */
        Optional<Event> first(String... actions) {
            return Stream.of(actions)
                    .flatMap(action -> story.acted(action).stream().limit(1))
                    .min(Comparator.comparingLong(Event::at));
        }
    }

    /**
     * A version in production.
     *
     * @param project that governs it
     * @param data data sets that it came from
     * @param judged the first window of its deployment that was judged, if one was
     * @param outcomes the first outcomes that came for its deployment
     */
    record Serving(
            String ref,
            String deployment,
            Held project,
            Set<String> data,
            Optional<String> judged,
            Optional<String> outcomes) {

        /** The first event of an action about the version. */
        Optional<Event> first(String... actions) {
            return project.story().first(ref, actions);
        }

        /** The first event of an action about its deployment. */
        Optional<Event> atDeployment(String... actions) {
            return project.story().first("deployment:" + deployment, actions);
        }

        /** The run that made it. */
        Optional<String> run() {
            return first("model.version-certified")
                    .flatMap(event -> event.about("run"))
                    .map(id -> "run:" + id);
        }

        /** The first event of an action about that run. */
        Optional<Event> ofRun(String... actions) {
            return run().flatMap(run -> project.story().first(run, actions));
        }
    }
}
